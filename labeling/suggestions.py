"""Suggestions: what model versions take images for, and which images they have not seen."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, bindparam, delete, func, insert, or_, select, update

from labeling.database import Database
from labeling.doubts import refresh_disagreements
from labeling.queries import chunks, existing_images
from labeling.schema import ImageRow, SuggestionRow, now
from labeling.settings import put_setting
from labeling.stored_faces import Guess


class Suggestions:
    """The part of the store that keeps suggestions."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def record(self, guesses: Mapping[int, Guess], labels: Sequence[str] = ()) -> None:
        """Stores what a model takes images for. `labels` are all that it knows: no other can disagree with it."""
        with self._database.writing() as connection:
            if labels:
                put_setting(connection, "suggesting_labels", json.dumps(list(labels)))
            there = existing_images(connection, list(guesses))
            record_guesses(connection, {image_id: guesses[image_id] for image_id in there})
            for chunk in chunks(there):
                refresh_disagreements(connection, chunk)

    def pass_over(self, image_ids: Sequence[int], version: int) -> None:
        """Notes that model `version` has been asked about images that give it nothing to answer."""
        nothing = {"suggested": None, "certainty": None, "suggested_version": version}
        with self._database.writing() as connection:
            for chunk in chunks(image_ids):
                connection.execute(update(ImageRow).where(ImageRow.id.in_(chunk)).values(nothing))
                refresh_disagreements(connection, chunk)

    def waiting(self, version: int, limit: int = 64) -> list[int]:
        """Images that model `version` has not been asked about, or not last."""
        query = select(ImageRow.id).where(ImageRow.deleted.is_(None), or_(*_waits_for(version)))
        with self._database.reading() as connection:
            return list(connection.scalars(query.limit(limit)))

    def left(self, version: int) -> int:
        """How many images wait for `version`; soon counted where few do."""
        with self._database.reading() as connection:
            return int(connection.scalar(left_query(version)) or 0)


def left_query(version: int) -> Select[Any]:
    """Counts what waits for `version`, a range of the index for each way to wait."""
    alive = select(func.count()).select_from(ImageRow).where(ImageRow.deleted.is_(None))
    never, before, after = (alive.where(condition).scalar_subquery() for condition in _waits_for(version))
    return select(never + before + after)


def _waits_for(version: int) -> tuple[ColumnElement[bool], ColumnElement[bool], ColumnElement[bool]]:
    last = ImageRow.suggested_version
    return last.is_(None), last < version, last > version


def record_guesses(connection: Connection, guesses: Mapping[int, Guess]) -> None:
    """Stores what a model takes images for, all of which are there, in place of what its version said before."""
    if not guesses:
        return
    time = now()
    rows = [
        {"image_id": image_id, "version": guess.version, "label": guess.label, "certainty": guess.certainty}
        for image_id, guess in guesses.items()
    ]
    for version in {guess.version for guess in guesses.values()}:
        for chunk in chunks([image_id for image_id, guess in guesses.items() if guess.version == version]):
            told = SuggestionRow.image_id.in_(chunk), SuggestionRow.version == version
            connection.execute(delete(SuggestionRow).where(*told))
    connection.execute(insert(SuggestionRow), [{**row, "created": time} for row in rows])
    connection.execute(_NEWEST, rows)  # without `created`: an update sets each column that its parameters name


_NEWEST = (
    update(ImageRow)
    .where(ImageRow.id == bindparam("image_id"))
    .values(suggested=bindparam("label"), certainty=bindparam("certainty"), suggested_version=bindparam("version"))
)
