"""Faces followed from frame to frame, and what is said of each smoothed over time."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count

import numpy as np
from numpy.typing import NDArray

from models.finder import FoundFace

TREMBLING = 0.04
"""Share of its height by which a still face's box and points move in a camera's noise."""
LEAST_OVERLAP = 0.2
"""Intersection over union of a face's box in one frame and in the next is larger."""


@dataclass(frozen=True)
class Track:
    """A face that is followed: its id, and its place and probabilities (C,) smoothed over time."""

    id: int
    face: FoundFace
    probabilities: NDArray[np.float32]
    seen: float


class Tracker:
    """Follows faces from frame to frame by overlap and smooths where they are and what is said of them.

    `settle` is the time in seconds after which a change of what is said has come through by 63 %, `settle_place` that
    for box and points. Of moves below `TREMBLING` less comes through, the smaller they are: a still face stays still,
    and so do its crop and what is said of it.
    A face that is away for longer than `patience` seconds comes back as another one.
    """

    def __init__(self, settle: float = 0.12, settle_place: float = 0.04, patience: float = 0.6) -> None:
        self.settle, self.settle_place, self.patience = settle, settle_place, patience
        self._tracks: list[Track] = []
        self._ids = count(1)

    def steadied(self, found: Sequence[FoundFace], time: float) -> list[FoundFace]:
        """The faces of a frame where they are to be shown and cut out; `time` in seconds."""
        matches = _match(self._waiting(time), found)
        return [self._moved(matches[n], face, time) if n in matches else face for n, face in enumerate(found)]

    def update(self, faces: Sequence[FoundFace], probabilities: NDArray[np.float32], time: float) -> list[Track]:
        """The tracks of this frame's faces, in the order of `faces`, which are `steadied`; probabilities (N, C)."""
        # A track with another number of labels was made by another version of the model.
        waiting = [track for track in self._waiting(time) if len(track.probabilities) == probabilities.shape[1]]
        matches = _match(waiting, faces)
        tracks = []
        for index, (face, row) in enumerate(zip(faces, probabilities, strict=True)):
            old = matches.get(index)
            if old is None:
                tracks.append(Track(next(self._ids), face, row, time))
            else:
                share = np.float32(1 - math.exp(-max(0.0, time - old.seen) / self.settle))
                tracks.append(Track(old.id, face, old.probabilities + share * (row - old.probabilities), time))
        current = {track.id for track in tracks}
        self._tracks = tracks + [track for track in waiting if track.id not in current]
        return tracks

    def _waiting(self, time: float) -> list[Track]:
        return [track for track in self._tracks if time - track.seen <= self.patience]

    def _moved(self, old: Track, face: FoundFace, time: float) -> FoundFace:
        gap = max(0.0, time - old.seen)
        moving = min(1.0, old.face.distance(face) / (TREMBLING * max(1.0, old.face.box.height)))
        return old.face.towards(face, moving * (1 - math.exp(-gap / self.settle_place)))


def _match(tracks: Sequence[Track], found: Sequence[FoundFace]) -> dict[int, Track]:
    """For each face that continues a track, the track: best overlap first, each used once."""
    pairs = ((track.face.box.overlap(face.box), n, track) for track in tracks for n, face in enumerate(found))
    ranked = sorted((pair for pair in pairs if pair[0] > LEAST_OVERLAP), key=lambda pair: pair[0], reverse=True)
    matches: dict[int, Track] = {}
    taken: set[int] = set()
    for _, index, track in ranked:
        if index not in matches and track.id not in taken:
            matches[index] = track
            taken.add(track.id)
    return matches
