"""Looking at the data set: pages of thumbnails by filter, and the queue of what to label next.

Every query here is answered from an index; `tests/labeling/test_gallery.py` asks the database to explain them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Row, Select, UnaryExpression, func, select, true

from labeling.database import Database
from labeling.labels import find_label
from labeling.schema import FlagRow, ImageDataRow, ImageRow, LabelRow, ThumbnailRow
from models.box import Box
from models.errors import MienError, NotFound

Order = Literal["uncertain", "newest", "disagreement"]
ORDERS = ("uncertain", "newest", "disagreement")
FLAGS = ("duplicate", "blurry", "dark", "several", "mislabelled")
MAX_PAGE = 500

Sorting = tuple[UnaryExpression[Any], ...]
NEWEST: Sorting = (ImageRow.created.desc(), ImageRow.id.desc())

# The image's own bytes are read only where it is small and has no thumbnail.
_WHOLE = select(ImageDataRow.data).where(ImageDataRow.image_id == ImageRow.id).correlate(ImageRow).scalar_subquery()
_FLAGS = (
    select(func.aggregate_strings(FlagRow.flag, ","))
    .where(FlagRow.image_id == ImageRow.id)
    .correlate(ImageRow)
    .scalar_subquery()
)
_ITEM = (
    *(ImageRow.id, ImageRow.answer, LabelRow.name.label("label"), ImageRow.suggested, ImageRow.certainty),
    ImageRow.suggested_version,
    *(ImageRow.box_x, ImageRow.box_y, ImageRow.box_width, ImageRow.box_height),
    *(ImageRow.source, ImageRow.subject, ImageRow.session, ImageRow.created, ImageRow.width, ImageRow.height),
    *(func.coalesce(ThumbnailRow.data, _WHOLE).label("thumbnail"), _FLAGS.label("flags")),
)


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
    """An image as a listing shows it; `thumbnail` is a JPEG, or a PNG where the image itself is small.

    `suggested_version` is the one that gave the suggestion, `box` the face in the image's pixels. `flags` are in
    alphabetical order.
    """

    id: int
    answer: str
    label: str | None
    suggested: str | None
    certainty: float | None
    suggested_version: int | None
    source: str
    subject: str | None
    session: str | None
    created: datetime
    width: int
    height: int
    box: Box
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
            matching = matching_images(filter, _label_id(connection, filter))
            return _page(connection, matching, NEWEST, size, max(0, page) * size)

    def ids(self, filter: GalleryFilter) -> list[int]:
        """Every matching image, the newest first: for what is done to all of them at once."""
        with self._database.reading() as connection:
            return list(connection.scalars(matching_images(filter, _label_id(connection, filter)).order_by(*NEWEST)))

    def item(self, image_id: int) -> GalleryItem:
        """One image as a listing shows it, even if it is deleted softly. Raises NotFound where there is none."""
        with self._database.reading() as connection:
            row = connection.execute(_with_details(select(*_ITEM)).where(ImageRow.id == image_id)).first()
        if row is None:
            raise NotFound(f"There is no image {image_id}.")
        return _item(row)

    def thumbnail(self, image_id: int) -> bytes:
        """An image's thumbnail, a JPEG, or the image itself where it is small. Raises NotFound where there is none."""
        with self._database.reading() as connection:
            for column, of in ((ThumbnailRow.data, ThumbnailRow.image_id), (ImageDataRow.data, ImageDataRow.image_id)):
                data = connection.scalar(select(column).where(of == image_id))
                if data is not None:
                    return data
        raise NotFound(f"There is no image {image_id}.")

    def queue(self, order: Order = "uncertain", limit: int = 20, skip: int = 0) -> GalleryPage:
        """What to look at next: unlabelled images, or labelled ones that the model takes for something else.

        Raises:
            MienError: there is no such order.
        """
        waiting, by = queued_images(order)
        with self._database.reading() as connection:
            return _page(connection, waiting, by, limit, skip)


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


def queued_images(order: Order) -> tuple[Select[Any], Sorting]:
    """The ids of the images in the review queue, and what they are sorted by."""
    unanswered = select(ImageRow.id).where(ImageRow.deleted.is_(None), ImageRow.answer == "")
    if order == "uncertain":
        return unanswered, (ImageRow.certainty.asc(), ImageRow.id.asc())
    if order == "newest":
        return unanswered, NEWEST
    if order == "disagreement":
        doubtful = select(ImageRow.id).join(FlagRow, FlagRow.image_id == ImageRow.id)
        doubtful = doubtful.where(FlagRow.flag == "mislabelled", ImageRow.deleted.is_(None))
        return doubtful, (ImageRow.certainty.desc(), ImageRow.id.asc())
    raise MienError(f"“{str(order)[:20]}” is no order; orders are {', '.join(ORDERS)}.")


def _label_id(connection: Connection, filter: GalleryFilter) -> int | None:
    return None if filter.label is None else find_label(connection, filter.label).id


def page_query(matching: Select[Any], by: Sorting, size: int, skip: int) -> Select[Any]:
    """`size` of the matching images, after the first `skip` of them, each row with the total: all in one statement."""
    total = select(matching.with_only_columns(func.count()).scalar_subquery().label("total")).subquery()
    chosen = matching.order_by(*by).limit(size).offset(skip).subquery()
    # Where nothing is chosen there is one row still, with the total alone.
    joined = total.outerjoin(chosen, true()).outerjoin(ImageRow, ImageRow.id == chosen.c.id)
    return _with_details(select(total.c.total, *_ITEM).select_from(joined)).order_by(*by)


def _page(connection: Connection, matching: Select[Any], by: Sorting, size: int, skip: int) -> GalleryPage:
    rows = connection.execute(page_query(matching, by, size, skip)).all()
    return GalleryPage(rows[0].total, [_item(row) for row in rows if row.id is not None])


def _item(row: Row[Any]) -> GalleryItem:
    names = ("id", "answer", "label", "suggested", "certainty", "suggested_version", "source", "subject", "session")
    fields = {name: getattr(row, name) for name in (*names, "created", "width", "height", "thumbnail")}
    box = Box(row.box_x, row.box_y, row.box_width, row.box_height)
    flags = sorted(row.flags.split(",")) if row.flags else ()
    return GalleryItem(**fields, box=box, flags=tuple(flags))


def _with_details(query: Select[Any]) -> Select[Any]:
    return query.outerjoin(LabelRow, LabelRow.id == ImageRow.label_id).outerjoin(
        ThumbnailRow, ThumbnailRow.image_id == ImageRow.id
    )
