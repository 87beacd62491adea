"""Whether faces that are followed are named for sure, without flicker: a doubt is told only once it has lasted."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.card import Sureness
from models.quality import Quality
from models.sureness import doubt

COMES = 0.25
"""Seconds for which an answer that was sure must be doubtful before that is said: no expression changes at once."""
GOES = 0.5
"""Seconds for which a doubt must be over, or another one, before that is said."""
SURER = 1.1
"""By how much an answer that was doubtful must be surer than others are, to be sure again."""


@dataclass
class _Said:
    doubt: str
    confirmed: float


class SteadyDoubts:
    """What is said of each face by its id, for one version's limits and labels."""

    def __init__(self, sureness: Sureness | None, labels: Sequence[str]) -> None:
        self._labels = labels
        self._limits = sureness
        self._stricter = sureness and sureness.model_copy(
            update={"margin": min(1.0, sureness.margin * SURER), "quality": min(1.0, sureness.quality * SURER)}
        )
        self._said: dict[int, _Said] = {}

    def update(self, face: int, probabilities: NDArray[np.float32], quality: Quality, time: float) -> str:
        """The doubt to say of a face now, "" for none; `probabilities` (C,), `time` in seconds."""
        said = self._said.get(face)
        limits = self._stricter if said and said.doubt else self._limits
        now = doubt(probabilities, quality, limits, self._labels)
        if said is None:
            said = self._said[face] = _Said(now, time)
        elif now == said.doubt:
            said.confirmed = time
        elif time - said.confirmed >= (GOES if said.doubt else COMES):
            said.doubt, said.confirmed = now, time
        return said.doubt

    def forget_others(self, faces: Collection[int]) -> None:
        """Forget all but these."""
        self._said = {face: said for face, said in self._said.items() if face in faces}
