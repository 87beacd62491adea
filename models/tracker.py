"""Faces followed from frame to frame, and what is said of each smoothed over time."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import count

import numpy as np
from numpy.typing import NDArray

from models.box import Box

TREMBLING = 0.04
"""Share of its height by which a still face's box moves in a camera's noise."""


@dataclass(frozen=True)
class Track:
    """A face that is followed: its id, and its box and probabilities (C,) smoothed over time."""

    id: int
    box: Box
    probabilities: NDArray[np.float32]
    seen: float


class Tracker:
    """Follows faces from frame to frame by overlap and smooths what is said of them.

    `settle` is the time in seconds after which a change has come through by 63 %, `settle_box` that for
    boxes. Of a box's moves below `TREMBLING` less comes through, the smaller they are: a still face's box stays still.
    A face that is away for longer than `patience` seconds comes back as another one.
    """

    def __init__(self, settle: float = 0.12, settle_box: float = 0.04, patience: float = 0.6) -> None:
        self.settle, self.settle_box, self.patience = settle, settle_box, patience
        self._tracks: list[Track] = []
        self._ids = count(1)

    def update(self, boxes: Sequence[Box], probabilities: NDArray[np.float32], time: float) -> list[Track]:
        """The tracks of this frame's faces, in the order of `boxes`; probabilities (N, C), `time` in seconds."""
        # A track with another number of labels was made by another version of the model.
        alike = [track for track in self._tracks if len(track.probabilities) == probabilities.shape[1]]
        waiting = [track for track in alike if time - track.seen <= self.patience]
        matches = _match(waiting, boxes)
        tracks = []
        for index, box in enumerate(boxes):
            old = matches.get(index)
            if old is None:
                tracks.append(Track(next(self._ids), box, probabilities[index], time))
            else:
                tracks.append(self._advance(old, box, probabilities[index], time))
        current = {track.id for track in tracks}
        self._tracks = tracks + [track for track in waiting if track.id not in current]
        return tracks

    def _advance(self, old: Track, box: Box, probabilities: NDArray[np.float32], time: float) -> Track:
        gap = max(0.0, time - old.seen)
        moving = min(1.0, old.box.distance(box) / (TREMBLING * max(1.0, old.box.height)))
        share, share_box = 1 - math.exp(-gap / self.settle), moving * (1 - math.exp(-gap / self.settle_box))
        smooth = old.probabilities + np.float32(share) * (probabilities - old.probabilities)
        return replace(old, box=old.box.towards(box, share_box), probabilities=smooth, seen=time)


def _match(tracks: Sequence[Track], boxes: Sequence[Box]) -> dict[int, Track]:
    """For each box that continues a track, the track: best overlap first, each used once."""
    pairs = ((track.box.overlap(box), index, track) for track in tracks for index, box in enumerate(boxes))
    ranked = sorted((pair for pair in pairs if pair[0] > 0.2), key=lambda pair: pair[0], reverse=True)
    matches: dict[int, Track] = {}
    taken: set[int] = set()
    for _, index, track in ranked:
        if index not in matches and track.id not in taken:
            matches[index] = track
            taken.add(track.id)
    return matches
