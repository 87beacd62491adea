"""Training runs as rows of the data set's database: one at a time, and what is said of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError, computed_field
from sqlalchemy import Connection, Update, insert, select, update

from labeling.database import Database
from labeling.queries import alone
from labeling.schema import RunRow, now
from labeling.settings import put_setting
from models.errors import Conflict, NotFound

OPEN = ("queued", "running")
PACKAGING = "making the Core ML model"
"""The last stage of a run: its version is there already."""
T = TypeVar("T")


class Busy(Conflict):
    """A run is under way already."""


class Curves(BaseModel):
    """After each epoch: the loss, and the share right, 0…1, of held-out faces and of the built-in expressions."""

    model_config = ConfigDict(frozen=True, json_schema_serialization_defaults_required=True)

    loss: tuple[float | None, ...] = ()
    accuracy: tuple[float | None, ...] = ()
    base: tuple[float | None, ...] = ()


class RunProgress(BaseModel):
    """What a run at work says of itself; only what is given changes. `seconds_left` in seconds, `accuracy` 0…1."""

    model_config = ConfigDict(frozen=True)

    state: Literal["running"] = "running"
    started: datetime | None = None
    pid: int | None = None
    epoch: int | None = None
    epochs: int | None = None
    loss: float | None = None
    accuracy: float | None = None
    seconds_left: float | None = None
    stage: str = ""
    curves: Curves = Curves()


class RunState(BaseModel):
    """A run as the page shows it. Times are aware datetimes, `seconds_left` in seconds, `accuracy` 0…1 or None.

    `hold_out`: the people whom somebody chose to be held out.
    `version` is there to be used, also while the run is still open and makes the Core ML model of it.
    """

    model_config = ConfigDict(frozen=True)

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
    hold_out: tuple[str, ...]
    curves: Curves

    @computed_field  # type: ignore[prop-decorator]
    @property
    def open(self) -> bool:
        """Whether it is queued or running."""
        return self.state in OPEN


class Runs:
    """The part of the store that keeps training runs."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def queue(self, seed: int = 0, stage: str = "", hold_out: Sequence[str] = ()) -> RunState:
        """A new run, queued, that will hold out these people.

        Raises:
            Busy: another one is queued or running.
        """
        with self._database.writing() as connection:
            alone(connection, RunRow)
            other = connection.scalar(select(RunRow.id).where(RunRow.state.in_(OPEN)))
            if other is not None:
                raise Busy(f"A training run is under way already (run {other}). Wait until it is done, or cancel it.")
            people = _PEOPLE.dump_json(tuple(hold_out)).decode()
            run = insert(RunRow).values(created=now(), seed=seed, stage=stage, hold_out=people)
            key = connection.execute(run).inserted_primary_key
            assert key is not None
        return self.get(int(key[0]))

    def get(self, run_id: int) -> RunState:
        """Run `run_id`. Raises NotFound where there is none."""
        with self._database.reading() as connection:
            row = connection.execute(select(RunRow.__table__).where(RunRow.id == run_id)).mappings().first()
        if row is None:
            raise NotFound(f"There is no training run {run_id}.")
        return _state(row)

    def latest(self) -> RunState | None:
        """The newest run."""
        with self._database.reading() as connection:
            row = connection.execute(select(RunRow.__table__).order_by(RunRow.id.desc()).limit(1)).mappings().first()
        return None if row is None else _state(row)

    def change(self, run_id: int, progress: RunProgress) -> bool:
        """Writes what a run at work says of itself; False when it is neither queued nor running any more."""
        values = {name: getattr(progress, name) for name in progress.model_fields_set}
        if "curves" in values:
            values["curves"] = progress.curves.model_dump_json()
        with self._database.writing() as connection:
            return bool(connection.execute(_open_run(run_id).values(**values)).rowcount)

    def publish(self, run_id: int, version: int, reason: str, activate: bool) -> bool:
        """Gives a run its version, which can be used from now on, and with `activate` is active: both or neither.

        The run stays open, for what is made of the version still. False when it was cancelled.
        """
        made = {"version": version, "reason": reason, "stage": PACKAGING, "seconds_left": None}
        with self._database.writing() as connection:
            if not connection.execute(_open_run(run_id).values(made)).rowcount:
                return False
            if activate:
                put_setting(connection, "active_version", str(version))
            return True

    def finish(self, run_id: int) -> bool:
        """Closes a run that has its version; False when it was closed already."""
        with self._database.writing() as connection:
            return _close(connection, run_id, made=True, state="done")

    def end(self, run_id: int, state: Literal["failed", "cancelled", "interrupted"], reason: str) -> bool:
        """Closes a run; one that has its version already is done, whatever kept it from going on.

        False when it was closed already.
        """
        with self._database.writing() as connection:
            return _close(connection, run_id, made=True, state="done") or _close(
                connection, run_id, made=False, state=state, reason=reason
            )


def _close(connection: Connection, run_id: int, *, made: bool, **values: str) -> bool:
    """Close a run if it is open and has a version, or has none; whether it was so."""
    has_version = RunRow.version.is_not(None) if made else RunRow.version.is_(None)
    closed = values | {"finished": now(), "stage": "", "pid": None, "seconds_left": None}
    return bool(connection.execute(_open_run(run_id).where(has_version).values(closed)).rowcount)


def _open_run(run_id: int) -> Update:
    return update(RunRow).where(RunRow.id == run_id, RunRow.state.in_(OPEN))


def _state(row: Mapping[Any, Any]) -> RunState:
    read = {"curves": _read(_CURVES, row["curves"], Curves()), "hold_out": _read(_PEOPLE, row["hold_out"], ())}
    return RunState.model_validate({**row, **read})


_CURVES = TypeAdapter(Curves)
_PEOPLE = TypeAdapter(tuple[str, ...])


def _read(adapter: TypeAdapter[T], text: str, default: T) -> T:
    """What the database holds as JSON; `default` where that is damaged, so that the run can still be shown."""
    try:
        return adapter.validate_json(text) if text else default
    except ValidationError:
        return default
