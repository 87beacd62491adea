"""Real training processes on a real data set: done, cancelled, killed, orphaned."""

from __future__ import annotations

import os
import re
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from datetime import timedelta
from pathlib import Path

import psutil
import pytest
from filelock import FileLock

from labeling.runs import Busy, RunProgress, RunState
from labeling.store import Store
from models.home import Home
from models.versions import WEIGHTS, Versions
from tests.training.conftest import MOMENTS, Trained, follow, left_in
from tests.training.signed_faces import labelled_home
from training import process
from training.process import Children

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")


@pytest.fixture
def ready(tmp_path: Path) -> Iterator[tuple[Home, Store]]:
    home, store = labelled_home(tmp_path / "home")
    yield home, store
    store.close()


def worker(home: Home) -> psutil.Process:
    """The training process of `home`; one that has just been started may not show its command line yet."""
    until = time.monotonic() + 10
    while time.monotonic() < until:
        for child in psutil.Process().children(recursive=True):
            with suppress(psutil.Error):
                if child.status() != psutil.STATUS_ZOMBIE and str(home.path) in child.cmdline():
                    return child
        time.sleep(0.005)
    raise AssertionError("There is no training process.")


def test_a_download_waits_for_a_package_that_is_being_made(tmp_path: Path) -> None:
    home, store = labelled_home(tmp_path / "home", images=1)
    for ends in (True, False):
        run = store.runs.queue()
        store.runs.change(run.id, RunProgress(state="running", pid=os.getpid()))
        lock = FileLock(home.training_lock)
        with lock, ThreadPoolExecutor(1) as pool:
            process.await_package(home, store, 3)  # nobody makes one of version 3
            store.runs.publish(run.id, 3, "", activate=False)
            pool.submit(process.await_made, home, store, 3, lambda: True).result(timeout=10)
            waiting = pool.submit(process.await_package, home, store, 3)
            time.sleep(0.5)
            assert not waiting.done()
            if ends:
                store.runs.finish(run.id)
            else:
                lock.release()  # as the death of its process does
            waiting.result(timeout=10)
        assert store.runs.get(run.id).state == "done"
    store.close()


@pytest.mark.timeout(600)
def test_killed_it_is_interrupted_and_the_next_run_does_the_same_again(
    ready: tuple[Home, Store], trained: Trained
) -> None:
    home, store = ready
    moments: dict[str, Callable[[RunState], bool]] = {
        "at once": lambda run: True,
        "while its libraries load": lambda run: time.sleep(1.0) is None,
        "writing": lambda run: MOMENTS["writing"](home, run),
    }
    for name, moment in moments.items():
        run = process.start(home, store, seed=5)
        trainer = worker(home)
        while not moment(store.runs.get(run.id)):
            assert trainer.is_running() and trainer.status() != psutil.STATUS_ZOMBIE, name
            time.sleep(0.002)
        trainer.send_signal(signal.SIGKILL)
        after = follow(home, store, run.id)
        assert after.state == "interrupted" and "Start it again" in after.reason, name
        assert left_in(home) == [] and store.settings.active_version() == 0, name
    after = follow(home, store, process.start(home, store, seed=5).id)
    assert after.state == "done" and after.version and left_in(home) == [str(after.version)]
    again = Versions(home.versions).get(after.version)
    assert (again.path / WEIGHTS).read_bytes() == (trained.version.path / WEIGHTS).read_bytes(), "same data, same seed"


def test_a_second_click_says_that_one_is_under_way(ready: tuple[Home, Store]) -> None:
    home, store = ready
    run = process.start(home, store)
    with pytest.raises(Busy, match=rf"under way already \(run {run.id}\)"):
        process.start(home, store)
    follow(home, store, run.id, until=lambda run: bool(run.epoch))
    with pytest.raises(Busy):
        process.start(home, store)
    other = Store(home.database_url)
    with pytest.raises(Busy):
        other.runs.queue()
    other.close()

    trainer = worker(home)
    began = time.monotonic()
    assert process.cancel(store, run.id).state == "cancelled"
    trainer.wait(10)
    assert time.monotonic() - began < 5  # a second on a machine that does nothing else
    assert process.recover(home, store) == store.runs.get(run.id)
    assert left_in(home) == [] and store.settings.active_version() == 0
    assert process.cancel(store, run.id).state == "cancelled"

    run = process.start(home, store)  # and cancelled before it has begun
    trainer = worker(home)
    process.cancel(store, run.id)
    trainer.wait(2)
    assert follow(home, store, run.id).state == "cancelled"


START = """
import sys, time
from pathlib import Path
from labeling.store import Store
from models.home import open_home
from training import process
home = open_home(Path(sys.argv[1]))
print(process.start(home, Store(home.database_url)).id, flush=True)
time.sleep(600)
"""


def start_elsewhere(home: Home) -> tuple[subprocess.Popen[str], int]:
    """An application of its own that has started a run."""
    command = [sys.executable, "-c", START, str(home.path)]
    app = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2])
    assert app.stdout is not None
    return app, int(app.stdout.readline())


def test_a_run_is_waited_for_as_long_as_its_process_lives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home, store = labelled_home(tmp_path / "home", images=1)
    monkeypatch.setattr(process, "START_WITHIN", timedelta(0))
    monkeypatch.setattr(process, "module_command", lambda *words: ["sleep", "60"])  # as slow to load as can be
    run = process.start(home, store)
    assert process.recover(home, store) == run and run.state == "queued"
    process._children.terminate((store.database.name, run.id))
    assert follow(home, store, run.id).state == "interrupted"
    run = store.runs.queue()  # whose process nobody here has started
    after = process.recover(home, store)
    assert after is not None and (after.id, after.state) == (run.id, "interrupted")
    store.close()


def test_when_the_application_dies_so_does_its_run(ready: tuple[Home, Store]) -> None:
    home, store = ready
    app, run_id = start_elsewhere(home)
    run = follow(home, store, run_id, until=lambda run: bool(run.epoch))
    assert run.state == "running" and run.pid
    trainer = psutil.Process(run.pid)
    app.kill()
    app.wait()
    trainer.wait(10)
    after = process.recover(home, store)
    assert after is not None and after.state == "interrupted"
    assert left_in(home) == [] and store.settings.active_version() == 0


def test_another_process_cancels_it_too(ready: tuple[Home, Store]) -> None:
    home, store = ready
    app, run_id = start_elsewhere(home)
    try:
        run = follow(home, store, run_id, until=lambda run: run.state == "running")
        trainer = psutil.Process(run.pid)
        began = time.monotonic()
        process.cancel(store, run_id)
        while trainer.is_running() and trainer.status() != psutil.STATUS_ZOMBIE:
            assert time.monotonic() - began < 5  # a second on a machine that does nothing else
            time.sleep(0.02)
        assert follow(home, store, run_id).state == "cancelled" and left_in(home) == []
    finally:
        app.kill()
        app.wait()


FAULT = """
import training.dataset

def broken(*values, **named):
    return {}["a word that stands in no answer"]

training.dataset.copies_of = broken
"""


def test_a_fault_deep_inside_is_logged_under_the_id_that_the_run_names(
    ready: tuple[Home, Store], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, store = ready
    (tmp_path / "sitecustomize.py").write_text(FAULT)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=os.pathsep)
    home.training_log.write_text("what an earlier run said\n")
    run = follow(home, store, process.start(home, store).id)
    said = re.fullmatch(r"Mien failed at this \(id (\w{8})\); its log says why\.", run.reason)
    assert run.state == "failed" and said, (run, home.training_log.read_text())
    log = home.training_log.read_text()
    assert log.startswith("what an earlier run said\n")
    assert f"Training failed (id {said[1]})" in log and "KeyError: 'a word that stands in no answer'" in log
    assert left_in(home) == []


def test_who_asks_for_a_cancelled_run_does_not_wait_for_the_write_lock(tmp_path: Path) -> None:
    home, store = labelled_home(tmp_path / "home", images=1)
    for end in ("cancelled", "failed", "interrupted"):
        run = store.runs.queue()
        store.runs.end(run.id, end, "Ended.")  # type: ignore[arg-type]
        with closing(sqlite3.connect(home.path / "mien.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            began = time.monotonic()
            assert process.recover(home, store) == store.runs.get(run.id)
            assert time.monotonic() - began < 5  # a second on a machine that does nothing else
    store.close()


def test_two_threads_may_look_after_a_run_while_it_ends(tmp_path: Path) -> None:
    home, store = labelled_home(tmp_path / "home", images=1)
    home.training_log.write_bytes(b"." * process.LONGEST_LOG)
    run = process.start(home, store)
    assert home.training_log.stat().st_size < process.LONGEST_LOG, "a log that is long is begun anew"
    with ThreadPoolExecutor(2) as pool:
        ends = list(pool.map(lambda _: follow(home, store, run.id), range(2)))
    assert ends[0] == ends[1] and ends[0].state == "failed" and "at least two expressions" in ends[0].reason
    store.close()


def test_many_threads_may_ask_while_processes_end(tmp_path: Path) -> None:
    children, errors, stop = Children(), list[BaseException](), threading.Event()

    def ask() -> None:
        try:
            while not stop.is_set():
                for run in range(12):
                    children.ended(("data set", run))
                    children.terminate(("data set", run))
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for run in range(12):
        children.start(("data set", run), ["sleep", "60"], tmp_path / "log", os.environ)
    until = time.monotonic() + 20
    while not all(children.ended(("data set", run)) or run < 11 for run in range(12)) and time.monotonic() < until:
        time.sleep(0.01)
    stop.set()
    for thread in threads:
        thread.join()
    assert not errors and children.ended(("data set", 11))


def test_runs_of_two_data_sets_are_told_apart(tmp_path: Path) -> None:
    children = Children()
    children.start(("one", 1), ["true"], tmp_path / "log", os.environ)
    children.start(("another", 1), ["sleep", "60"], tmp_path / "log", os.environ)
    until = time.monotonic() + 20
    while not children.ended(("one", 1)) and time.monotonic() < until:
        time.sleep(0.01)
    children.terminate(("one", 1))
    assert not children.ended(("another", 1))
    children.terminate(("another", 1))


def test_a_process_started_ahead_carries_out_the_run_that_comes(tmp_path: Path) -> None:
    home, store = labelled_home(tmp_path / "home", images=1)
    process.prepare(home, store)
    ahead = worker(home)
    process.prepare(home, store)
    assert worker(home) == ahead, "one is enough"
    run = follow(home, store, process.start(home, store).id)
    assert run.state == "failed" and "at least two" in run.reason, run
    ahead.wait(10)
    run = process.start(home, store)  # it is gone: another one is started
    process.prepare(home, store)
    assert follow(home, store, run.id).state == "failed"
    store.close()


def test_a_process_started_ahead_that_is_too_old_is_let_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    children = Children()
    first = children.start_ahead("data set", ["cat"], tmp_path / "log", os.environ)
    assert children.start_ahead("data set", ["cat"], tmp_path / "log", os.environ) is first
    assert children.start_ahead("another", ["cat"], tmp_path / "log", os.environ) is not first
    monkeypatch.setattr(process, "AHEAD_LASTS", 0.0)
    children.start(("data set", 1), ["cat"], tmp_path / "log", os.environ, b"told\n")
    first.wait(10)
    until = time.monotonic() + 10
    while "told" not in (tmp_path / "log").read_text() and time.monotonic() < until:
        time.sleep(0.01)
    assert (tmp_path / "log").read_text() == "told\n"
    children.terminate(("data set", 1))
