"""A face that was named, as JSON: the one form of it for the page, other programs and the command line."""

from __future__ import annotations

from models.predictor import Face
from models.quality import Fault
from webapp.answer_model import AnswerModel

CornerAndSize = tuple[float, float, float, float]
"""Left, top, width, height."""


class FaceQuality(AnswerModel):
    """How fit a face is to be named: `score` is 1 where nothing speaks against it, 0 where none can be; `faults`: what
    does, worst first."""

    score: float
    faults: list[Fault]


class NamedFace(AnswerModel):
    """A face's box (left, top, width, height; None where the picture is a face crop), label and probabilities 0…1.

    `doubt` says why the label is not sure: "too dark", "fear or surprise"; it is empty where the label is.
    """

    box: CornerAndSize | None
    label: str
    probabilities: dict[str, float]
    quality: FaceQuality
    doubt: str


def in_fractions(face: Face, width: int, height: int) -> NamedFace:
    """`face` with its box in fractions of a picture of this width and height, for who shows it at another size."""
    box = None
    if face.box is not None:
        x, y, w, h = face.box.as_tuple()
        box = (round(x / width, 4), round(y / height, 4), round(w / width, 4), round(h / height, 4))
    return _named(face, box, {name: round(share, 4) for name, share in face.probabilities.items()})


def in_pixels(face: Face) -> NamedFace:
    """`face` with its box in the picture's pixels."""
    box = None
    if face.box is not None:
        x, y, width, height = (round(value, 1) for value in face.box.as_tuple())
        box = (x, y, width, height)
    return _named(face, box, face.probabilities)


def _named(face: Face, box: CornerAndSize | None, probabilities: dict[str, float]) -> NamedFace:
    quality = FaceQuality(score=round(face.quality.score, 4), faults=list(face.quality.faults))
    return NamedFace(box=box, label=face.label, probabilities=probabilities, quality=quality, doubt=face.doubt)
