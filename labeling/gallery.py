"""Looking at the data set: pages of thumbnails by filter, and the queue of what to label next.

Every query here is answered from an index; `tests/labeling/test_gallery.py` asks the database to explain them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Select, func, select

from labeling.database import Database
from labeling.labels import find_label
from labeling.schema import FlagRow, ImageDataRow, ImageRow, LabelRow, ThumbnailRow
from models.errors import MienError, NotFound

Order = Literal["uncertain", "newest", "disagreement"]
ORDERS = ("uncertain", "newest", "disagreement")
FLAGS = ("duplicate", "blurry", "dark", "several", "mislabelled")
MAX_PAGE = 500


@dataclass(frozen=True)
class GalleryFilter:
    """Which images: all of those that are not deleted, narrowed by what is given.

    `answer`: "label", "skip", "not_a_face", or "none" for unlabelled ones. `flag`: one of `FLAGS`. `subject`: "" for
    images without one. `since` and `until` bound the time of capture, the latter exclusively.
    """

    label: str | None = None
    answer: str | None = None
    source: str | None = None
    subject: str | None = None
    flag: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class GalleryItem:
    """An image as a listing shows it; `thumbnail` is a JPEG, or a PNG where the image itself is small."""

    id: int
    answer: str
    label: str | None
    suggested: str | None
    certainty: float | None
    source: str
    subject: str | None
    session: str | None
    created: datetime
    width: int
    height: int
    thumbnail: bytes
    flags: tuple[str, ...] = ()


@dataclass(frozen=True)
class GalleryPage:
    """One page of a listing; `total` counts all images that match."""

    total: int
    items: list[GalleryItem]


class Gallery:
    """The part of the store that lists."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def page(self, filter: GalleryFilter = GalleryFilter(), page: int = 0, size: int = 60) -> GalleryPage:
        """Page number `page`, from 0, of the matching images, the newest first.

        Raises:
            LabelError: the filter names a label that is not there.
            MienError: it names an answer or a flag that is none.
        """
        size = max(1, min(size, MAX_PAGE))
        with self._database.reading() as connection:
            label_id = find_label(connection, filter.label).id if filter.label is not None else None
            matching = matching_images(filter, label_id)
            total = connection.scalar(matching.with_only_columns(func.count())) or 0
            newest = matching.order_by(ImageRow.created.desc(), ImageRow.id.desc())
            ids: list[int] = list(connection.scalars(newest.limit(size).offset(max(0, page) * size)))
            rows = {row.id: row for row in connection.execute(_ITEMS.where(ImageRow.id.in_(ids)))}
            flags: dict[int, list[str]] = {}
            for image_id, flag in connection.execute(_FLAGS.where(FlagRow.image_id.in_(ids))):
                flags.setdefault(image_id, []).append(flag)
            # A small image has no thumbnail of its own.
            bare = [image_id for image_id in ids if rows[image_id].thumbnail is None]
            whole = {
                row.image_id: row.data for row in connection.execute(_WHOLE.where(ImageDataRow.image_id.in_(bare)))
            }
        return GalleryPage(total, [_item(rows[i], flags.get(i, []), whole.get(i, b"")) for i in ids])

    def ids(self, filter: GalleryFilter) -> list[int]:
        """Every matching image, the newest first: for what is done to all of them at once."""
        with self._database.reading() as connection:
            label_id = find_label(connection, filter.label).id if filter.label is not None else None
            newest = matching_images(filter, label_id).order_by(ImageRow.created.desc(), ImageRow.id.desc())
            return list(connection.scalars(newest))

    def item(self, image_id: int) -> GalleryItem:
        """One image as a listing shows it. Raises NotFound where there is none."""
        with self._database.reading() as connection:
            row = connection.execute(_ITEMS.where(ImageRow.id == image_id)).first()
            if row is None:
                raise NotFound(f"There is no image {image_id}.")
            flags = [flag for _, flag in connection.execute(_FLAGS.where(FlagRow.image_id == image_id))]
            whole = connection.scalar(select(ImageDataRow.data).where(ImageDataRow.image_id == image_id))
        return _item(row, flags, whole or b"")

    def queue(self, order: Order = "uncertain", limit: int = 20, skip: int = 0) -> GalleryPage:
        """What to look at next: unlabelled images, or labelled ones that the model takes for something else.

        Raises:
            MienError: there is no such order.
        """
        with self._database.reading() as connection:
            waiting = queue_ids(order)
            total = connection.scalar(waiting.with_only_columns(func.count()).order_by(None)) or 0
            ids: list[int] = list(connection.scalars(waiting.limit(limit).offset(skip)))
        return GalleryPage(total, [self.item(image_id) for image_id in ids])


def matching_images(filter: GalleryFilter, label_id: int | None = None) -> Select[Any]:
    """The ids of the images that match; `label_id` is the id of the filter's label."""
    conditions: list[ColumnElement[bool]] = [ImageRow.deleted.is_(None)]
    query = select(ImageRow.id)
    if filter.answer is not None and filter.answer not in ("label", "skip", "not_a_face", "none"):
        raise MienError(f"“{filter.answer[:20]}” is no kind of answer.")
    if filter.flag is not None:
        if filter.flag not in FLAGS:
            raise MienError(f"“{filter.flag[:20]}” is no flag; flags are {', '.join(FLAGS)}.")
        query = query.join(FlagRow, (FlagRow.image_id == ImageRow.id) & (FlagRow.flag == filter.flag))
    if label_id is not None:
        conditions.append(ImageRow.label_id == label_id)
    if filter.answer is not None:
        conditions.append(ImageRow.answer == ("" if filter.answer == "none" else filter.answer))
    if filter.source is not None:
        conditions.append(ImageRow.source == filter.source)
    if filter.subject is not None:
        conditions.append(ImageRow.subject == filter.subject if filter.subject else ImageRow.subject.is_(None))
    if filter.since is not None:
        conditions.append(ImageRow.created >= filter.since)
    if filter.until is not None:
        conditions.append(ImageRow.created < filter.until)
    return query.where(*conditions)


def queue_ids(order: Order) -> Select[Any]:
    """The ids of the review queue, in order."""
    unanswered = select(ImageRow.id).where(ImageRow.deleted.is_(None), ImageRow.answer == "")
    if order == "uncertain":
        return unanswered.order_by(ImageRow.certainty, ImageRow.id)
    if order == "newest":
        return unanswered.order_by(ImageRow.created.desc(), ImageRow.id.desc())
    if order == "disagreement":
        doubtful = select(ImageRow.id).join(FlagRow, FlagRow.image_id == ImageRow.id)
        doubtful = doubtful.where(FlagRow.flag == "mislabelled", ImageRow.deleted.is_(None))
        return doubtful.order_by(ImageRow.certainty.desc(), ImageRow.id)
    raise MienError(f"“{str(order)[:20]}” is no order; orders are {', '.join(ORDERS)}.")


def _item(row: Any, flags: list[str], whole: bytes) -> GalleryItem:
    names = ("id", "answer", "label", "suggested", "certainty", "source", "subject", "session", "created")
    fields = {name: getattr(row, name) for name in (*names, "width", "height")}
    return GalleryItem(**fields, thumbnail=row.thumbnail or whole, flags=tuple(flags))


_ITEMS = (
    select(
        *(ImageRow.id, ImageRow.answer, LabelRow.name.label("label"), ImageRow.suggested, ImageRow.certainty),
        *(ImageRow.source, ImageRow.subject, ImageRow.session, ImageRow.created, ImageRow.width, ImageRow.height),
        ThumbnailRow.data.label("thumbnail"),
    )
    .outerjoin(LabelRow, LabelRow.id == ImageRow.label_id)
    .outerjoin(ThumbnailRow, ThumbnailRow.image_id == ImageRow.id)
)
_FLAGS = select(FlagRow.image_id, FlagRow.flag)
_WHOLE = select(ImageDataRow.image_id, ImageDataRow.data)
