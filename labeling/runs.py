"""Training runs as rows of the data set's database: one at a time, and what is said of each."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from labeling.schema import Run, now
from labeling.settings import put_setting
from labeling.store import Store

OPEN = ("queued", "running")


class Busy(ValueError):
    """A run is under way already."""


@dataclass(frozen=True)
class RunState:
    """A run as the page shows it. Times are aware datetimes, `seconds_left` in seconds, `accuracy` 0…1 or None.

    `curves` has a list for each of loss, accuracy and base (one number an epoch).
    """

    id: int
    state: str
    created: datetime
    started: datetime | None
    finished: datetime | None
    pid: int | None
    epoch: int | None
    epochs: int | None
    loss: float | None
    accuracy: float | None
    seconds_left: float | None
    stage: str
    reason: str
    version: int | None
    seed: int
    curves: dict[str, list[float | None]]

    @property
    def open(self) -> bool:
        return self.state in OPEN

    def as_dict(self) -> dict[str, Any]:
        moments = {name: value and value.isoformat() for name, value in asdict(self).items() if name in _MOMENTS}
        return asdict(self) | moments | {"open": self.open}


_MOMENTS = ("created", "started", "finished")


def queue(store: Store, seed: int = 0, stage: str = "") -> RunState:
    """A new run, queued.

    Raises:
        Busy: another one is queued or running.
    """
    with store.writing() as connection:
        other = connection.scalar(select(Run.id).where(Run.state.in_(OPEN)))
        if other is not None:
            raise Busy(f"A training run is under way already (run {other}). Wait until it is done, or cancel it.")
        key = connection.execute(insert(Run).values(created=now(), seed=seed, stage=stage)).inserted_primary_key
        assert key is not None
    return get(store, int(key[0]))


def get(store: Store, run_id: int) -> RunState:
    """Run `run_id`. Raises KeyError where there is none."""
    with store.reading() as connection:
        row = connection.execute(select(Run.__table__).where(Run.id == run_id)).mappings().first()
    if row is None:
        raise KeyError(f"There is no training run {run_id}.")
    return _state(row)


def latest(store: Store) -> RunState | None:
    """The newest run."""
    with store.reading() as connection:
        row = connection.execute(select(Run.__table__).order_by(Run.id.desc()).limit(1)).mappings().first()
    return None if row is None else _state(row)


def change(store: Store, run_id: int, **values: Any) -> bool:
    """Change a run that is queued or running; False when it is neither any more."""
    with store.writing() as connection:
        return bool(connection.execute(_open_run(run_id).values(**values)).rowcount)


def finish(store: Store, run_id: int, version: int, reason: str, activate: bool) -> bool:
    """Mark a run done and, with `activate`, its version active, both or neither; False when it was cancelled."""
    with store.writing() as connection:
        values = {"state": "done", "finished": now(), "version": version, "reason": reason, "stage": "", "pid": None}
        if not connection.execute(_open_run(run_id).values(values)).rowcount:
            return False
        if activate:
            put_setting(connection, "active_version", str(version))
        return True


def end(store: Store, run_id: int, state: str, reason: str) -> bool:
    """Close a run as failed, cancelled or interrupted; False when it was closed already."""
    return change(store, run_id, state=state, reason=reason, finished=now(), stage="", pid=None, seconds_left=None)


def _open_run(run_id: int) -> Any:
    return update(Run).where(Run.id == run_id, Run.state.in_(OPEN))


def _state(row: Any) -> RunState:
    values = dict(row)
    try:
        values["curves"] = json.loads(values["curves"] or "{}")
    except ValueError:
        values["curves"] = {}
    return RunState(**values)
