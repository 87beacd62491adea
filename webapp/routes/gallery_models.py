"""What the routes of `gallery_routes` take and answer."""

from __future__ import annotations

import base64
from datetime import datetime, timedelta, timezone

from pydantic import BaseModel

from labeling.annotations import PastAnnotation
from labeling.gallery import GalleryFilter, GalleryItem, GalleryPage
from models.errors import MienError
from webapp.answer_model import AnswerModel, IsoTime
from webapp.named_face import CornerAndSize
from webapp.routes.data_models import Number
from webapp.shown_heat import Heat


class GalleryQuery(BaseModel):
    """Which images; what is empty does not count. `since` and `until` are days, both inclusive, in UTC; with
    `no_subject`, whatever it is, those whose subject is not named."""

    label: str = ""
    answer: str = ""
    source: str = ""
    flag: str = ""
    subject: str = ""
    no_subject: str = ""
    since: str = ""
    until: str = ""

    def filter(self) -> GalleryFilter:
        """Raises MienError where a day is none."""
        return GalleryFilter(
            label=self.label or None,
            answer=self.answer or None,
            source=self.source or None,
            flag=self.flag or None,
            subject="" if self.no_subject else self.subject or None,
            since=_midnight(self.since),
            until=_midnight(self.until, days=1),
        )


class GalleryPageQuery(GalleryQuery):
    """A page of them, counted from 0, of `size` images."""

    page: Number = 0
    size: Number = 60


class ListedImage(AnswerModel):
    """An image in a list; `thumbnail` is a data URI, so that a page of them is one answer. `suggested_version` gave the
    suggestion; `box` is the face, [x, y, width, height] in the image's pixels."""

    id: int
    answer: str
    label: str | None
    suggested: str | None
    certainty: float | None
    suggested_version: int | None
    source: str
    subject: str | None
    session: str | None
    created: IsoTime
    width: int
    height: int
    box: CornerAndSize
    thumbnail: str
    flags: list[str]


class ListedImages(AnswerModel):
    """One page of a list; `total` counts all images that match."""

    total: int
    items: list[ListedImage]


class ReviewQueue(ListedImages):
    """What to look at next; `waiting` counts the images that the version in use has not been asked about yet."""

    waiting: int


class HistoryEntry(AnswerModel):
    """One answer that was given about an image; `label` is the name it had then."""

    kind: str
    label: str | None
    who: str
    created: IsoTime


class ImageHeat(AnswerModel):
    """What the version in use takes an image's face for, its certainty 0…1, why that is not sure ("" where it is), and
    what spoke for it; `no_heat` says why that cannot be told ("" otherwise)."""

    version: int
    label: str
    certainty: float
    doubt: str
    heat: Heat | None
    no_heat: str


def listed_images(page: GalleryPage) -> ListedImages:
    return ListedImages(total=page.total, items=[listed_image(item) for item in page.items])


def listed_image(item: GalleryItem) -> ListedImage:
    encoded = base64.b64encode(item.thumbnail).decode()
    return ListedImage(
        **vars(item) | {"thumbnail": f"data:{media_type(item.thumbnail)};base64,{encoded}", "box": item.box.as_tuple()}
    )


def history_entry(answer: PastAnnotation) -> HistoryEntry:
    return HistoryEntry(**vars(answer))


def media_type(image: bytes) -> str:
    """Of an image as the store keeps it: JPEG or PNG."""
    return "image/png" if image[:4] == b"\x89PNG" else "image/jpeg"


def _midnight(day: str, days: int = 0) -> datetime | None:
    """The start of `day`, or of one so many days later."""
    if not day:
        return None
    try:
        return datetime.fromisoformat(day).replace(tzinfo=timezone.utc) + timedelta(days=days)
    except (ValueError, OverflowError) as error:
        raise MienError(f"“{day[:20]}” is no day that can be looked for; write one like 2026-03-14.") from error
