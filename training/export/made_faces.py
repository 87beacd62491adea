"""Faces that are made up, in pictures and in a film, and what Mien tells of the film: kits are held against them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from models.box import Box
from models.card import Sureness
from models.crop import Pixels
from models.finder import FoundFace
from models.quality import Quality
from models.steady_doubt import SteadyDoubts
from models.tracker import Track, Tracker

UPRIGHT = np.array([[-0.17, -0.13], [0.17, -0.13], [0.0, 0.05], [-0.13, 0.23], [0.13, 0.23]])
"""An upright face's points, in its box's heights from the middle."""


@dataclass(frozen=True)
class FilmFrame:
    """A film's frame and what Mien tells of it.

    Attributes:
        time: in seconds.
        found: its faces, as a finder gives them; `probabilities` (N, C) and `scores` (quality) are theirs.
        told: for each of them its track, and its doubt ("" for none).
    """

    time: float
    found: list[FoundFace]
    probabilities: NDArray[np.float32]
    scores: list[float]
    told: list[tuple[Track, str]]


def made_picture(random: np.random.Generator, width: int, height: int, channels: int) -> Pixels:
    """Patches of light and shade, coarse or fine, with noise: (height, width) or (height, width, 3)."""
    detail = int(random.choice([3, 20, 60]))
    patches = random.integers(0, 256, (detail, detail, channels), dtype=np.uint8)
    large = cv2.resize(patches, (width, height), interpolation=cv2.INTER_CUBIC)
    noisy = large + random.normal(0, random.choice([0, 4, 30]), large.shape)
    return np.asarray((noisy * random.uniform(0.1, 1)).clip(0, 255), np.uint8)


def plain_face(random: np.random.Generator, width: int, height: int) -> FoundFace:
    """A face that looks here from the middle of a picture: only its pixels speak against it."""
    size = random.uniform(0.7, 0.9) * min(width, height)
    points = turned(UPRIGHT, random.uniform(-0.3, 0.3)) * size
    return _face_at(points, np.array([width / 2, height / 2]), size)


def any_face(random: np.random.Generator, width: int, height: int) -> FoundFace:
    """A face anywhere, of any size, turned, in profile, over the edge; some have points that are none."""
    size = math.exp(random.uniform(math.log(8), math.log(2 * height)))
    points = turned(UPRIGHT * [random.uniform(0.2, 1.1), 1], random.uniform(-math.pi, math.pi)) * size
    points += random.normal(0, 0.02 * size, points.shape)
    found = _face_at(points, random.uniform(0, 1, 2) * [width, height], size)
    odd = random.integers(12)
    if odd == 0:
        found.points[:] = np.nan
    elif odd == 1:
        found.points[:] = found.points.mean(0)
    elif odd == 2:
        found.points[4] = 1e7
    return found


def film(random: np.random.Generator, labels: Sequence[str], limits: Sureness, frames: int) -> Iterator[FilmFrame]:
    """Two faces that wander, tremble, cross, leave for a while and come back; their light and expressions change."""
    tracker, doubts, time = Tracker(), SteadyDoubts(limits, labels), 0.0
    for step in range(frames):
        time += float(random.choice([0.03, 0.05, 0.2, 1.0], p=[0.6, 0.3, 0.09, 0.01]))
        found, scores = [], []
        for face in range(2):
            if random.random() < 0.1:
                continue
            middle = np.array([200 + 150 * math.sin(0.07 * step + 3 * face), 150.0]) + random.normal(0, 1, 2)
            box = Box(middle[0] - 40, middle[1] - 50, 80 + random.normal(), 100 + random.normal())
            found.append(FoundFace(box, 1.0, (UPRIGHT * 100 + middle).astype(np.float32)))
            scores.append(1.0 if math.sin(0.2 * step + face) > -0.5 else float(random.uniform(0.3, 0.6)))
        rows = random.dirichlet([0.5] * len(labels), len(found)).astype(np.float32).reshape(-1, len(labels))
        tracks = tracker.update(tracker.steadied(found, time), rows, time)
        doubts.forget_others([track.id for track in tracks])
        told = []
        for track, score in zip(tracks, scores, strict=True):
            quality = Quality(score, ("dark",) if score < 1 else ())
            told.append((track, doubts.update(track.id, track.probabilities, quality, time)))
        yield FilmFrame(time, found, rows, scores, told)


def turned(points: NDArray[np.float64], angle: float) -> NDArray[np.float64]:
    """Points (N, 2), turned about (0, 0) by so many radians, clockwise as a picture is seen."""
    cosine, sine = math.cos(angle), math.sin(angle)
    return np.asarray(points @ np.array([[cosine, sine], [-sine, cosine]]))


def _face_at(points: NDArray[np.float64], centre: NDArray[np.float64], size: float) -> FoundFace:
    box = Box(float(centre[0] - 0.4 * size), float(centre[1] - size / 2), 0.8 * size, size)
    return FoundFace(box, 1.0, (points + centre).astype(np.float32))
