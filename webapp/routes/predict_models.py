"""What the routes of `predict_routes` answer."""

from __future__ import annotations

from typing import Literal

from webapp.answer_model import AnswerModel
from webapp.label_colors import LabelColor
from webapp.named_face import NamedFace
from webapp.shown_heat import Heat


class Status(AnswerModel):
    """What the page shows at its head: the version in use and its labels, the labels that can be given, the number of
    images, and what everyone should know ("" mostly)."""

    version: int
    labels: list[LabelColor]
    teachable: list[LabelColor]
    images: int
    notice: str


class PictureFace(NamedFace):
    """A face of a picture; with `heat`, where that was asked for and can be had."""

    heat: Heat | None = None


class PictureFaces(AnswerModel):
    """The faces of one picture, boxes in fractions of it; `ms` is how long it took. `no_heat` says why there is no heat
    though it was asked for ("" otherwise)."""

    version: int
    labels: list[LabelColor]
    width: int
    height: int
    ms: float
    faces: list[PictureFace]
    no_heat: str = ""


class TaughtPicture(AnswerModel):
    """What became of a picture's face: `image` is the stored one that it is, `guess` the label the model gave it."""

    image: int
    state: Literal["added", "duplicate", "near-duplicate"]
    label: str
    guess: str


class ComparedFace(AnswerModel):
    """The largest face of a picture, as several versions name it, in the order asked for; `answers` is empty where the
    picture has no face. Boxes are in fractions of the picture."""

    answers: list[NamedFace]
