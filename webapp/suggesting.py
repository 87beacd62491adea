"""Suggestions, made in the background: a thread of the server asks the active version about images new to it.

It finds by itself what came in or became active by other ways: an import from the command line, another server.
"""

from __future__ import annotations

from collections.abc import Sequence

from labeling.store_errors import StoreError
from labeling.suggest import PROCESSORS, suggest_batch
from models.predictor import Predictor
from webapp.background import BackgroundWork

BATCH = 16
"""Images that are asked about at once: some 40 ms of work, so that the thread stops soon when it is told to."""


class Suggesting(BackgroundWork):
    """The thread."""

    name = "suggesting"
    problem = "No suggestions can be made for now"

    def work_some(self) -> bool:
        """Ask about the next images; whether there were any."""
        store, predictor = self.studio.store, self.studio.predictor
        if predictor.number != store.settings.active_version():
            # The active version is damaged, or on another server's disk. Asking this one instead would never end: that
            # server would ask its own about the same images again.
            return False
        ids = store.suggestions.waiting(predictor.number, BATCH)
        if not ids:
            return False
        with self.giving_way():
            self._ask(predictor, ids, 1 if self.studio.live_in_use else PROCESSORS)
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
                self.log.exception("Version %d is not asked about image %d", predictor.number, ids[0])
                self.studio.store.suggestions.pass_over(ids, predictor.number)
