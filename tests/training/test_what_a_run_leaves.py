"""What a run leaves behind when it ends, or dies at any moment of its way."""

from __future__ import annotations

import shutil
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest

from labeling.runs import PACKAGING
from labeling.store import Store
from models.card import Verdict
from models.home import Home
from models.predictor import Predictor
from models.versions import Versions
from tests.training.conftest import LATE_MOMENTS, MOMENTS, Trained, left_in
from tests.training.signed_faces import labelled_home
from training import process
from webapp.actions.version_actions import bundle_version
from webapp.workspace import Workspace

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")


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
    assert stages[0] == "starting" and "training" in stages and "looking for a small sign of wink" in stages
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


def test_a_version_from_elsewhere_is_not_taken_for_a_leftover(trained: Trained, tmp_path: Path) -> None:
    home, store = labelled_home(tmp_path / "home", images=1)
    shutil.copytree(trained.version.path, home.versions / "1")
    run = store.runs.queue()
    assert run.id == trained.run.id
    store.runs.end(run.id, "failed", "No reason.")
    process.recover(home, store)
    assert left_in(home) == ["1"]
    store.close()
