"""The training process itself: `python -m training.worker --home FOLDER`, which `training.process` starts.

A line on its standard input tells it the run; started ahead of that, it loads its libraries meanwhile. It holds a lock
file for as long as it carries out a run, so that another process can tell whether it does; and it watches two things:
its row in the database, which cancelling closes, and its standard input, which closes when the process that started it
dies.
"""

from __future__ import annotations

import argparse
import errno
import logging
import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from labeling.runs import RunProgress
from labeling.schema import now
from labeling.store import Store
from labeling.store_errors import StoreError
from models.errors import MienError
from models.failures import failed
from models.home import Home
from models.versions import Version, Versions
from training.priority import give_way
from training.process import AHEAD_LASTS, RunOrder

if TYPE_CHECKING:  # PyTorch takes seconds to load
    from training.export.proof import Reference

WATCH_EVERY = 0.3
MARGIN = 10.0
"""Seconds that a process which was started ahead waits longer than it may be told a run."""
# Not every library says it by the error's number or kind.
DISK_FULL = (os.strerror(errno.ENOSPC), os.strerror(errno.EDQUOT), "[MIL FileWriter]")
MEMORY_FULL = ("not enough memory", "can't allocate memory", "out of memory")

log = logging.getLogger(__name__)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m training.worker", description="Carry out a queued training run.")
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--ahead", action="store_true", help="load what a run needs before one is told")
    chosen = parser.parse_args()
    os.umask(0o077)  # what it writes is in the home, and nobody else's to read
    logging.basicConfig(format="%(asctime)s %(name)s: %(message)s")
    give_way()
    if chosen.ahead:
        threading.Thread(target=_load_libraries, daemon=True).start()
    told = _order()
    if told is None:
        return 0
    home = Home(chosen.home)
    store = Store(home.database_url)
    lock = FileLock(home.training_lock, mode=0o600)
    try:
        lock.acquire(timeout=10)
    except Timeout:
        store.runs.end(told.run, "failed", "Another training process is still at work. Try again in a moment.")
        return 1
    begun = RunProgress(state="running", started=now(), pid=os.getpid(), stage="reading images")
    if not store.runs.change(told.run, begun):
        return 1
    threading.Thread(target=_watch, args=(home, store, told.run), daemon=True).start()
    return carry_out(home, store, told.run, told.go_on)


def _load_libraries() -> None:
    from training.export.quiet import quiet
    from training.pipeline import load_libraries

    load_libraries()
    with quiet():
        import coremltools  # noqa: F401  # which makes the package once there is a version


def _order() -> RunOrder | None:
    """The run to carry out, from standard input; None where that is closed. This process ends if none comes in time."""
    patience = threading.Timer(AHEAD_LASTS + MARGIN, os._exit, [0])
    patience.start()
    line = b""
    while not line.endswith(b"\n"):
        if not (byte := os.read(0, 1)):
            patience.cancel()
            return None
        line += byte
    patience.cancel()
    return RunOrder.model_validate_json(line)


def carry_out(home: Home, store: Store, run_id: int, go_on: bool) -> int:
    """Trains, and closes the run as done or as failed with the reason; the exit status.

    Once there is a version the run is done, whatever becomes of its Core ML package.
    """
    try:
        made = _train(home, store, run_id, go_on)
    except Exception as error:
        store.runs.end(
            run_id, "failed", _reason(error, "Training", "so no version was written. Make room, then retrain")
        )
        Versions(home.versions).sweep()
        return 1
    if made is not None:
        with ThreadPoolExecutor(1) as beside:
            beside.submit(_prove_onnx, *made)
            _package(home, *made)
        store.runs.finish(run_id)
    return 0


def _train(home: Home, store: Store, run_id: int, go_on: bool) -> tuple[Version, Reference] | None:
    """The version that the run made, which can be used and is in use if it should be, with what its network answers.

    None if the run was cancelled.
    """
    # PyTorch takes seconds to load; until then the run can be seen to have begun, and be cancelled.
    from training.pipeline import produce

    def report(progress: RunProgress) -> None:
        if not store.runs.change(run_id, progress):
            raise SystemExit(0)

    version, verdict, expected = produce(home, store, store.runs.get(run_id), go_on, report)
    if not store.runs.publish(run_id, version.number, verdict.reason, verdict.activate):
        Versions(home.versions).delete(version.number)
        return None
    return version, expected


def _prove_onnx(version: Version, expected: Reference) -> None:
    """Proves now what the ONNX kit takes home beside the version's model; whatever is wrong, the kit tries it again."""
    from training.export.prove_onnx_models import prove_and_keep

    try:
        if version.card.onnx_proof:
            prove_and_keep(version, version.card.onnx_proof, expected)
    except Exception:
        log.exception("The ONNX models of version %d could not be proved ahead", version.number)


def _package(home: Home, version: Version, expected: Reference) -> None:
    """Makes the version's Core ML package, or has its card say why there is none."""
    from training.export.make_package import add_package

    try:
        add_package(home, version, expected)
    except Exception as error:
        reason = _reason(error, "Making the Core ML model", "so it was not written. Make room, then download it")
        with suppress(MienError):  # the version was deleted, or its card cannot be written either
            Versions(home.versions).note_no_package(version.number, reason)


def _reason(error: Exception, doing: str, no_room: str) -> str:
    """Why it failed, as a sentence for people; a fault of Mien's own is logged, and the sentence has its id."""
    if any(sign in str(error) for sign in DISK_FULL):
        log.exception("The disk is full")
        return f"The disk is full, {no_room}."
    if isinstance(error, MemoryError) or any(sign in str(error) for sign in MEMORY_FULL):
        log.exception("There is too little memory")
        return f"{doing} takes more memory than there is. Close other programs, then try again."
    if isinstance(error, MienError):
        return str(error)
    return failed(doing)


def _watch(home: Home, store: Store, run_id: int) -> None:
    """Ends this process once its run was closed by another one, or the one that started it is gone."""
    orphaned = threading.Event()
    threading.Thread(target=_wait_for_parent, args=(orphaned,), daemon=True).start()
    while not orphaned.wait(WATCH_EVERY):
        try:
            over = not store.runs.get(run_id).open
        except StoreError as error:  # mended until the next look, perhaps; whether the parent lives is looked at anyhow
            log.warning("Whether this run is still open cannot be read: %s", error)
            continue
        if over:
            Versions(home.versions).sweep()
            os._exit(0)
    os._exit(1)  # the next start marks the run interrupted and sweeps up


def _wait_for_parent(orphaned: threading.Event) -> None:
    if sys.stdin is not None and not sys.stdin.isatty():
        while os.read(sys.stdin.fileno(), 1):  # not through a buffer, whose lock the end of this process would want
            pass
        orphaned.set()


if __name__ == "__main__":
    sys.exit(main())
