"""Work that the server does by itself in the background, a bit at a time, giving way to the live view."""

from __future__ import annotations

import logging
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager

from webapp.studio import Studio

LOOK_EVERY = 1.0
"""Seconds between two looks at whether there is something to do."""
GIVE_WAY = 3.0
"""While somebody looks at the live view, the pause after a bit of work is so many times as long as the work took."""


class BackgroundWork(ABC):
    """A thread. `start` it once; `stop` before the store is closed."""

    name: str
    problem: str
    """What is said, once, when the work fails for now."""

    def __init__(self, studio: Studio) -> None:
        self.studio = studio
        self.log = logging.getLogger(type(self).__module__)
        self.stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=self.name, daemon=True)
        self._said = ""

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Returns when nothing is done any more."""
        self.stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    @abstractmethod
    def work_some(self) -> bool:
        """Do a bit of what there is to do, soon enough for a server that is to stop; whether there may be more."""

    @contextmanager
    def giving_way(self) -> Iterator[None]:
        """A block of work; while somebody looks at the live view, a pause follows it."""
        began = time.monotonic()
        yield
        if self.studio.live_in_use:
            self.stopping.wait(GIVE_WAY * (time.monotonic() - began))

    def _run(self) -> None:
        while not self.stopping.wait(LOOK_EVERY):
            try:
                while self.work_some() and not self.stopping.is_set():
                    pass
                self._said = ""
            except Exception as error:  # whatever it is, the next look may find it mended
                if self._said != repr(error):
                    self._said = repr(error)
                    self.log.exception(self.problem)
