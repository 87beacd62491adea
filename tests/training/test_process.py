"""Real training processes on a real data set: done, cancelled, killed, orphaned."""

from __future__ import annotations

import os
import re
import shutil
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

from labeling.runs import PACKAGING, Busy, RunProgress, RunState
from labeling.store import Store
from models.card import Verdict
from models.home import Home
from models.predictor import Predictor
from models.versions import WEIGHTS, Versions
from tests.training.conftest import LATE_MOMENTS, MOMENTS, Trained, follow
from tests.training.signed_faces import labelled_home
from training import process
from training.process import Children
from webapp.actions.version_actions import bundle_version
from webapp.workspace import Workspace

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL"),
    pytest.mark.timeout(900),  # a run gives way to all else that the machine does
]


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


def left_in(home: Home) -> list[str]:
    return sorted(path.name for path in home.versions.iterdir())


def test_a_run_ends_in_a_version_that_is_active_since_it_is_better(trained: Trained) -> None:
    run, card = trained.run, trained.version.card
    assert (run.state, run.version, run.pid, run.seed, run.reason) == ("done", 1, None, 5, "")
    assert card.verdict == Verdict(activate=True, reason="")
    assert card.before and card.after and card.after.accuracy > card.before.accuracy
    assert trained.store.settings.active_version() == 1
    assert left_in(trained.home) == ["1"]
    assert run.started and run.finished and run.created <= run.started < run.finished


def test_its_state_could_be_watched(trained: Trained) -> None:
    states = [run.state for run in trained.states]
    assert states[0] == "queued" and "running" in states and states[-1] == "done"
    stages = list(dict.fromkeys(run.stage for run in trained.states))
    assert stages[0] == "starting" and "training" in stages
    assert stages[-3:] == ["proving the model", PACKAGING, ""], "the version is there before its Core ML package"
    assert [run.version for run in trained.states if run.stage == PACKAGING] == [1]
    epochs = [run.epoch for run in trained.states if run.epoch]
    assert epochs == sorted(epochs) and len(set(epochs)) > 5 and epochs[-1] == trained.run.epochs
    during = [run for run in trained.states if run.state == "running" and run.epoch and run.stage == "training"]
    assert all(run.pid and run.loss and run.seconds_left is not None for run in during)
    curves = trained.run.curves
    assert [len(curve) for curve in (curves.loss, curves.accuracy, curves.base)] == [trained.run.epochs] * 3


def assert_nothing_is_left(home: Home, store: Store, run_id: int) -> None:
    after = process.recover(home, store)
    assert after is not None and after.id == run_id
    assert after.state == "interrupted" and "Start it again" in after.reason and after.pid is None
    assert left_in(home) == [] and store.settings.active_version() == 0
    assert store.runs.queue().open


@pytest.mark.parametrize("moment", MOMENTS)
def test_dead_at_any_moment_it_leaves_nothing_and_can_start_again(trained: Trained, moment: str) -> None:
    home = trained.snapshots[moment]
    store = Store(home.database_url)
    assert MOMENTS[moment](home, store.runs.get(trained.run.id))
    assert_nothing_is_left(home, store, trained.run.id)
    store.close()


@pytest.mark.parametrize("moment", LATE_MOMENTS)
def test_dead_while_the_core_ml_package_is_made_it_leaves_a_version_in_use(trained: Trained, moment: str) -> None:
    home = trained.snapshots[moment]
    store = Store(home.database_url)
    dead = store.runs.get(trained.run.id)
    assert LATE_MOMENTS[moment](home, dead) and dead.open and store.settings.active_version() == 1
    after = process.recover(home, store)
    assert after is not None and (after.state, after.version, after.reason, after.pid) == ("done", 1, "", None)
    assert left_in(home) == ["1"] and store.settings.active_version() == 1 and store.runs.queue().open
    store.close()
    version = Versions(home.versions).get(1)
    assert version.card.proof is None and Predictor(version).version == version


def test_a_package_that_its_run_did_not_live_to_make_is_made_when_somebody_asks(
    trained: Trained, tmp_path: Path
) -> None:
    home = Home(shutil.copytree(trained.snapshots["packing"].path, tmp_path / "home"))
    with Workspace(home) as workspace:
        process.recover(home, workspace.store)
        bundle = bundle_version(workspace, 1, tmp_path / "mien.zip")
    assert [proof.format for proof in bundle.proofs] == ["Core ML"]


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


def test_dead_between_its_version_and_the_end_of_its_run_it_leaves_nothing(trained: Trained, tmp_path: Path) -> None:
    shutil.copytree(trained.home.path, tmp_path / "home")
    home = Home(tmp_path / "home")
    store = Store(home.database_url)
    with closing(sqlite3.connect(home.path / "mien.db")) as connection:
        connection.execute("UPDATE runs SET state = 'running', pid = 1, version = NULL, finished = NULL")
        connection.commit()
    store.settings.set_active_version(0)
    assert left_in(home) == ["1"]
    assert_nothing_is_left(home, store, trained.run.id)
    store.close()


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
    ahead.wait(60)
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


def test_a_version_from_elsewhere_is_not_taken_for_a_leftover(trained: Trained, tmp_path: Path) -> None:
    home, store = labelled_home(tmp_path / "home", images=1)
    shutil.copytree(trained.version.path, home.versions / "1")
    run = store.runs.queue()
    assert run.id == trained.run.id
    store.runs.end(run.id, "failed", "No reason.")
    process.recover(home, store)
    assert left_in(home) == ["1"]
    store.close()
