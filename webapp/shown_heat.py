"""What spoke for a face's label, as JSON: the one form of it for pictures, stored images and the live socket."""

from __future__ import annotations

import math

from models.heat_map import FaceHeat, HeatMap
from models.predictor import Face, Predictor
from models.versions import BadVersion
from webapp.answer_model import AnswerModel

Place = tuple[float, float]
"""Across and down, in fractions of a picture; it may lie beyond the edge."""


class Heat(AnswerModel):
    """The face's crop in cells, row by row: what each adds to the log odds of the face's label, below 0 where it speaks
    against it. `corners` are the crop's upper left, upper right and lower left one: it may be turned.
    """

    cells: list[list[float]]
    corners: tuple[Place, Place, Place]


def heat_of(face: Face, width: int, height: int) -> Heat | None:
    """A face's heat, if it has any, for who shows it on its picture of that width and height."""
    return None if face.heat is None else shown_heat(face.heat, width, height)


def shown_heat(heat: FaceHeat, width: int, height: int) -> Heat:
    """`heat` for who shows it on a picture of that width and height, at any size."""
    square, half = heat.square, heat.square.side / 2
    cosine, sine = half * math.cos(square.angle), half * math.sin(square.angle)

    def place(across: int, down: int) -> Place:
        x = square.x + across * cosine - down * sine
        y = square.y + across * sine + down * cosine
        return round(x / width, 4), round(y / height, 4)

    cells = [[round(value, 2) for value in row] for row in heat.cells.tolist()]
    return Heat(cells=cells, corners=(place(-1, -1), place(1, -1), place(-1, 1)))


def heat_map_of(predictor: Predictor) -> tuple[HeatMap | None, str]:
    """A predictor's heat map, or None and why it has none: faces are named without it too."""
    try:
        return predictor.heat_map, ""
    except BadVersion as error:
        return None, f"Version {predictor.number} cannot show what spoke for its answers. {error}"
