"""What the routes of `label_routes` take and answer."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel

from webapp.answer_model import AnswerModel
from webapp.routes.data_models import OverviewFigures


class NewLabel(BaseModel):
    """A label to add; the first free colour and key unless given."""

    name: str
    color: str | None = None
    key: str | None = None


class LabelRenaming(BaseModel):
    name: str
    to: str


class LabelSettings(BaseModel):
    """What of a label to change; what is not given stays. A label that has the key already gets this one's."""

    name: str
    color: str | None = None
    key: str | None = None
    enabled: bool | None = None


class LabelOrder(BaseModel):
    order: list[str]


class LabelMerging(BaseModel):
    """`name` goes away; its images become those of `to`."""

    name: str
    to: str


class LabelRemoval(BaseModel):
    """What becomes of the label's images: they lose it, go to the trash, or move to the label `to`."""

    name: str
    images: Literal["unlabel", "delete", "move"] = "unlabel"
    to: str = ""


class LabelGone(AnswerModel):
    """A label was merged or removed: `action` is what takes it back."""

    action: str
    overview: OverviewFigures
