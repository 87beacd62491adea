"""Imports and exports in the background: each with its progress, and with a result or an error at its end."""

from __future__ import annotations

import os
import shutil
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from labeling.import_plan import ImportPlan
from labeling.path_reading import PathReading, PeopleFrom
from labeling.reports import ExportReport, ImportReport
from models.errors import Conflict, MienError, NotFound, disk_error
from models.failures import failed
from webapp.actions.exchange_actions import export_data, import_data, import_plan
from webapp.gathering import Gathering
from webapp.workspace import Workspace

REMEMBERED = 20
KEPT_SECONDS = 600
"""For how long an export can be fetched."""
WAITS_SECONDS = 3600
"""For how long what came in waits for its import to begin."""
NO_ROOM = "There is no room for a file on the way in or out"
EXPORTED = {"zip": "mien.zip", "csv": "fer2013.csv"}


@dataclass
class Transfer:
    """An import or an export. Its folder holds the file that came in (`received`), or the one to take home (`file`).

    An import waits for its `begin`, so that a person can be asked what the paths of its files mean.
    """

    folder: Path
    number: str = field(default_factory=lambda: uuid.uuid4().hex)
    done: int = 0
    total: int = 0
    report: ImportReport | ExportReport | None = None
    error: str = ""
    file: str = ""
    received: Path | None = None
    gathering: Gathering | None = None
    touched: float = field(default_factory=time.monotonic)
    begun: bool = False
    ended: bool = False
    stop: threading.Event = field(default_factory=threading.Event)

    def progress(self, done: int, total: int) -> None:
        self.done, self.total = done, total

    def run(self, work: Callable[[], ImportReport | ExportReport]) -> None:
        """Does the work; whatever happens in it, the transfer ends with a report or an error.

        Either comes last: who sees it finds no file that is not to be kept.
        """
        report, error = None, ""
        try:
            report = work()
        except MienError as caused:
            error = str(caused).replace(f"{self.folder}{os.sep}", "")
        except BaseException:
            error = failed("A transfer")
        self.ended = True
        kept = bool(self.file) and not self.stop.is_set()
        if not kept:
            self.discard()
        self.report, self.error = report, error
        if kept:
            forgotten = threading.Timer(KEPT_SECONDS, self.discard)
            forgotten.daemon = True
            forgotten.start()

    def discard(self) -> None:
        """Removes its files."""
        self.file = ""
        shutil.rmtree(self.folder, ignore_errors=True)


class Transfers:
    """Every transfer that this server knows; exports are made one at a time."""

    def __init__(self, workspace: Workspace, folder: Path) -> None:
        self.exports = folder / "exports"
        self._workspace, self._imports = workspace, folder / "imports"
        self._known: dict[str, Transfer] = {}
        self._exporting = threading.Lock()

    def get(self, number: str) -> Transfer:
        """Raises NotFound where there is none."""
        if number not in self._known:
            raise NotFound("There is no such transfer; Mien may have been started again. Begin it once more.")
        return self._known[number]

    def receive(self, kind: str) -> Transfer:
        """A transfer with a folder for a file that is coming in, a zip or a CSV by `kind`, ".zip" or ".csv".

        `start_import` goes on with it.

        Raises:
            DiskError: the disk is full or cannot be written.
        """
        transfer = self._open(self._imports)
        transfer.received = transfer.folder / f"upload{kind}"
        return transfer

    def gather(self) -> Transfer:
        """The same for pictures that come in one by one, into its `gathering`."""
        transfer = self.receive(".zip")
        assert transfer.received is not None
        try:
            transfer.gathering = Gathering(transfer.received)
        except OSError as error:
            self.forget(transfer)
            raise disk_error(error, NO_ROOM) from error
        return transfer

    def gathering(self, number: str) -> Gathering:
        """Where the pictures of a transfer are gathered.

        Raises:
            Conflict: its import has begun.
            NotFound: none are.
        """
        transfer = self.get(number)
        if transfer.gathering is None:
            raise NotFound("This transfer takes no pictures one by one.")
        if transfer.begun:
            raise Conflict("This import has begun; drop what came later by itself.")
        transfer.touched = time.monotonic()
        return transfer.gathering

    def cancel(self, number: str) -> None:
        """Stops a transfer; one that waits for its begin is forgotten."""
        transfer = self.get(number)
        transfer.stop.set()
        if transfer.received and not transfer.begun:
            self.forget(transfer)

    def forget(self, transfer: Transfer) -> None:
        """For what did not come in whole, or is not wanted any more."""
        self._known.pop(transfer.number, None)
        transfer.discard()

    def plan(self, transfer: Transfer, people_from: PeopleFrom | None) -> ImportPlan:
        """What an import would make of what came in. Raises Conflict: it has begun."""
        return import_plan(self._workspace, _whole(transfer), people_from)

    def start_import(self, transfer: Transfer, label: str | None, subject: str | None, reading: PathReading) -> None:
        """Imports what came in, in the background. Raises Conflict: it has begun."""
        path = _whole(transfer)
        transfer.begun = True

        def work() -> ImportReport:
            stopped = transfer.stop.is_set
            return import_data(self._workspace, path, label, subject, transfer.progress, stopped, reading)

        self._start(transfer, work)

    def start_export(self, kind: str) -> Transfer:
        """Exports the data set in the background, as "zip" or "csv"; it begins when it is its turn."""
        transfer = self._open(self.exports)
        self._start(transfer, lambda: self._export(transfer, kind))
        return transfer

    def export(self, kind: str) -> Transfer:
        """The same, done when this returns."""
        transfer = self._open(self.exports)
        transfer.run(lambda: self._export(transfer, kind))
        return transfer

    def discard_exports(self) -> None:
        """Removes what was exported, and stops what is being exported: images in it have been deleted."""
        for transfer in list(self._known.values()):
            if transfer.folder.parent == self.exports:
                transfer.stop.set()
                if transfer.ended:
                    transfer.discard()

    def _open(self, parent: Path) -> Transfer:
        for number in list(self._known)[: max(0, len(self._known) - REMEMBERED)]:
            if self._known[number].ended:
                self._known.pop(number).discard()
        for waiting in [known for known in self._known.values() if known.received and not known.begun]:
            if time.monotonic() - waiting.touched > WAITS_SECONDS:
                self.forget(waiting)
        transfer = Transfer(parent / uuid.uuid4().hex)
        try:
            transfer.folder.mkdir(parents=True)
        except OSError as error:
            raise disk_error(error, NO_ROOM) from error
        self._known[transfer.number] = transfer
        return transfer

    def _start(self, transfer: Transfer, work: Callable[[], ImportReport | ExportReport]) -> None:
        threading.Thread(target=transfer.run, args=(work,), name="transfer", daemon=True).start()

    def _export(self, transfer: Transfer, kind: str) -> ExportReport:
        name = EXPORTED[kind]
        with _turn(self._exporting, transfer.stop) as mine:
            if not mine:
                return ExportReport(0, cancelled=True)
            report = export_data(self._workspace, transfer.folder / name, transfer.progress, transfer.stop.is_set)
        if not report.cancelled:
            transfer.file = name
        return report


def _whole(transfer: Transfer) -> Path:
    """The file that came in."""
    if transfer.begun or transfer.received is None:
        raise Conflict("This import has begun already.")
    transfer.touched = time.monotonic()
    if transfer.gathering is not None:
        transfer.gathering.finish()
    return transfer.received


@contextmanager
def _turn(lock: threading.Lock, stop: threading.Event) -> Iterator[bool]:
    """Waits for the lock; False once `stop` is set."""
    mine = False
    while not stop.is_set() and not mine:
        mine = lock.acquire(timeout=0.2)
    try:
        yield mine
    finally:
        if mine:
            lock.release()
