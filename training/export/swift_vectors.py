"""What the Swift kit's tests compare its core with: pictures, faces and films, and what Mien itself makes of them."""

from __future__ import annotations

import base64
import json
import math
from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from models.box import Box
from models.card import Sureness
from models.crop import face_crop
from models.finder import FoundFace
from models.quality import Quality, quality_of
from models.steady_doubt import SteadyDoubts
from models.sureness import doubt
from models.tracker import Tracker

SIDE = 48
"""Of the crops."""
FACES, FRAMES = 24, 120
FACE = np.array([[-0.17, -0.13], [0.17, -0.13], [0.0, 0.05], [-0.13, 0.23], [0.13, 0.23]])
"""An upright face's points, in its box's heights from the middle."""


def vectors(labels: Sequence[str], seed: int = 0, *, faces: int = FACES, longest: int = 96) -> dict[str, str]:
    """The tests' resources, JSON by file name. `longest`: pixels of the pictures' longer side at most."""
    random = np.random.default_rng(seed)
    made = {
        "Faces.json": {"faces": [_face(random, labels, longest, plain=number % 2 == 0) for number in range(faces)]},
        "Outlines.json": {"outlines": _outlines()},
        "Film.json": {"margin": 0.3, "quality": 0.5, "frames": _film(random, labels, FRAMES)},
    }
    return {name: json.dumps(value, ensure_ascii=False, allow_nan=False) + "\n" for name, value in made.items()}


def _face(random: np.random.Generator, labels: Sequence[str], longest: int, *, plain: bool) -> dict[str, Any]:
    width, height = (int(length) for length in random.integers(64 if plain else 20, longest, 2))
    picture = _picture(random, width, height)
    found = _plain_face(random, width, height) if plain else _any_face(random, width, height)
    crop = face_crop(picture, found.points, SIDE, found.box)
    quality = quality_of(crop, width, height, found)
    logits = random.normal(0, random.uniform(0.5, 4), len(labels))
    probabilities = (np.exp(logits) / np.exp(logits).sum()).astype(np.float32)
    limits = Sureness(margin=random.uniform(0, 0.9), quality=random.uniform(0, 0.6), right=1, answered=1)
    no_points = np.isnan(found.points).all() and bool(random.integers(2))
    points = [[x if math.isfinite(x) else None for x in row] for row in _list(found.points)]
    pixels = picture if picture.ndim == 2 else cv2.cvtColor(picture, cv2.COLOR_RGB2BGRA)
    return {
        "width": width,
        "height": height,
        "channels": 1 if picture.ndim == 2 else 4,
        "pixels": _base64(pixels),
        "box": found.box.as_tuple(),
        "points": None if no_points else points,
        "crop": _base64(crop),
        "score": quality.score,
        "faults": quality.faults,
        "margin": limits.margin,
        "quality": limits.quality,
        "probabilities": _list(probabilities),
        "label": labels[int(logits.argmax())],
        "doubt": doubt(probabilities, quality, limits, labels),
    }


def _picture(random: np.random.Generator, width: int, height: int) -> NDArray[np.uint8]:
    """Patches of light and shade with noise, in grey or in colour."""
    channels, detail = int(random.choice([1, 3])), int(random.choice([3, 20, 60]))
    patches = random.integers(0, 256, (detail, detail, channels), dtype=np.uint8)
    large = cv2.resize(patches, (width, height), interpolation=cv2.INTER_CUBIC)
    noisy = large + random.normal(0, random.choice([0, 4, 30]), large.shape)
    pixels: NDArray[np.uint8] = (noisy * random.uniform(0.1, 1)).clip(0, 255).astype(np.uint8)
    return pixels


def _plain_face(random: np.random.Generator, width: int, height: int) -> FoundFace:
    """A face that looks here from the middle of a picture: only its pixels speak against it."""
    size = random.uniform(0.7, 0.9) * min(width, height)
    points = _turned(FACE, random.uniform(-0.3, 0.3)) * size
    return _face_at(points, np.array([width / 2, height / 2]), size)


def _any_face(random: np.random.Generator, width: int, height: int) -> FoundFace:
    """A face anywhere, of any size, turned, in profile, over the edge; some have points that are none."""
    size = math.exp(random.uniform(math.log(8), math.log(1.5 * height)))
    points = _turned(FACE * [random.uniform(0.2, 1.1), 1], random.uniform(-math.pi, math.pi)) * size
    found = _face_at(
        points + random.normal(0, 0.02 * size, points.shape), random.uniform(0, 1, 2) * [width, height], size
    )
    odd = random.integers(12)
    if odd == 0:
        found.points[:] = np.nan
    elif odd == 1:
        found.points[:] = found.points.mean(0)
    elif odd == 2:
        found.points[4] = 1e7
    return found


def _face_at(points: NDArray[np.float64], centre: NDArray[np.float64], size: float) -> FoundFace:
    box = Box(float(centre[0] - 0.4 * size), float(centre[1] - size / 2), 0.8 * size, size)
    return FoundFace(box, 1.0, (points + centre).astype(np.float32))


def _outlines() -> list[dict[str, Any]]:
    """Pupils in either order, a nose's ridge and lips at any angle, with the five points that they give."""
    eye, other_eye, tip, corner, other_corner = FACE
    lips = np.array([corner, [-0.05, 0.2], [0.06, 0.21], other_corner, [0.04, 0.27], [-0.05, 0.28]])
    ridge = np.array([[0, -0.1], [0.01, -0.02], tip])
    outlines: list[dict[str, Any]] = []
    for step in range(24):
        angle, order = step * math.pi / 12, [0, 1] if step % 2 else [1, 0]
        parts = {"pupils": np.array([eye, other_eye])[order], "nose": ridge, "lips": np.roll(lips, step, 0)}
        placed = {name: _list(_turned(part, angle) * 90 + 200) for name, part in parts.items()}
        outlines.append({**placed, "points": _list(_turned(FACE, angle) * 90 + 200)})
    beside = {"pupils": [[0, 0], [2, 0]], "nose": [[1, 1]], "lips": [[3, 0], [5, 0]], "points": None}
    nothing = {"pupils": [[0, 0], [2, 0]], "nose": [], "lips": [[1, 3]], "points": None}
    return [*outlines, beside, nothing]


def _film(random: np.random.Generator, labels: Sequence[str], frames: int) -> list[dict[str, Any]]:
    """Two faces that wander, tremble, cross, leave for a while and come back; their light and expressions change."""
    tracker, time, film = Tracker(), 0.0, []
    doubts = SteadyDoubts(Sureness(margin=0.3, quality=0.5, right=1, answered=1), labels)
    for step in range(frames):
        time += float(random.choice([0.03, 0.05, 0.2, 1.0], p=[0.6, 0.3, 0.09, 0.01]))
        found, scores = [], []
        for face in range(2):
            if random.random() < 0.1:
                continue
            middle = np.array([200 + 150 * math.sin(0.07 * step + 3 * face), 150.0]) + random.normal(0, 1, 2)
            box = Box(middle[0] - 40, middle[1] - 50, 80 + random.normal(), 100 + random.normal())
            found.append(FoundFace(box, 1.0, (FACE * 100 + middle).astype(np.float32)))
            scores.append(1.0 if math.sin(0.2 * step + face) > -0.5 else float(random.uniform(0.3, 0.6)))
        rows = random.dirichlet([0.5] * len(labels), len(found)).astype(np.float32)
        tracks = tracker.update(tracker.steadied(found, time), rows, time)
        doubts.forget_others([track.id for track in tracks])
        told = []
        for track, score in zip(tracks, scores, strict=True):
            quality = Quality(score, ("dark",) if score < 1 else ())
            told.append(
                {
                    "id": track.id,
                    "box": track.face.box.as_tuple(),
                    "points": _list(track.face.points),
                    "probabilities": _list(track.probabilities),
                    "doubt": doubts.update(track.id, track.probabilities, quality, time),
                }
            )
        film.append(
            {
                "time": time,
                "boxes": [face.box.as_tuple() for face in found],
                "points": [_list(face.points) for face in found],
                "probabilities": _list(rows),
                "scores": scores,
                "told": told,
            }
        )
    return film


def _turned(points: NDArray[np.float64], angle: float) -> NDArray[np.float64]:
    cosine, sine = math.cos(angle), math.sin(angle)
    return np.asarray(points @ np.array([[cosine, sine], [-sine, cosine]]))


def _list(values: NDArray[np.floating]) -> list[Any]:
    found: list[Any] = np.asarray(values, np.float64).tolist()
    return found


def _base64(pixels: NDArray[np.uint8]) -> str:
    return base64.b64encode(np.ascontiguousarray(pixels).tobytes()).decode()
