"""Suggestions, made in the background: a thread of the server asks the active version about images new to it.

It finds by itself what came in or became active by other ways: an import from the command line, another server.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Sequence

from labeling.store_errors import StoreError
from labeling.suggest import PROCESSORS, suggest_batch
from models.predictor import Predictor
from webapp.studio import Studio

log = logging.getLogger(__name__)

LOOK_EVERY = 1.0
"""Seconds between two looks at whether images wait."""
BATCH = 16
"""Images that are asked about at once: some 40 ms of work, so that the thread stops soon when it is told to."""
GIVE_WAY = 3.0
"""While somebody looks at the live view, the pause after a batch is so many times as long as the batch took."""


class Suggesting:
    """The thread. `start` it once; `stop` before the store is closed."""

    def __init__(self, studio: Studio) -> None:
        self.studio = studio
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="suggesting", daemon=True)
        self._said = ""

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Returns when nothing is asked or stored any more."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while not self._stopping.wait(LOOK_EVERY):
            try:
                while self._suggest_some() and not self._stopping.is_set():
                    pass
                self._said = ""
            except Exception as error:  # whatever it is, the next look may find it mended
                if self._said != repr(error):
                    self._said = repr(error)
                    log.exception("No suggestions can be made for now")

    def _suggest_some(self) -> bool:
        """Ask about the next images; whether there were any."""
        store, predictor = self.studio.store, self.studio.predictor
        if predictor.number != store.settings.active_version():
            # The active version is damaged, or on another server's disk. Asking this one instead would never end: that
            # server would ask its own about the same images again.
            return False
        ids = store.suggestions.waiting(predictor.number, BATCH)
        if not ids:
            return False
        began = time.monotonic()
        self._ask(predictor, ids, 1 if self.studio.live_in_use else PROCESSORS)
        if self.studio.live_in_use:
            self._stopping.wait(GIVE_WAY * (time.monotonic() - began))
        return True

    def _ask(self, predictor: Predictor, ids: Sequence[int], threads: int) -> None:
        """Ask about these images; one at which Mien fails is passed over, so that no other has to wait for it."""
        try:
            suggest_batch(self.studio.store, predictor, ids, threads)
        except StoreError:
            raise
        except Exception:
            if len(ids) > 1:
                for image in ids:
                    self._ask(predictor, [image], 1)
            else:
                log.exception("Version %d is not asked about image %d", predictor.number, ids[0])
                self.studio.store.suggestions.pass_over(ids, predictor.number)
