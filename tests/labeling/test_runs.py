from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from labeling.runs import Busy, Curves, RunProgress
from labeling.schema import RunRow, now
from labeling.store import Store
from models.errors import Conflict, NotFound
from tests.labeling.face_patterns import open_store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_store(tmp_path)


def test_one_run_at_a_time(store: Store) -> None:
    run = store.runs.queue(seed=7, stage="starting")
    assert (run.state, run.seed, run.stage, run.open, run.curves) == ("queued", 7, "starting", True, Curves())
    assert now() - run.created < timedelta(minutes=1)
    with pytest.raises(Busy, match=f"run {run.id}") as busy:
        store.runs.queue()
    assert isinstance(busy.value, Conflict)
    assert store.runs.end(run.id, "cancelled", "Cancelled.")
    second = store.runs.queue()
    assert store.runs.latest() == store.runs.get(second.id) != store.runs.get(run.id)
    with pytest.raises(NotFound, match="no training run 99"):
        store.runs.get(99)


def test_what_a_run_says_changes_nothing_else_and_nothing_once_it_is_closed(store: Store) -> None:
    run = store.runs.queue()
    curves = Curves(loss=(0.5, 0.25), accuracy=(None, 0.75), base=(0.5, 0.5))
    assert store.runs.change(run.id, RunProgress(state="running", pid=4, started=now(), stage="training"))
    assert store.runs.change(run.id, RunProgress(epoch=2, epochs=9, loss=0.25, seconds_left=3.5, curves=curves))
    assert store.runs.change(run.id, RunProgress(stage="measuring", seconds_left=None))
    seen = store.runs.get(run.id)
    assert (seen.state, seen.pid, seen.stage, seen.epoch, seen.loss, seen.seconds_left, seen.curves) == (
        *("running", 4, "measuring", 2, 0.25, None, curves),
    )
    assert store.runs.publish(run.id, 3, "Not better.", activate=False)
    made = store.runs.get(run.id)
    assert (made.state, made.open, made.version, made.reason, made.pid) == ("running", True, 3, "Not better.", 4)
    assert store.runs.finish(run.id)
    done = store.runs.get(run.id)
    assert (done.state, done.open, done.version, done.reason, done.pid) == ("done", False, 3, "Not better.", None)
    assert not store.runs.change(run.id, RunProgress(epoch=3))
    assert not store.runs.publish(run.id, 4, "", activate=True) and not store.runs.end(run.id, "failed", "")
    assert not store.runs.finish(run.id)
    assert store.runs.get(run.id) == done and store.settings.active_version() == 0


@pytest.mark.parametrize("end", ["cancelled", "failed", "interrupted"])
def test_a_run_that_has_its_version_is_done_however_it_ends(store: Store, end: Any) -> None:
    run = store.runs.queue()
    assert not store.runs.finish(run.id), "it has no version"
    assert store.runs.publish(run.id, 4, "", activate=True) and store.settings.active_version() == 4
    with pytest.raises(Busy):
        store.runs.queue()
    assert store.runs.end(run.id, end, "Ended.")
    done = store.runs.get(run.id)
    assert (done.state, done.version, done.reason, done.stage) == ("done", 4, "", "") and done.finished
    assert not store.runs.end(run.id, end, "Ended.") and store.runs.queue().open


def test_a_run_is_told_as_json_as_it_always_was(store: Store) -> None:
    run = store.runs.queue()
    told = json.loads(run.model_dump_json())
    assert set(told) == {
        *("id", "state", "created", "started", "finished", "pid", "epoch", "epochs", "loss", "accuracy"),
        *("seconds_left", "stage", "reason", "version", "seed", "hold_out", "curves", "open"),
    }
    assert told["open"] is True and told["curves"] == {"loss": [], "accuracy": [], "base": []}


@pytest.mark.parametrize("damaged", ["", "{", "[]", '{"loss": 3}', '{"loss": ["x"]}', "\x00"])
def test_damaged_curves_are_read_as_none(store: Store, damaged: str) -> None:
    run = store.runs.queue()
    with store.database.writing() as connection:
        connection.execute(update(RunRow).values(curves=damaged))
    assert store.runs.get(run.id).curves == Curves()


def test_a_run_keeps_whom_it_holds_out(store: Store) -> None:
    odd = "<img src=x onerror=alert(1)> “Ada”, \\ O'Neil\n"
    run = store.runs.queue(hold_out=["Bo", odd])
    assert store.runs.get(run.id).hold_out == ("Bo", odd)
    store.runs.end(run.id, "cancelled", "")
    assert store.runs.queue().hold_out == ()


def test_curves_of_an_older_mien_are_read(store: Store) -> None:
    run = store.runs.queue()
    with store.database.writing() as connection:
        old = json.dumps({"loss": [0.5], "accuracy": [None], "base": [0.25]})
        connection.execute(update(RunRow).values(curves=old))
    assert store.runs.get(run.id).curves == Curves(loss=(0.5,), accuracy=(None,), base=(0.25,))
