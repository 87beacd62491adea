"""What the routes of `trash_routes` take and answer."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, Field

from labeling.schema import EPOCH
from labeling.trash import TrashedImage
from webapp.answer_model import AnswerModel, IsoTime
from webapp.routes.data_models import MAX_IDS, Number, TrashSummary

PastTime = Annotated[AwareDatetime, Field(ge=EPOCH, le=datetime(9999, 1, 1, tzinfo=timezone.utc))]


class DeletionRequest(BaseModel):
    """What to delete: these images, everything of a subject, or everything; `for_good`: at once, from the trash too."""

    ids: list[Number] | None = Field(None, max_length=MAX_IDS)
    subject: str | None = None
    everything: bool = False
    for_good: bool = False


class Deleted(AnswerModel):
    """What went to the trash, and the `action` that takes it back. What was removed for good is `purged` images."""

    ids: list[int]
    action: str
    purged: int


class InTrash(AnswerModel):
    """An image in the trash; `label` is what it was labelled as."""

    id: int
    label: str | None
    subject: str | None
    deleted: IsoTime


class TrashPage(TrashSummary):
    """What the trash holds, one page of it, and for how many days it keeps an image."""

    days: int
    items: list[InTrash]


class TrashQuery(BaseModel):
    """A page of the trash, counted from 0, of `size` images."""

    page: Number = 0
    size: Number = 60


class RestoreRequest(BaseModel):
    """What to take out of the trash: these images, or all."""

    ids: list[Number] | None = Field(None, max_length=MAX_IDS)


class Restored(AnswerModel):
    restored: int


class PurgeRequest(RestoreRequest):
    """What to remove for good: these images of the trash, or all that were there at `until`, or all."""

    until: PastTime | None = None


class Purged(AnswerModel):
    """How many images are gone for good; `wiping` while a copy is left in the database's log."""

    purged: int
    wiping: bool


def in_trash(image: TrashedImage) -> InTrash:
    return InTrash(**vars(image))
