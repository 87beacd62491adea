"""Pieces of queries that several parts of the store share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, select, text

from labeling.schema import Base, ImageRow
from models.errors import NotFound

CHUNK = 500


def chunks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """Pieces small enough for one statement's parameters."""
    for start in range(0, len(ids), CHUNK):
        yield ids[start : start + CHUNK]


def alone(connection: Connection, table: type[Base]) -> None:
    """Lets no other transaction write to `table` until this one, which is writing, ends; readers are not kept waiting.

    SQLite has one writer at a time; PostgreSQL's transactions do not see what others are just adding.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"LOCK TABLE {table.__tablename__} IN SHARE ROW EXCLUSIVE MODE"))


def existing_images(connection: Connection, ids: Sequence[int]) -> list[int]:
    """Those of `ids` that are images, deleted softly or not."""
    found: list[int] = []
    for chunk in chunks(ids):
        found += connection.scalars(select(ImageRow.id).where(ImageRow.id.in_(chunk)))
    return found


def check_images_there(connection: Connection, ids: Sequence[int]) -> None:
    """Raises NotFound where one of `ids` is no image."""
    missing = set(ids).difference(existing_images(connection, ids))
    if missing:
        raise NotFound(f"There is no image {min(missing)}.")
