"""What the trash holds: how many images, how large, of whom, and a page of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from labeling.database import Database
from labeling.deletion import IN_TRASH
from labeling.schema import ImageRow, LabelRow

MAX_PAGE = 500


@dataclass(frozen=True)
class TrashFigures:
    """How many images, and the bytes of their pictures; `people` are those who are named, with their images; `newest`
    is when the last one was put there.
    """

    images: int
    bytes: int
    people: list[tuple[str, int]]
    newest: datetime | None


@dataclass(frozen=True)
class TrashedImage:
    """An image in the trash, with what it was labelled as."""

    id: int
    label: str | None
    subject: str | None
    deleted: datetime


class Trash:
    """The part of the store that looks into the trash; `Deletions` fills and empties it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def figures(self) -> TrashFigures:
        total = select(func.count(), func.coalesce(func.sum(ImageRow.size), 0), func.max(ImageRow.deleted))
        people = select(ImageRow.subject, func.count()).where(IN_TRASH, ImageRow.subject.is_not(None))
        with self._database.reading() as connection:
            images, size, newest = connection.execute(total.where(IN_TRASH)).one()
            named = connection.execute(people.group_by(ImageRow.subject).order_by(ImageRow.subject)).all()
        return TrashFigures(
            int(images), int(size), [(name, count) for name, count in named if name is not None], newest
        )

    def page(self, page: int = 0, size: int = 60) -> Sequence[TrashedImage]:
        """Page number `page`, from 0: what was deleted last comes first."""
        size = max(1, min(size, MAX_PAGE))
        query = (
            select(ImageRow.id, LabelRow.name, ImageRow.subject, ImageRow.deleted)
            .outerjoin(LabelRow, LabelRow.id == ImageRow.label_id)
            .where(IN_TRASH)
            .order_by(ImageRow.deleted.desc(), ImageRow.id.desc())
            .limit(size)
            .offset(max(0, page) * size)
        )
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        return [TrashedImage(row.id, row.name, row.subject, row.deleted) for row in rows if row.deleted is not None]
