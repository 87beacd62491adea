"""Which of several faces the live view is about: its bars show it, and a capture stores it."""

from __future__ import annotations

from collections.abc import Sequence

from models.tracker import Track

MUCH_LARGER = 1 / 0.6
"""By how much another face's area must exceed the main one's to take its place."""
PATIENCE = 0.6
"""Seconds for which a main face that is not found is only missed, as the tracker has it: nobody takes its place."""


class MainFace:
    """The chosen face while it is in view; else the same one as before until another is much larger, or the largest.

    `chosen`: a person chose it.
    """

    def __init__(self) -> None:
        self._main: int | None = None
        self.chosen = False
        self._seen = 0.0

    def choose(self, face: int | None) -> None:
        """Make that face the main one until it leaves; None: the largest one again."""
        self._main, self.chosen = face, face is not None

    def update(self, tracks: Sequence[Track], time: float) -> int | None:
        """The main face's id, or None where it is not among this frame's faces; `time` in seconds."""
        areas = {track.id: track.face.box.area for track in tracks}
        if self._main is not None and self._main not in areas:
            if time - self._seen <= PATIENCE:
                return None
            self.choose(None)
        if not self.chosen and areas:
            largest = max(areas, key=areas.__getitem__)
            if self._main is None or areas[largest] > MUCH_LARGER * areas[self._main]:
                self._main = largest
        self._seen = time
        return self._main
