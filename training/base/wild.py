"""Photographs that are not FER+'s: how often a model is right on them, and whether it hangs on who found the face.

A zip of pictures with `wild.csv`: `file`, `label`, and of each the box and five points that MediaPipe sees
(`box_x … box_h`, `left_eye_x … right_mouth_y`), in pixels. For measuring only: nothing is trained or chosen on them.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from models.box import Box
from models.card import WildTally
from models.crop import face_crop
from models.errors import MienError
from models.finder import STILL_SIDE, FaceFinder
from models.pictures import RGB, BadImage, decode
from training.base.ferplus import EXPRESSIONS, SIDE
from training.base.resampling import Bootstrap, mean_recall, share
from training.base.scored_answers import probabilities

FIVE = ("anger", "surprise", "neutral", "happiness", "sadness")
"""The expressions with enough photographs that people can recognise."""
POINTS = ("left_eye", "right_eye", "nose", "left_mouth", "right_mouth")
MOST_BYTES = 20 * 2**20
"""A picture unpacked."""


class BadWild(MienError):
    """A file is no zip of photographs with `wild.csv`, or is damaged; the message names it."""


@dataclass(frozen=True)
class Photograph:
    """A picture with what it shows, and the face's box and points (5, 2) as MediaPipe sees them."""

    picture: RGB
    label: str
    box: Box
    points: NDArray[np.float32]


def photographs(path: Path) -> Iterator[Photograph]:
    """The photographs in a zip, one by one. Raises BadWild where it is none."""
    try:
        with zipfile.ZipFile(path) as archive, archive.open("wild.csv") as file:
            for row in csv.DictReader(io.TextIOWrapper(file, "utf-8", newline="")):
                name = f"images/{row['file']}"
                if archive.getinfo(name).file_size > MOST_BYTES:
                    raise BadWild(f"{path}: {name} is too large.")
                box = Box(*(float(row[f"box_{each}"]) for each in "xywh"))
                points = [[float(row[f"{point}_{axis}"]) for axis in "xy"] for point in POINTS]
                if row["label"] not in EXPRESSIONS:
                    raise BadWild(f"{path}: {row['label'][:50]!r} is no expression of FER+.")
                yield Photograph(decode(archive.read(name)), row["label"], box, np.array(points, np.float32))
    except (OSError, zipfile.BadZipFile, KeyError, ValueError, TypeError, BadImage) as error:
        raise BadWild(f"{path} is no zip of photographs with wild.csv ({error}).") from error


def measure_wild(session: onnxruntime.InferenceSession, path: Path) -> WildTally:
    """How the model (`models.onnx_model`, its labels `EXPRESSIONS`) does on the photographs in the zip.

    Raises:
        BadWild: it is none.
    """
    finder = FaceFinder(STILL_SIDE)
    labels: list[str] = []
    found: list[bool] = []
    by_yunet: list[NDArray[np.uint8]] = []
    by_mediapipe: list[NDArray[np.uint8]] = []
    for photograph in photographs(path):
        faces = finder.find(photograph.picture)
        face = max(faces, key=lambda each: each.box.overlap(photograph.box), default=None)
        there = face is not None and face.box.overlap(photograph.box) > 0
        labels.append(photograph.label)
        found.append(there)
        other = face_crop(photograph.picture, photograph.points, SIDE, photograph.box)
        by_mediapipe.append(other)
        by_yunet.append(face_crop(photograph.picture, face.points, SIDE, face.box) if face and there else other)
    if not set(labels) & set(FIVE):
        raise BadWild(f"{path} names no photographs of {', '.join(FIVE)}: wild.csv should.")
    seen, true = np.array(found), np.array([EXPRESSIONS.index(label) for label in labels])
    answer, again = (probabilities(session, np.stack(crops)).argmax(1) for crops in (by_yunet, by_mediapipe))
    right, bootstrap = (answer == true) & seen, Bootstrap(len(true))
    recalls = {label: right[true == EXPRESSIONS.index(label)] for label in FIVE if label in labels}
    return WildTally(
        faces=len(true),
        found=int(seen.sum()),
        mean_recall=bootstrap.estimate(mean_recall(right, true, map(EXPRESSIONS.index, recalls))),
        recall={label: float(each.mean()) for label, each in recalls.items()},
        same_label=bootstrap.estimate(share(answer == again, seen)),
    )
