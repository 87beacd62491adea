"""Naming the expressions of the faces in a picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from models.finder import FaceFinder
from models.heat_map import HeatMap
from models.pictures import decode
from models.predictor import Face, Predictor


@dataclass(frozen=True)
class NamedPicture:
    """A picture's size in pixels, and its faces, the largest first."""

    width: int
    height: int
    faces: list[Face]


def name_faces(
    predictor: Predictor, picture: bytes, *, crop: bool = False, heat_map: HeatMap | None = None
) -> NamedPicture:
    """Name the expression of every face of a picture; with `crop` it is one face and nothing else. With the predictor's
    `heat_map` faces that were found have their heat.

    Raises:
        BadImage: the bytes are no usable picture.
    """
    rgb = decode(picture)
    height, width = rgb.shape[:2]
    faces = [predictor.named_crop(rgb)] if crop else predictor.faces(rgb, heat_map)
    return NamedPicture(width, height, faces)


def name_largest_face(predictors: Sequence[Predictor], picture: bytes) -> tuple[int, int, list[Face]]:
    """What each predictor says of the largest face of a picture, and the picture's width and height in pixels; of a
    picture without a face none says anything.

    Raises:
        BadImage: the bytes are no usable picture.
    """
    rgb = decode(picture)
    height, width = rgb.shape[:2]
    found = FaceFinder().find(rgb)[:1]
    return width, height, [face for predictor in predictors for face in predictor.named(rgb, found)]
