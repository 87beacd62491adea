"""What the running application knows: home, data set, versions, and the predictor that is active."""

from __future__ import annotations

import logging
import shutil
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import numpy as np

from models.errors import MienError
from models.failures import failed
from models.finder import FaceFinder
from models.home import Home
from models.onnx_model import NoModel
from models.predictor import Predictor
from models.temporary import TemporaryFolder, sweep
from models.versions import BadVersion, Version
from training import process
from training.export.kit_zip import ProvedKit
from training.export.onnx_migration import load_predictor
from training.export.web_settings import WebLook
from training.priority import LIVE_LASTS
from training.same_faces import HeldOutScores
from webapp.transfers import Transfers
from webapp.workspace import Workspace

log = logging.getLogger(__name__)

CHECK_EVERY = 0.25
"""Seconds between looks at which version is active; the command line or a training job may have changed it."""
SAY_LIVE_EVERY = 1.0
"""Seconds between two touches of the file that says that the live view is in use."""
CLEAN_UP_EVERY = 3600.0
"""Seconds between two looks for images whose time in the trash is over."""
KEPT_LOADED = 2
"""Versions beside the one in use that stay loaded once they were asked something."""
WIPING = (
    "What was deleted is still in the data set's log, because another program is reading it. It is wiped as soon as "
    "that is done."
)


class Studio(Workspace):
    """The workspace of a server, shared by every page, socket and route. Thread-safe.

    `held_out_scores` is what `webapp.scoring` has found out so far.
    """

    def __init__(self, home: Home) -> None:
        """Opens the home. Raises StoreError where its data set cannot be opened."""
        self.temporary = TemporaryFolder(home)
        super().__init__(home)
        try:
            store = self.store
        except BaseException:
            self.temporary.close()
            raise
        self.transfers = Transfers(self, self.temporary.path)
        self.held_out_scores = HeldOutScores()
        self._converting = threading.Lock()  # one at a time: each takes a processor and some hundred megabytes
        self._notice = ""
        self._stopping = threading.Event()
        self._keeper = threading.Thread(target=process.keep, args=(home, store, self._stopping), name="keeper")
        self._cleaner = threading.Thread(target=self._keep_trash_clean, name="trash")
        self._lock = threading.Lock()
        self._predictor: Predictor | None = None
        self._wanted = -1
        self._checked = 0.0
        self._comparing = threading.Lock()
        self._compared: dict[int, Predictor] = {}
        self._seen_live = self._said_live = -LIVE_LASTS

    @property
    def uploads(self) -> Path:
        """Where Gradio keeps what was uploaded to its endpoints."""
        return self.temporary.path / "uploads"

    @property
    def notice(self) -> str:
        """What everyone who looks at the page should know; mostly nothing."""
        return self._notice or (WIPING if self.store.deletion.wiping else "")

    @property
    def predictor(self) -> Predictor:
        """The active version's predictor; within `CHECK_EVERY` seconds of a change, the new one."""
        predictor = self._predictor
        if predictor is not None and time.monotonic() - self._checked < CHECK_EVERY:
            return predictor
        with self._lock:
            self._checked = time.monotonic()
            number = self.store.settings.active_version()
            if self._predictor is None or number != self._wanted:
                self._load(number)
            assert self._predictor is not None
            return self._predictor

    def predictor_of(self, number: int) -> Predictor:
        """The predictor of a version, in use or not; the last few that were asked for stay loaded.

        Raises BadVersion where it is missing or cannot be used.
        """
        active = self.predictor
        if active.number == number:
            return active
        version = self.versions.get(number)
        with self._comparing:
            known = self._compared.pop(number, None) or Predictor(version)
            self._compared[number] = known
            while len(self._compared) > KEPT_LOADED:
                del self._compared[next(iter(self._compared))]
            return known

    def activate(self, predictor: Predictor) -> None:
        """See `Workspace.activate`; here without a delay."""
        with self._lock:
            super().activate(predictor)
            self._predictor, self._wanted, self._notice = predictor, predictor.number, ""
            self._checked = time.monotonic()

    def convert(self, version: Version, path: Path, *, palettize: bool, onnx: bool, core_ai: bool = False) -> ProvedKit:
        """See `Workspace.convert`."""
        with self._converting:
            return super().convert(version, path, palettize=palettize, onnx=onnx, core_ai=core_ai)

    def convert_to_onnx(self, version: Version, path: Path) -> ProvedKit:
        """See `Workspace.convert_to_onnx`."""
        with self._converting:
            return super().convert_to_onnx(version, path)

    def convert_to_web(self, version: Version, path: Path, looks: Mapping[str, WebLook]) -> ProvedKit:
        """See `Workspace.convert_to_web`."""
        with self._converting:
            return super().convert_to_web(version, path, looks)

    @property
    def live_in_use(self) -> bool:
        """Whether somebody looks at the live view of this server."""
        return time.monotonic() - self._seen_live < LIVE_LASTS

    def live_is_seen(self) -> None:
        """Note a frame, and tell a training process, so that it takes fewer processors."""
        self._seen_live = time.monotonic()
        if self._seen_live - self._said_live >= SAY_LIVE_EVERY:
            self._said_live = self._seen_live
            with suppress(OSError):
                self.home.live.touch()

    def start(self) -> None:
        """Begin to look after training runs; one that died with the last server is marked at once."""
        self.uploads.mkdir(exist_ok=True)
        self._keeper.start()
        self._cleaner.start()

    def warm_up(self) -> None:
        """Load the active version and run it once, so that the first frame need not wait for it; then remove the
        temporary files of servers that are no longer there, and clean up the trash.
        """
        FaceFinder().find(np.zeros((48, 48, 3), np.uint8))
        self.predictor.classify([np.zeros((48, 48), np.uint8)])
        sweep(self.home)
        self.clean_up_trash()

    def discard_copies(self) -> None:
        """See `Workspace.discard_copies`: exports, and what came for named endpoints."""
        self.transfers.discard_exports()
        shutil.rmtree(self.uploads, ignore_errors=True)
        self.uploads.mkdir(exist_ok=True)

    def clean_up_trash(self) -> None:
        """Remove for good what the trash has kept for its time, and what a removal that was cut short has left."""
        if self.store.deletion.clean_up():
            self.discard_copies()

    def close(self) -> None:
        """Removes its temporary files."""
        self._stopping.set()
        for thread in (self._keeper, self._cleaner):
            if thread.is_alive():
                thread.join()
        super().close()
        self.temporary.close()

    def _keep_trash_clean(self) -> None:
        while not self._stopping.wait(CLEAN_UP_EVERY):
            try:
                self.clean_up_trash()
            except Exception:  # the next time may find it mended
                log.exception("The trash could not be cleaned up")

    def _load(self, number: int) -> None:
        self._wanted = number
        try:
            self._predictor, self._notice = Predictor(self.versions.get(number)), ""
        except NoModel as error:
            self._notice = f"{error} It is being made, once; until then another version is active."
            threading.Thread(target=self._load_with_onnx, args=(number,), daemon=True).start()
        except BadVersion as error:
            self._say_unusable(number, str(error))
        if self._predictor is None:
            self._predictor = Predictor(self.versions.get(0))

    def _load_with_onnx(self, number: int) -> None:
        """Load a version that an earlier Mien made: it takes some seconds, and no frame should wait for it."""
        try:
            predictor, problem = load_predictor(self.home, self.versions.get(number)), ""
        except MienError as error:
            problem = str(error)
        except Exception:
            problem = failed("Making its ONNX model")
        with self._lock:
            if self._wanted != number:
                return
            if problem:
                self._say_unusable(number, problem)
            else:
                self._predictor, self._notice = predictor, ""

    def _say_unusable(self, number: int, reason: str) -> None:
        log.warning("Version %d cannot be used: %s", number, reason)
        self._notice = f"Version {number} cannot be used, so another one is active. {reason}"
