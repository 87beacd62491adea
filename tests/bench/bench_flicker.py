"""How much what is said of a still face flickers in a camera's noise, by what it is cut out by."""

from __future__ import annotations

import argparse
import dataclasses
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from models.finder import FoundFace
from models.frame import Frame
from models.pictures import RGB, decode
from models.predictor import Predictor
from models.tracker import Tracker
from models.versions import Versions
from tests.serving import jpeg

RATE = 30
SETTLED = 4
"""Frames after which a track has found its place."""


def measure(arguments: Sequence[str]) -> dict[str, Any]:
    """Label changes in 100 frames, and by how much probability moves from frame to frame, before it is smoothed."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench flicker", description=__doc__)
    parser.add_argument("pictures", type=Path, help="a folder with photographs of faces")
    parser.add_argument("--most", type=int, default=35, help="so many of them, spread over all")
    parser.add_argument("--frames", type=int, default=30)
    parser.add_argument("--noise", type=float, default=8, help="standard deviation, of 255")
    options = parser.parse_args(arguments)
    predictor = Predictor(Versions(options.pictures).get(0))
    paths = sorted(path for path in options.pictures.rglob("*") if path.suffix.lower() in (".jpg", ".jpeg", ".png"))
    flicker: dict[str, list[tuple[float, float]]] = {}
    for path in paths[:: max(1, len(paths) // options.most)][: options.most]:
        answers: dict[str, list[NDArray[np.float32]]] = {}
        for cut_by in _answers(predictor, _still(decode(path.read_bytes())), options.frames, options.noise):
            for name, row in cut_by.items():
                answers.setdefault(name, []).append(row)
        for name, rows in answers.items():
            flicker.setdefault(name, []).append(_flicker(np.stack(rows)[SETTLED:]))
    means = {name: np.mean(figures, 0) for name, figures in flicker.items()}
    return {
        "faces": len(next(iter(flicker.values()), [])),
        "noise": options.noise,
        **{
            name: {"label_changes_in_100_frames": round(100 * changes, 2), "probability_moved": round(moved, 4)}
            for name, (changes, moved) in means.items()
        },
    }


def _still(photograph: RGB) -> NDArray[np.float32]:
    """What the camera looks at: 640 × 480 with a photograph in the middle."""
    scale = 300 / max(photograph.shape[:2])
    small = cv2.resize(photograph, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    scene = np.full((480, 640, 3), 110, np.float32)
    scene[90 : 90 + small.shape[0], 170 : 170 + small.shape[1]] = small
    return scene


def _answers(
    predictor: Predictor, scene: NDArray[np.float32], frames: int, noise: float
) -> Iterator[dict[str, NDArray[np.float32]]]:
    """Of each frame in which the face is found: what is said of it, by what it is cut out by."""
    tracker, random, first = Tracker(), np.random.default_rng(0), None
    for step in range(frames):
        grain = random.normal(0, noise, scene.shape)
        frame = Frame(jpeg((scene + grain).clip(0, 255).astype(np.uint8), 80))
        found: FoundFace | None = next(iter(frame.faces()), None)
        first = first or found
        if found is None or first is None or found.box.overlap(first.box) < 0.5:
            continue
        (steady,) = tracker.steadied([found], step / RATE)
        by_box = dataclasses.replace(found, points=np.full((5, 2), np.nan, np.float32))
        cut_by = {"box": by_box, "points as found": found, "points steadied": steady, "points that stay": first}
        rows = predictor.classify([frame.crop(face, predictor.side) for face in cut_by.values()])
        tracker.update([steady], rows[2:3], step / RATE)
        yield dict(zip(cut_by, rows, strict=True))


def _flicker(rows: NDArray[np.float32]) -> tuple[float, float]:
    """Of answers (T, C), one a frame: the share of label changes, and the mean probability that moved."""
    if len(rows) < 2:
        return 0.0, 0.0
    labels = rows.argmax(1)
    return float((labels[1:] != labels[:-1]).mean()), float(np.abs(np.diff(rows, axis=0)).sum(1).mean() / 2)
