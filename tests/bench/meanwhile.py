"""Looking at something while something else is measured."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def looking(look: Callable[[], None], every: float) -> Iterator[None]:
    """Calls `look` every so many seconds, in a thread of its own, until the block ends."""
    done = threading.Event()

    def watch() -> None:
        while not done.wait(every):
            look()

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()
