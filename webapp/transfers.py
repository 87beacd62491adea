"""Imports and exports in the background: each with its progress, and with a result or an error at its end."""

from __future__ import annotations

import os
import shutil
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from labeling.reports import ExportReport, ImportReport
from models.errors import MienError, NotFound, disk_error
from models.failures import failed
from webapp.actions.exchange_actions import export_data, import_data
from webapp.workspace import Workspace

REMEMBERED = 20
KEPT_SECONDS = 600
"""For how long an export can be fetched."""
EXPORTED = {"zip": "mien.zip", "csv": "fer2013.csv"}


@dataclass
class Transfer:
    """An import or an export. Its folder holds the file that came in, or the one to take home (`file`)."""

    folder: Path
    number: str = field(default_factory=lambda: uuid.uuid4().hex)
    done: int = 0
    total: int = 0
    report: ImportReport | ExportReport | None = None
    error: str = ""
    file: str = ""
    ended: bool = False
    stop: threading.Event = field(default_factory=threading.Event)

    def progress(self, done: int, total: int) -> None:
        self.done, self.total = done, total

    def run(self, work: Callable[[], ImportReport | ExportReport]) -> None:
        """Does the work; whatever happens in it, the transfer ends with a report or an error."""
        try:
            self.report = work()
        except MienError as error:
            self.error = str(error).replace(f"{self.folder}{os.sep}", "")
        except BaseException:
            self.error = failed("A transfer")
        finally:
            self.ended = True
            if not self.file or self.stop.is_set():
                self.discard()
            else:
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

    def receive(self) -> Transfer:
        """A transfer with a folder for a file that is coming in; `start_import` goes on with it.

        Raises:
            DiskError: the disk is full or cannot be written.
        """
        return self._open(self._imports)

    def forget(self, transfer: Transfer) -> None:
        """For a file that did not come in whole."""
        self._known.pop(transfer.number, None)
        transfer.discard()

    def start_import(self, transfer: Transfer, name: str, label: str | None, subject: str | None) -> None:
        """Imports the file `name` of the transfer's folder in the background."""

        def work() -> ImportReport:
            path, stopped = transfer.folder / name, transfer.stop.is_set
            return import_data(self._workspace, path, label, subject, transfer.progress, stopped)

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
        transfer = Transfer(parent / uuid.uuid4().hex)
        try:
            transfer.folder.mkdir(parents=True)
        except OSError as error:
            raise disk_error(error, "There is no room for a file on the way in or out") from error
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
