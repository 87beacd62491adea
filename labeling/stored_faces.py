"""Faces on their way into the data set and out of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from models.box import Box

Points = NDArray[np.float32]
"""A face's five points (`models.finder.FoundFace.points`), in its image's pixels."""


@dataclass(frozen=True)
class FacePlace:
    """Where in its image a face is; by its box where it has no points. Somebody took it for a face: certainty 1."""

    box: Box
    points: Points | None
    certainty: float = 1.0


@dataclass(frozen=True)
class StoredCrop:
    """A face ready to be stored; `labeling.intake` makes them.

    `data` is a JPEG or PNG square without metadata, `box` and `points` the face inside it in its pixels (no points: it
    is taken by its box), `hash` 64 perceptual bits,
    `thumbnail` None where the picture itself is small. `sharpness` is the variance of the Laplacian and `brightness`
    the mean grey value (0…255), both of the face at 96×96.
    """

    data: bytes
    width: int
    height: int
    box: Box
    sha256: str
    hash: int
    thumbnail: bytes | None
    sharpness: float
    brightness: float
    points: Points | None = None


@dataclass(frozen=True)
class Guess:
    """What model `version` took a face for, and its certainty 0…1."""

    label: str
    certainty: float
    version: int


@dataclass(frozen=True)
class Added:
    """What became of a face: its row, and whether it is new. A "near-duplicate" was left out of its burst."""

    image_id: int
    state: Literal["added", "duplicate", "near-duplicate"]


@dataclass(frozen=True)
class NewFace:
    """A crop with all that is known of it; `answer` is "label", "skip", "not_a_face" or "" (none yet)."""

    crop: StoredCrop
    label: str | None = None
    subject: str | None = None
    session: str | None = None
    source: str = "upload"
    created: datetime | None = None
    guess: Guess | None = None
    answer: str = ""
    flags: tuple[str, ...] = ()
    burst: bool = False
    relabel: bool = False


@dataclass(frozen=True)
class LabelledFace:
    """What there is to know of a labelled face without its bytes; `sha256` is theirs, `box` the face in its pixels."""

    image_id: int
    sha256: str
    label: str
    subject: str | None
    session: str | None
    box: Box


@dataclass(frozen=True)
class ImageRecord:
    """What is exported of an image beside its bytes; `answer` is "label", "skip", "not_a_face" or "" (none)."""

    id: int
    sha256: str
    answer: str
    label: str | None
    subject: str | None
    session: str | None
    source: str
    created: datetime
    box: Box
    points: Points | None = None


@dataclass(frozen=True)
class TrainingFace:
    """A labelled face to train on: `data` is JPEG or PNG (`models.pictures.decode` reads both), `box` and `points` are
    in its pixels.
    """

    image_id: int
    sha256: str
    label: str
    subject: str | None
    session: str | None
    data: bytes
    box: Box
    created: datetime | None = None
    points: Points | None = None
