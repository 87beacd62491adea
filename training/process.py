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
from pydantic import BaseModel

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
AHEAD_LASTS = 120.0
"""Seconds for which a process that was started ahead may still be told its run; soon after it goes by itself."""

log = logging.getLogger(__name__)


ChildKey = tuple[str, int]
"""The name of a run's database, and the run's id there: each data set counts its runs by itself."""


class RunOrder(BaseModel):
    """What a training process is told, as a line of JSON on its standard input: the run to carry out."""

    run: int
    go_on: bool


class Children:
    """The training processes that this process has started, by data set and run. Thread-safe.

    One may be started ahead of its run, for a data set: it loads its libraries and waits to be told.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._processes: dict[ChildKey, subprocess.Popen[bytes]] = {}
        self._ahead: dict[str, tuple[subprocess.Popen[bytes], float]] = {}

    def start(
        self, key: ChildKey, command: Sequence[str], log_file: Path, environment: Mapping[str, str], told: bytes = b""
    ) -> None:
        """Tell the process that was started ahead, else a new one. Raises OSError where it cannot be started."""
        with self._lock:
            self._forget_ended()
            child = self._take_ahead(key[0]) or _open(command, log_file, environment)
            self._processes[key] = child
            assert child.stdin is not None
            child.stdin.write(told)
            child.stdin.flush()

    def start_ahead(
        self, name: str, command: Sequence[str], log_file: Path, environment: Mapping[str, str]
    ) -> subprocess.Popen[bytes]:
        """The process for the next run of data set `name`; one that is there already serves for it.

        Raises OSError where it cannot be started.
        """
        with self._lock:
            child = self._take_ahead(name) or _open(command, log_file, environment)
            self._ahead[name] = child, time.monotonic()
            return child

    def _take_ahead(self, name: str) -> subprocess.Popen[bytes] | None:
        child, started = self._ahead.pop(name, (None, 0.0))
        if child is None or (child.poll() is None and time.monotonic() - started < AHEAD_LASTS):
            return child
        assert child.stdin is not None
        child.stdin.close()  # if it is there still, it goes
        return None

    def ended(self, key: ChildKey) -> bool:
        """Whether the run's process was started here and is gone."""
        with self._lock:
            child = self._processes.get(key)
            return child is not None and child.poll() is not None

    def alive(self, key: ChildKey) -> bool:
        """Whether the run's process was started here and is at work."""
        with self._lock:
            child = self._processes.get(key)
            return child is not None and child.poll() is None

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


def _open(command: Sequence[str], log_file: Path, environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    with log_file.open(_mode(log_file)) as output:
        make_private(log_file)
        return subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=output, stderr=output, env=environment, start_new_session=True
        )


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
    told = RunOrder(run=run.id, go_on=go_on).model_dump_json().encode() + b"\n"
    try:
        _children.start((store.database.name, run.id), _command(home), home.training_log, _environment(home), told)
    except OSError as error:
        store.runs.end(run.id, "failed", f"The training process could not be started: {error.strerror or error}.")
    return store.runs.get(run.id)


def prepare(home: Home, store: Store) -> None:
    """Start the process of a run that is likely to come soon: its libraries take seconds to load, and some 400 MB.

    It waits for the run for `AHEAD_LASTS` seconds. While a run is under way nothing is started.
    """
    run = store.runs.latest()
    if run is not None and run.open:
        return
    try:
        _children.start_ahead(store.database.name, _command(home, "--ahead"), home.training_log, _environment(home))
    except OSError as error:
        log.warning("No training process could be started ahead: %s", error)


def _command(home: Home, *options: str) -> list[str]:
    return module_command("training.worker", "--home", str(home.path), *options)


def _environment(home: Home) -> dict[str, str]:
    environment = module_environment() | {"OMP_NUM_THREADS": str(threads(home)), "PYTHONUNBUFFERED": "1"}
    return environment | {"OMP_WAIT_POLICY": "passive", "GOMP_SPINCOUNT": "0"}  # a waiting thread takes no processor


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
    if run is None:
        return run
    if run.open and run.pid is None and _may_yet_begin(store, run):
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


def _may_yet_begin(store: Store, run: RunState) -> bool:
    """Whether a queued run's process lives, or, where another application started it, may do so."""
    key = (store.database.name, run.id)
    return _children.alive(key) or (not _children.ended(key) and now() - run.created < START_WITHIN)


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
    await_made(home, store, version, lambda: False)


def await_made(home: Home, store: Store, version: int, there: Callable[[], bool]) -> None:
    """Wait until something of `version` is there, or the run that has made the version is over."""
    while not there() and (run := recover(home, store)) and run.open and run.version == version:
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
