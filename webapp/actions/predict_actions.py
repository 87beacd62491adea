"""Naming the expressions of the faces in a picture."""

from __future__ import annotations

from dataclasses import dataclass

from models.pictures import decode
from models.predictor import Face, Predictor


@dataclass(frozen=True)
class NamedPicture:
    """A picture's size in pixels, and its faces, the largest first."""

    width: int
    height: int
    faces: list[Face]


def name_faces(predictor: Predictor, picture: bytes, *, crop: bool = False) -> NamedPicture:
    """Name the expression of every face of a picture; with `crop` it is one face and nothing else.

    Raises:
        BadImage: the bytes are no usable picture.
    """
    rgb = decode(picture)
    height, width = rgb.shape[:2]
    faces = [predictor.face(None, predictor.classify([rgb])[0])] if crop else predictor.faces(rgb)
    return NamedPicture(width, height, faces)
