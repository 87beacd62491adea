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

from models.card import Sureness
from models.crop import face_crop
from models.quality import quality_of
from models.sureness import doubt
from training.export.made_faces import UPRIGHT, FilmFrame, any_face, film, made_picture, plain_face, turned

SIDE = 48
"""Of the crops."""
FACES, FRAMES = 24, 120
LONGEST = 96
"""Pixels of the pictures' sides."""
LIMITS = Sureness(margin=0.3, quality=0.5, right=1, answered=1)
"""Of the film."""


def vectors(labels: Sequence[str], seed: int = 0) -> dict[str, str]:
    """The tests' resources, JSON by file name."""
    random = np.random.default_rng(seed)
    made = {
        "Faces.json": {"faces": [_face(random, labels, plain=number % 2 == 0) for number in range(FACES)]},
        "Outlines.json": {"outlines": _outlines()},
        "Film.json": {
            "margin": LIMITS.margin,
            "quality": LIMITS.quality,
            "frames": [_frame(frame) for frame in film(random, labels, LIMITS, FRAMES)],
        },
    }
    return {name: json.dumps(value, ensure_ascii=False, allow_nan=False) + "\n" for name, value in made.items()}


def _face(random: np.random.Generator, labels: Sequence[str], *, plain: bool) -> dict[str, Any]:
    width, height = (int(length) for length in random.integers(64 if plain else 20, LONGEST, 2))
    picture = made_picture(random, width, height, channels=int(random.choice([1, 3])))
    found = plain_face(random, width, height) if plain else any_face(random, width, height)
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


def _outlines() -> list[dict[str, Any]]:
    """Pupils in either order, a nose's ridge and lips at any angle, with the five points that they give."""
    eye, other_eye, tip, corner, other_corner = UPRIGHT
    lips = np.array([corner, [-0.05, 0.2], [0.06, 0.21], other_corner, [0.04, 0.27], [-0.05, 0.28]])
    ridge = np.array([[0, -0.1], [0.01, -0.02], tip])
    outlines: list[dict[str, Any]] = []
    for step in range(24):
        angle, order = step * math.pi / 12, [0, 1] if step % 2 else [1, 0]
        parts = {"pupils": np.array([eye, other_eye])[order], "nose": ridge, "lips": np.roll(lips, step, 0)}
        placed = {name: _list(turned(part, angle) * 90 + 200) for name, part in parts.items()}
        outlines.append({**placed, "points": _list(turned(UPRIGHT, angle) * 90 + 200)})
    beside = {"pupils": [[0, 0], [2, 0]], "nose": [[1, 1]], "lips": [[3, 0], [5, 0]], "points": None}
    nothing = {"pupils": [[0, 0], [2, 0]], "nose": [], "lips": [[1, 3]], "points": None}
    return [*outlines, beside, nothing]


def _frame(frame: FilmFrame) -> dict[str, Any]:
    return {
        "time": frame.time,
        "boxes": [face.box.as_tuple() for face in frame.found],
        "points": [_list(face.points) for face in frame.found],
        "probabilities": _list(frame.probabilities),
        "scores": frame.scores,
        "told": [
            {
                "id": track.id,
                "box": track.face.box.as_tuple(),
                "points": _list(track.face.points),
                "probabilities": _list(track.probabilities),
                "doubt": told,
            }
            for track, told in frame.told
        ],
    }


def _list(values: NDArray[np.floating]) -> list[Any]:
    found: list[Any] = np.asarray(values, np.float64).tolist()
    return found


def _base64(pixels: NDArray[np.uint8]) -> str:
    return base64.b64encode(np.ascontiguousarray(pixels).tobytes()).decode()
