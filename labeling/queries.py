"""Pieces of queries that several parts of the store share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, select

from labeling.schema import ImageRow

CHUNK = 500


def chunks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """Pieces small enough for one statement's parameters."""
    for start in range(0, len(ids), CHUNK):
        yield ids[start : start + CHUNK]


def existing_images(connection: Connection, ids: Sequence[int]) -> list[int]:
    """Those of `ids` that are images, deleted softly or not."""
    found: list[int] = []
    for chunk in chunks(ids):
        found += connection.scalars(select(ImageRow.id).where(ImageRow.id.in_(chunk)))
    return found
