"""What a model answers on faces of FER+, and the figures of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from models.card import Sureness, Tally
from models.onnx_model import FACE, PROBABILITIES
from models.quality import quality_of
from training.base.ferplus import SIDE, FerplusFaces
from training.base.resampling import Bootstrap, share

BATCH = 64


@dataclass(frozen=True)
class Answers:
    """Answers on N faces: `probabilities` (N, C); the true `classes` (N,), the most frequent votes; which faces have a
    `majority` (N,); the score of each one's `quality` (N,), 0…1.
    """

    probabilities: NDArray[np.float32]
    classes: NDArray[np.int64]
    majority: NDArray[np.bool_]
    quality: NDArray[np.float32]

    @cached_property
    def right(self) -> NDArray[np.bool_]:
        return np.asarray(self.probabilities.argmax(1) == self.classes)

    @cached_property
    def margin(self) -> NDArray[np.float32]:
        """The gap between the two highest probabilities."""
        second, first = np.sort(self.probabilities, 1)[:, -2:].T
        return np.asarray(first - second)

    def given(self, sureness: Sureness) -> NDArray[np.bool_]:
        """Which answers are sure enough to be given, as `models.sureness.doubt` decides."""
        return (self.margin >= sureness.margin) & (self.quality >= sureness.quality)

    def answered_and_right(self, sureness: Sureness) -> tuple[float, float]:
        """Of the faces with a majority, the share that gets an answer; and the share of these that is right."""
        given = self.given(sureness) & self.majority
        return float(given.sum() / max(1, self.majority.sum())), float((given & self.right).sum() / max(1, given.sum()))

    def tally(self, bootstrap: Bootstrap, sureness: Sureness) -> Tally:
        answered, right = self.answered_and_right(sureness)
        return Tally(
            arg_max=bootstrap.estimate(share(self.right)),
            majority=bootstrap.estimate(share(self.right, self.majority)),
            answered=answered,
            right=right,
        )


def answer(session: onnxruntime.InferenceSession, crops: NDArray[np.uint8], faces: FerplusFaces) -> Answers:
    """What a version's model (`models.onnx_model`) says of `crops` (N, 48, 48), which are `faces`, damaged or not."""
    qualities = [quality_of(crop, SIDE, SIDE).score for crop in crops]
    return Answers(probabilities(session, crops), faces.classes, faces.majority, np.array(qualities, np.float32))


def probabilities(session: onnxruntime.InferenceSession, crops: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Probabilities (N, C) of grey crops (N, S, S)."""
    batches = [crops[start : start + BATCH, None].astype(np.float32) for start in range(0, len(crops), BATCH)]
    return np.concatenate([session.run([PROBABILITIES], {FACE: batch})[0] for batch in batches])


def together(parts: Sequence[Answers]) -> Answers:
    """The answers on several sets of faces as on one."""
    names = ("probabilities", "classes", "majority", "quality")
    return Answers(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))
