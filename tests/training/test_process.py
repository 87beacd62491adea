"""Real training processes on a real data set: done, cancelled, killed, out of disk."""

from __future__ import annotations

import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import pytest

from labeling.runs import Busy, RunState
from labeling.store import Store
from models.card import Verdict
from models.home import Home
from models.versions import BASE_FOLDER, WEIGHTS, Versions
from tests.training.conftest import Trained, follow, small_network
from tests.training.signed_faces import labelled_home
from training import process
from training.export import coreml

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


def left_in(home: Home) -> list[str]:
    return sorted(path.name for path in home.versions.iterdir())


def test_a_run_ends_in_a_version_that_is_active_where_it_is_better(trained: Trained) -> None:
    run, verdict = trained.run, trained.version.card.verdict
    assert (run.state, run.version, run.pid, run.seed) == ("done", 1, None, 5)
    assert verdict == Verdict(activate=not run.reason, reason=run.reason)
    assert trained.store.settings.active_version() == (0 if run.reason else 1)
    assert left_in(trained.home) == ["1"]
    assert run.started and run.finished and run.created <= run.started < run.finished


def test_a_run_is_done_and_its_version_active_both_or_neither(tmp_path: Path) -> None:
    _, store = labelled_home(tmp_path / "home", images=1)
    run = store.runs.queue()
    store.runs.end(run.id, "cancelled", "Cancelled.")
    assert not store.runs.finish(run.id, 4, "", activate=True) and store.settings.active_version() == 0
    for activate, active in ((False, 0), (True, 4)):
        run = store.runs.queue()
        assert store.runs.finish(run.id, 4, "", activate=activate)
        assert store.runs.get(run.id).state == "done" and store.settings.active_version() == active
    store.close()


def test_its_state_could_be_watched(trained: Trained) -> None:
    states = [run.state for run in trained.states]
    assert states[0] == "queued" and "running" in states and states[-1] == "done"
    stages = list(dict.fromkeys(run.stage for run in trained.states))
    assert stages[0] == "starting" and "training" in stages and "making the Core ML model" in stages
    epochs = [run.epoch for run in trained.states if run.epoch]
    assert epochs == sorted(epochs) and len(set(epochs)) > 5 and epochs[-1] == trained.run.epochs
    during = [run for run in trained.states if run.state == "running" and run.epoch and run.stage == "training"]
    assert all(run.pid and run.loss and run.seconds_left is not None for run in during)
    curves = trained.run.curves
    assert [len(curve) for curve in (curves.loss, curves.accuracy, curves.base)] == [trained.run.epochs] * 3


def moments() -> dict[str, Callable[[Home, RunState], bool]]:
    """When to kill; the last ones look at the disk, for a version half written or written and not yet finished."""

    def packing(home: Home, run: RunState) -> bool:
        return any(home.versions.glob(".partial-*/*"))

    return {
        "at once": lambda home, run: True,
        "while its libraries load": lambda home, run: time.sleep(1.0) is None,
        "reading": lambda home, run: run.state == "running",
        "training": lambda home, run: run.stage == "training",
        "first epoch": lambda home, run: bool(run.epoch),
        "tenth epoch": lambda home, run: (run.epoch or 0) >= 10,
        "last epoch": lambda home, run: run.epoch is not None and run.epoch == run.epochs,
        "exporting": lambda home, run: run.stage == "making the Core ML model",
        "packing": packing,
        "proving": lambda home, run: run.stage == "proving the Core ML model",
        "written": lambda home, run: (home.versions / "1").exists() or run.state == "done",
    }


@pytest.mark.timeout(900)
def test_killed_at_any_moment_it_leaves_nothing_and_can_start_again(
    ready: tuple[Home, Store], trained: Trained
) -> None:
    home, store = ready
    for name, moment in moments().items():
        run = process.start(home, store, seed=5)
        trainer = worker(home)
        while not moment(home, store.runs.get(run.id)):
            assert trainer.is_running() and trainer.status() != psutil.STATUS_ZOMBIE, name
            time.sleep(0.002)
        trainer.send_signal(signal.SIGKILL)
        after = follow(home, store, run.id)
        if name == "written" and after.state == "done":  # it was quicker than the signal
            break
        assert after.state == "interrupted" and "Start it again" in after.reason, name
        assert left_in(home) == [] and store.settings.active_version() == 0, name
    if left_in(home) == []:
        after = follow(home, store, process.start(home, store, seed=5).id)
    assert after.state == "done" and after.version == 1 and left_in(home) == ["1"]
    again = Versions(home.versions).get(1)
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
    assert time.monotonic() - began < 2
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
        run = follow(home, store, run_id, until=lambda run: bool(run.epoch))
        trainer = psutil.Process(run.pid)
        began = time.monotonic()
        process.cancel(store, run_id)
        while trainer.is_running() and trainer.status() != psutil.STATUS_ZOMBIE:
            assert time.monotonic() - began < 2
            time.sleep(0.02)
        assert follow(home, store, run_id).state == "cancelled" and left_in(home) == []
    finally:
        app.kill()
        app.wait()


@contextmanager
def little_room(folder: Path, room: int) -> Iterator[str]:
    """No more than `room` bytes for `folder`: a small file system where one can be mounted, else a limit a file.

    Gives what a run should say then.
    """
    mounted = shutil.which("mount") and os.geteuid() == 0
    if mounted and subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={room}", "none", folder]).returncode == 0:
        try:
            yield "The disk is full, so no version was written. Make room, then retrain."
        finally:
            subprocess.run(["umount", folder], check=True)
        return
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, limits[1]))
    try:
        yield r"disk is full|File too large"
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


def test_a_full_disk_while_the_version_is_written(ready: tuple[Home, Store]) -> None:
    home, store = ready
    weights = (BASE_FOLDER / WEIGHTS).stat().st_size
    with little_room(home.versions, weights * 3 // 2) as sentence:  # enough for the package, not for the weights beside
        run = follow(home, store, process.start(home, store).id)
        if "File too" not in sentence:
            assert (run.state, run.reason) == ("failed", sentence)
            assert left_in(home) == []
    assert store.settings.active_version() == 0
    if run.state == "done":
        pytest.skip("Without a mount only one file can be limited, and each of them fits.")


def test_a_full_disk_while_the_package_is_written(tmp_path: Path) -> None:
    with little_room(tmp_path, 8192) as sentence, pytest.raises(Exception) as caught:
        coreml.write_package(tmp_path / "Mien.mlpackage", small_network(), ("a", "b", "c"), 1.0)
    assert re.search(sentence, process.explain(caught.value))


def test_what_cannot_be_trained_on_fails_with_a_sentence(tmp_path: Path) -> None:
    home, store = labelled_home(tmp_path / "home", images=1)
    run = follow(home, store, process.start(home, store).id)
    assert run.state == "failed" and "at least two labels need 8 different images each" in run.reason
    assert left_in(home) == [] and store.settings.active_version() == 0
    store.close()


def test_a_version_from_elsewhere_is_not_taken_for_a_leftover(trained: Trained, tmp_path: Path) -> None:
    home, store = labelled_home(tmp_path / "home", images=1)
    shutil.copytree(trained.version.path, home.versions / "1")
    run = store.runs.queue()
    assert run.id == trained.run.id
    store.runs.end(run.id, "failed", "No reason.")
    process.recover(home, store)
    assert left_in(home) == ["1"]
    store.close()


def test_a_job_takes_half_the_processors_while_the_live_view_is_in_use(
    ready: tuple[Home, Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    home, _ = ready
    monkeypatch.setattr(os, "cpu_count", lambda: 6)
    assert process.threads(home) == 6
    home.live.touch()
    assert process.threads(home) == 3
    long_ago = time.time() - 60
    os.utime(home.live, (long_ago, long_ago))
    assert process.threads(home) == 6
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    home.live.touch()
    assert process.threads(home) == 1
