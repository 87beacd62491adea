"""The FER+ data set: FER-2013's faces (Goodfellow et al., 2013) with ten raters' votes (Barsoum et al., 2016)."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.errors import MienError

EXPRESSIONS = ("neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt")
SPLITS = ("Training", "PublicTest", "PrivateTest")
SIDE = 48


class BadFerplus(MienError):
    """A file is not FER+, or is damaged; the message names it."""


@dataclass(frozen=True)
class FerplusFaces:
    """Grey face crops `images` (N, 48, 48) uint8 and their `votes` (N, 8) float32, one column an expression.

    `majority` (N,) marks the faces that the FER+ paper scores by its majority rule: single votes dropped, one
    expression holds more than half of what is left, unknown and not-a-face among it. Published figures are of these.
    """

    images: NDArray[np.uint8]
    votes: NDArray[np.float32]
    majority: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.images)

    @property
    def classes(self) -> NDArray[np.int64]:
        """The expression with the most votes, (N,)."""
        classes: NDArray[np.int64] = self.votes.argmax(1)
        return classes

    @property
    def targets(self) -> NDArray[np.float32]:
        """Votes as probabilities, (N, 8); a single vote against others counts as a slip and is dropped."""
        agreed = np.where(self.votes >= 2, self.votes, 0)
        shares: NDArray[np.float32] = (agreed / agreed.sum(1, keepdims=True)).astype(np.float32)
        return shares


def load(path: Path, split: str) -> FerplusFaces:
    """The scored faces of one split, from `ferplus.npz` or from `fer2013.csv` with `fer2013new.csv` beside it.

    A face is left out when its top vote is unknown or not-a-face, or when no expression got two votes or more.

    Raises:
        BadFerplus: the file is not FER+.
        ValueError: `split` is not one of `SPLITS`.
    """
    if split not in SPLITS:
        raise ValueError(f"{split!r} is no split of FER+; choose one of {', '.join(SPLITS)}.")
    read = _read_csv if path.suffix == ".csv" else _read_npz
    images, votes = read(path, split)
    scored = (votes.argmax(1) < len(EXPRESSIONS)) & (votes[:, : len(EXPRESSIONS)].max(1) >= 2)
    images, votes = images[scored], votes[scored]
    agreed = np.where(votes >= 2, votes, 0)
    majority = agreed.max(1) > agreed.sum(1) / 2
    return FerplusFaces(images, votes[:, : len(EXPRESSIONS)].astype(np.float32), majority)


def _read_npz(path: Path, split: str) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    try:
        with np.load(path, allow_pickle=False) as data:
            rows = data["split"] == split
            return data["images"][rows], data["votes"][rows].astype(np.int64)
    except (ValueError, KeyError, OSError) as error:
        raise BadFerplus(f"{path} is not FER+ as .npz with images, votes and split ({error}).") from error


def _read_csv(path: Path, split: str) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    votes_path = path.with_name("fer2013new.csv")
    if not votes_path.is_file():
        raise BadFerplus(f"{votes_path} is missing: FER+ needs its votes beside {path.name}.")
    try:
        rows = list(_csv_rows(path, votes_path, split))
    except (OSError, csv.Error, KeyError, IndexError, ValueError, OverflowError) as error:
        raise BadFerplus(f"{path} with {votes_path.name} beside it is not FER+ ({error}).") from error
    if not rows:
        raise BadFerplus(f"{path} has no {split} row.")
    images, votes = zip(*rows, strict=True)
    return np.stack(images), np.array(votes, dtype=np.int64)


def _csv_rows(path: Path, votes_path: Path, split: str) -> Iterator[tuple[NDArray[np.uint8], list[int]]]:
    with path.open(newline="") as faces_file, votes_path.open(newline="") as votes_file:
        faces, votes = csv.DictReader(faces_file), csv.reader(votes_file)
        next(votes, None)
        for line, (face, row) in enumerate(zip(faces, votes, strict=True), start=2):
            if face.get("Usage") != split or not row[1]:
                continue
            pixels = np.array(face["pixels"].split(), dtype=np.uint8)
            if pixels.size != SIDE**2:
                raise BadFerplus(f"{path}, line {line}: {pixels.size} pixels, expected {SIDE**2}.")
            yield pixels.reshape(SIDE, SIDE), [int(vote) for vote in row[2:12]]
