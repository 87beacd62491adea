"""What can be read of a data set whose file has damaged pages: all but what stood on them, and that by name.

A damaged page may make SQLite raise, or may pass for a page with other content; both are found here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Row, Select, select, text
from sqlalchemy.exc import DBAPIError

from labeling.metadata import ANSWER_FOLDERS
from labeling.reports import Refusal
from labeling.schema import DamagedMoment, ImageDataRow, ImageRow, LabelRow
from labeling.store import Store
from labeling.store_errors import StoreError
from labeling.stored_faces import ImageRecord
from models.box import Box

SIGNS = ("malformed", "disk I/O error", "Could not decode to UTF-8")
BOX = ("box_x", "box_y", "box_width", "box_height")

_INDEXES = sorted(
    str(index.name) for index in ImageRow.metadata.tables["images"].indexes if index.columns.keys()[0] == "deleted"
)
# By their numbers, and so without an index: the table is read where an index is damaged too.
_ROWS = (
    select(
        *(ImageRow.id, ImageRow.sha256, ImageRow.answer, LabelRow.name.label("label"), ImageRow.deleted),
        *(ImageRow.subject, ImageRow.session, ImageRow.source, ImageRow.created),
        *(getattr(ImageRow, name) for name in (*BOX, "points")),
    )
    .outerjoin(LabelRow, LabelRow.id == ImageRow.label_id)
    .order_by(ImageRow.id)
)


class DamagedImage(Exception):
    """An image's bytes cannot be read; the message says of them what is wrong."""


class _DamagedPage(Exception):
    """Some of what was asked for stands on a page that cannot be read."""


def readable_images(store: Store) -> tuple[list[ImageRecord], list[Refusal]]:
    """Each image that is not deleted, by id; and by name those whose rows are damaged.

    Raises:
        StoreError: the labels cannot be read, or nothing can.
    """
    known: set[int] | None = None
    lost: list[int] = []
    try:
        with _told_apart(), store.database.reading() as connection:
            rows = list(connection.execute(_ROWS))
            if store.database.path:
                known = _indexed_ids(connection, _INDEXES[0])
    except _DamagedPage as damage:
        rows, lost, known = _salvaged(store) if store.database.path else ([], [], None)
        if not rows:
            raise damage.__cause__ or damage from None
    sound = [_record(row) for row in rows if row.deleted is None and _is_sound(row)]
    if known is None:
        lost += [row.id for row in rows if row.deleted is None and not _is_sound(row)]
        return sound, _named_by_range(lost)
    return sound, [_damaged_row(image_id) for image_id in sorted(known.difference(image.id for image in sound))]


def read_bytes(store: Store, image: ImageRecord) -> bytes | None:
    """An image's bytes; None if it has been purged meanwhile.

    Raises:
        DamagedImage: they are not what was stored.
    """
    try:
        found = _read(store, select(ImageDataRow.data).where(ImageDataRow.image_id == image.id))
        if not found and not _read(store, select(ImageRow.id).where(ImageRow.id == image.id)):
            return None
    except _DamagedPage as error:
        raise DamagedImage("its bytes are damaged in the database.") from error
    if not found:
        raise DamagedImage("its bytes are missing in the database.")
    data = found[0].data
    if not isinstance(data, bytes) or hashlib.sha256(data).hexdigest() != image.sha256:
        raise DamagedImage("its bytes are damaged in the database.")
    return data


def _salvaged(store: Store) -> tuple[list[Row[Any]], list[int], set[int] | None]:
    """The rows that can be read, the numbers at which that fails, and the images that are known to be there."""
    store.labels.list(all=True)
    with store.database.reading() as connection:
        last = int(connection.scalar(text("SELECT seq FROM sqlite_sequence WHERE name = 'images'")) or 0)
    known = _known_ids(store)
    rows, lost = _read_around(store, range(1, last + 1))
    return rows, lost, known


def _read(store: Store, query: Select[Any]) -> list[Row[Any]]:
    with _told_apart(), store.database.reading() as connection:
        return list(connection.execute(query))


def _read_around(store: Store, ids: Sequence[int]) -> tuple[list[Row[Any]], list[int]]:
    """The rows among `ids` that can be read, and the numbers at which that fails, whether an image has them or not."""
    # For the end of a range the next page is looked at, for a single number it is not.
    among = ImageRow.id.between(ids[0], ids[-1]) if len(ids) > 1 else ImageRow.id == ids[0]
    try:
        return _read(store, _ROWS.where(among)), []
    except _DamagedPage:
        if len(ids) == 1:
            return [], [ids[0]]
    half = len(ids) // 2
    rows, lost = _read_around(store, ids[:half])
    more_rows, more_lost = _read_around(store, ids[half:])
    return rows + more_rows, lost + more_lost


def _known_ids(store: Store) -> set[int] | None:
    """The images that are not deleted; None where every index is damaged too."""
    for index in _INDEXES:
        with suppress(_DamagedPage), _told_apart(), store.database.reading() as connection:
            return _indexed_ids(connection, index)
    return None


def _indexed_ids(connection: Connection, index: str) -> set[int]:
    """The images that are not deleted, as an index has them without their rows."""
    return set(connection.scalars(text(f"SELECT id FROM images INDEXED BY {index} WHERE deleted IS NULL")))


def _named_by_range(lost: list[int]) -> list[Refusal]:
    runs = groupby(enumerate(sorted(lost)), lambda pair: pair[1] - pair[0])
    return [_damaged_rows([image_id for _, image_id in run]) for _, run in runs]


def _damaged_rows(run: list[int]) -> Refusal:
    if len(run) == 1:
        return _damaged_row(run[0])
    return Refusal(f"images {run[0]} to {run[-1]}", "the rows of those that there were are damaged in the database.")


def _damaged_row(image_id: int) -> Refusal:
    return Refusal(f"image {image_id}", "its row is damaged in the database.")


def _is_sound(row: Row[Any]) -> bool:
    """Whether a row has the kinds of values that are stored; what a damaged page passes for seldom has."""
    texts = (row.sha256, row.answer, row.source, row.subject or "", row.session or "", row.label or "")
    answered = row.label is not None if row.answer == "label" else row.answer in ANSWER_FOLDERS.values()
    kinds = [(datetime, [row.created]), (str, texts), (float, [getattr(row, name) for name in BOX])]
    return answered and all(isinstance(value, kind) for kind, values in kinds for value in values)


def _record(row: Row[Any]) -> ImageRecord:
    box = Box(row.box_x, row.box_y, row.box_width, row.box_height)
    said = (row.answer, row.label, row.subject, row.session, row.source)
    return ImageRecord(row.id, row.sha256, *said, row.created, box, row.points)


@contextmanager
def _told_apart() -> Iterator[None]:
    """Raises _DamagedPage for what a damaged page causes; other faults of the database go on as they are."""
    try:
        yield
    except (StoreError, DBAPIError) as error:
        cause = error.__cause__ if isinstance(error, StoreError) else error
        if not isinstance(cause, DamagedMoment) and not any(sign in str(cause) for sign in SIGNS):
            raise
        raise _DamagedPage from error
