"""What the routes of `predict_routes` answer."""

from __future__ import annotations

from webapp.answer_model import AnswerModel
from webapp.label_colors import LabelColor
from webapp.named_face import NamedFace


class Status(AnswerModel):
    """What the page shows at its head: the version in use and its labels, the labels that can be given, the number of
    images, and what everyone should know ("" mostly)."""

    version: int
    labels: list[LabelColor]
    teachable: list[LabelColor]
    images: int
    notice: str


class PictureFaces(AnswerModel):
    """The faces of one picture, boxes in fractions of it; `ms` is how long it took."""

    version: int
    labels: list[LabelColor]
    width: int
    height: int
    ms: float
    faces: list[NamedFace]
