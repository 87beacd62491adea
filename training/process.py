"""Training in a process of its own, and what becomes of it.

It is `python -m training.process RUN --home FOLDER`, started by `start`. Its state is a row of the database. It holds a
lock file for as long as it lives, so that another process can tell whether it does; and it watches two things: its row,
which `cancel` closes, and its standard input, which closes when the process that started it dies.
"""

from __future__ import annotations

import argparse
import errno
import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from filelock import FileLock, Timeout

from labeling.runs import OPEN, RunProgress, RunState
from labeling.schema import now
from labeling.store import Store
from models.errors import MienError
from models.home import Home, make_private
from models.versions import Versions

WATCH_EVERY = 0.3
KEEP_EVERY = 0.5
SETTLES_WITHIN = timedelta(seconds=10)
"""After its end a cancelled run's process may take a moment to be gone; only then can its leftovers be removed."""
START_WITHIN = timedelta(seconds=60)
LIVE_LASTS = 3.0
"""Seconds after its last frame for which the live view counts as in use."""

# Not every library says it by the error's number.
DISK_FULL = (os.strerror(errno.ENOSPC), os.strerror(errno.EDQUOT), "[MIL FileWriter]")

log = logging.getLogger(__name__)

_children: dict[int, subprocess.Popen[bytes]] = {}


def start(home: Home, store: Store, *, seed: int = 0, go_on: bool = False) -> RunState:
    """Start a run in a process of its own. It begins from the base model, or with `go_on` from the active version.

    Raises:
        Busy: one is under way already.
    """
    recover(home, store)
    run = store.runs.queue(seed, "starting")
    command = [sys.executable, "-m", "training.process", str(run.id), "--home", str(home.path)]
    command += ["--go-on"] if go_on else []
    environment = os.environ | {"OMP_WAIT_POLICY": "passive", "GOMP_SPINCOUNT": "0", "PYTHONUNBUFFERED": "1"}
    environment["OMP_NUM_THREADS"] = str(threads(home))
    root = str(Path(__file__).parent.parent)
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, [root, environment.get("PYTHONPATH")]))
    try:
        with home.training_log.open("wb") as output:
            make_private(home.training_log)
            _children[run.id] = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=output, stderr=output, env=environment, start_new_session=True
            )
    except OSError as error:
        store.runs.end(run.id, "failed", f"The training process could not be started: {error.strerror or error}.")
    return store.runs.get(run.id)


def cancel(store: Store, run_id: int) -> RunState:
    """Cancel a run; its process stops within a second. A run that is over already stays as it is."""
    child = _children.get(run_id)
    if store.runs.end(run_id, "cancelled", "Cancelled.") and child is not None:
        child.terminate()  # it would see by itself, but not before its libraries are imported
    return store.runs.get(run_id)


def recover(home: Home, store: Store) -> RunState | None:
    """Mark a run whose process has died as interrupted and remove what it left; the newest run after that.

    `keep` calls this for the server; who starts or awaits a run without one calls it for itself.
    """
    run = store.runs.latest()
    dead = run is not None and _dead(run.id)
    _reap()
    if run is None or run.state == "done":
        return run
    if run.open and run.pid is None and not dead and now() - run.created < START_WITHIN:
        return run
    lock = FileLock(home.training_lock, mode=0o600)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return run
    try:
        store.runs.end(run.id, "interrupted", "Training was interrupted before it was done. Start it again.")
        clean_up(home, store)
    finally:
        lock.release()
    return store.runs.latest()


def keep(home: Home, store: Store, stop: threading.Event) -> None:
    """Looks after the newest run until `stop` is set, so that who only asks for its state need change nothing."""
    looked = False
    while True:
        try:
            run = store.runs.latest()
            just_ended = run is not None and run.finished is not None and now() - run.finished < SETTLES_WITHIN
            if run is not None and (run.open or just_ended or not looked):
                recover(home, store)
            looked = True
        except Exception:
            log.exception("A training run could not be looked after")
        if stop.wait(KEEP_EVERY):
            return


def clean_up(home: Home, store: Store) -> None:
    """Remove what unfinished runs left in `versions/`: partial folders, and versions that no run finished with."""
    versions = Versions(home.versions)
    versions.sweep()
    for number in versions.numbers()[1:]:
        try:
            card = versions.get(number).card
            if card.run is None or card.created is None:
                continue
            run = store.runs.get(card.run)
            made_by_it = card.created >= run.created
        except (MienError, TypeError):
            continue
        # A version that came from elsewhere, with another database, may name a run of the same number.
        if made_by_it and run.state not in ("done", *OPEN) and number != store.settings.active_version():
            versions.delete(number)


def threads(home: Home) -> int:
    """How many threads a job should train with now: half the processors while someone looks at the live view."""
    processors = min(8, os.cpu_count() or 1)
    try:
        live = time.time() - home.live.stat().st_mtime < LIVE_LASTS
    except OSError:
        live = False
    return max(1, processors // 2) if live else processors


def follow(home: Home, store: Store, run: RunState, report: Callable[[RunState], None]) -> RunState:
    """Wait for the end of a run; `report` gets the state about four times a second. Ctrl-C cancels."""
    try:
        while run.open:
            report(run)
            time.sleep(0.25)
            recover(home, store)
            run = store.runs.get(run.id)
    except KeyboardInterrupt:
        run = cancel(store, run.id)
    report(run)
    return run


def work(home: Home, store: Store, run_id: int, go_on: bool) -> None:
    """The job itself: train, export, prove, write the version, activate it where it is better."""
    from training.pipeline import produce

    def report(progress: RunProgress) -> None:
        if not store.runs.change(run_id, progress):
            raise SystemExit(0)

    version, promoted = produce(home, store, store.runs.get(run_id), go_on, report)
    if not store.runs.finish(run_id, version.number, promoted.reason, promoted.activate):
        Versions(home.versions).delete(version.number)


def explain(error: BaseException) -> str:
    """What went wrong, as a sentence for the user."""
    if any(sign in str(error) for sign in DISK_FULL):
        return "The disk is full, so no version was written. Make room, then retrain."
    if isinstance(error, OSError):
        return f"The version could not be written: {error.strerror or error} ({error.filename or 'disk'})."
    if isinstance(error, MemoryError):
        return "There is too little memory to train. Close other programs, then retrain."
    if isinstance(error, (MienError, ValueError)):
        return str(error)
    return f"Training stopped at a fault of Mien's own: {type(error).__name__}: {error}"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m training.process", description="Carry out a queued training run.")
    parser.add_argument("run", type=int)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--go-on", action="store_true", help="start from the active version, not from the base model")
    chosen = parser.parse_args()
    os.umask(0o077)  # what it writes is in the home, and nobody else's to read
    home = Home(chosen.home)
    store = Store(home.database_url)
    lock = FileLock(home.training_lock, mode=0o600)
    try:
        lock.acquire(timeout=10)
    except Timeout:
        store.runs.end(chosen.run, "failed", "Another training process is still at work. Try again in a moment.")
        return 1
    begun = RunProgress(state="running", started=now(), pid=os.getpid(), stage="reading images")
    if not store.runs.change(chosen.run, begun):
        return 1
    _give_way()
    threading.Thread(target=_watch, args=(home, store, chosen.run), daemon=True).start()
    try:
        work(home, store, chosen.run, chosen.go_on)
    except Exception as error:
        import traceback

        traceback.print_exc()
        store.runs.end(chosen.run, "failed", explain(error))
        Versions(home.versions).sweep()
        return 1
    return 0


def _give_way() -> None:
    """Let the live view go first. Linux weighs sessions first and processes within them after, so both are told."""
    if hasattr(os, "nice"):
        os.nice(10)
    with suppress(OSError):
        Path("/proc/self/autogroup").write_text("10")


def _watch(home: Home, store: Store, run_id: int) -> None:
    """Ends this process once its run was closed by another one, or the one that started it is gone."""
    orphaned = threading.Event()
    threading.Thread(target=_wait_for_parent, args=(orphaned,), daemon=True).start()
    while not orphaned.wait(WATCH_EVERY):
        run = store.runs.get(run_id)
        if run.state == "cancelled":
            Versions(home.versions).sweep()
            os._exit(0)
    os._exit(1)  # the next start marks the run interrupted and sweeps up


def _wait_for_parent(orphaned: threading.Event) -> None:
    if sys.stdin is not None and not sys.stdin.isatty():
        while os.read(sys.stdin.fileno(), 1):  # not through a buffer, whose lock the end of this process would want
            pass
        orphaned.set()


def _dead(run_id: int) -> bool:
    child = _children.get(run_id)
    return child is not None and child.poll() is not None


def _reap() -> None:
    for run_id, child in list(_children.items()):
        if child.poll() is not None and _children.pop(run_id, None) is not None and child.stdin is not None:
            child.stdin.close()


if __name__ == "__main__":
    sys.exit(main())
