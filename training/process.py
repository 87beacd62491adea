"""Training in a process of its own: started, cancelled and looked after from here; `training.worker` is the process.

What becomes of a run is a row of the database. Whether its process lives is told by the lock file that it holds.
"""

from __future__ import annotations

import logging
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path

from filelock import FileLock, Timeout

from labeling.runs import OPEN, RunState
from labeling.schema import now
from labeling.store import Store
from models.errors import MienError
from models.home import Home, make_private
from models.versions import Versions
from training.module_process import module_command, module_environment
from training.priority import threads

KEEP_EVERY = 0.5
LONGEST_LOG = 2**20
"""Bytes from which on the log is begun anew; until then what earlier runs said stays, for whoever has a fault's id."""
SETTLES_WITHIN = timedelta(seconds=10)
"""After its end a cancelled run's process may take a moment to be gone; only then can its leftovers be removed."""
START_WITHIN = timedelta(seconds=60)

log = logging.getLogger(__name__)


ChildKey = tuple[str, int]
"""The name of a run's database, and the run's id there: each data set counts its runs by itself."""


class Children:
    """The training processes that this process has started, by data set and run. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._processes: dict[ChildKey, subprocess.Popen[bytes]] = {}

    def start(self, key: ChildKey, command: Sequence[str], log_file: Path, environment: Mapping[str, str]) -> None:
        """Raises OSError where the process cannot be started."""
        with log_file.open(_mode(log_file)) as output, self._lock:
            make_private(log_file)
            self._forget_ended()
            self._processes[key] = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=output, stderr=output, env=environment, start_new_session=True
            )

    def ended(self, key: ChildKey) -> bool:
        """Whether the run's process was started here and is gone."""
        with self._lock:
            child = self._processes.get(key)
            return child is not None and child.poll() is not None

    def terminate(self, key: ChildKey) -> None:
        """Ends the run's process where it was started here."""
        with self._lock:
            if key in self._processes:
                self._processes[key].terminate()

    def _forget_ended(self) -> None:
        for key, child in list(self._processes.items()):
            if child.poll() is not None:
                if child.stdin is not None:
                    child.stdin.close()
                del self._processes[key]


def _mode(log_file: Path) -> str:
    try:
        return "ab" if log_file.stat().st_size < LONGEST_LOG else "wb"
    except OSError:
        return "ab"


_children = Children()


def start(home: Home, store: Store, *, seed: int = 0, go_on: bool = False, hold_out: Sequence[str] = ()) -> RunState:
    """Start a run in a process of its own. It begins from the base model, or with `go_on` from the active version.

    `hold_out`: people whose faces, and no others, are held out.

    Raises:
        Busy: one is under way already.
    """
    recover(home, store)
    run = store.runs.queue(seed, "starting", hold_out)
    command = module_command("training.worker", str(run.id), "--home", str(home.path), *["--go-on"] * go_on)
    environment = module_environment() | {"OMP_NUM_THREADS": str(threads(home)), "PYTHONUNBUFFERED": "1"}
    environment |= {"OMP_WAIT_POLICY": "passive", "GOMP_SPINCOUNT": "0"}  # a thread that waits takes no processor
    try:
        _children.start((store.database.name, run.id), command, home.training_log, environment)
    except OSError as error:
        store.runs.end(run.id, "failed", f"The training process could not be started: {error.strerror or error}.")
    return store.runs.get(run.id)


def cancel(store: Store, run_id: int) -> RunState:
    """Cancel a run; its process stops within a second. A run that is over already stays as it is."""
    if store.runs.end(run_id, "cancelled", "Cancelled."):
        # It would see by itself, but not before its libraries are imported.
        _children.terminate((store.database.name, run_id))
    return store.runs.get(run_id)


def recover(home: Home, store: Store) -> RunState | None:
    """Mark a run whose process has died as interrupted and remove what it left; the newest run after that.

    `keep` calls this for the server; who starts or awaits a run without one calls it for itself. The database is
    written only where a run is to be marked.
    """
    run = store.runs.latest()
    gone = run is not None and _children.ended((store.database.name, run.id))
    if run is None:
        return run
    if run.open and run.pid is None and not gone and now() - run.created < START_WITHIN:
        return run
    lock = FileLock(home.training_lock, mode=0o600)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return run
    try:
        if run.open:
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
        except (MienError, TypeError):  # no such run, a damaged card, a time without its zone
            continue
        # A version that came from elsewhere, with another database, may name a run of the same number.
        if made_by_it and run.state not in ("done", *OPEN) and number != store.settings.active_version():
            versions.delete(number)


def await_package(home: Home, store: Store, version: int) -> None:
    """Wait for the run that has made `version`, should it still be making the Core ML package of it."""
    while (run := recover(home, store)) and run.open and run.version == version:
        time.sleep(0.2)


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
