"""A face's five points as text, in the database and in a data set's table."""

from __future__ import annotations

import json

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Dialect, Text, TypeDecorator

LONGEST = 1000
FARTHEST = 1e6


class FacePoints(TypeDecorator[NDArray[np.float32]]):
    """Points (5, 2) in their image's pixels, or None where there are none, "" in the database; there NULL is for those
    that nobody has looked for. What a damaged page holds in their place is none.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: NDArray[np.float32] | None, dialect: Dialect) -> str:
        return points_text(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> NDArray[np.float32] | None:
        return points_in(value or "")


def points_text(points: NDArray[np.float32] | None) -> str:
    """Points as JSON, hundredths of a pixel; "" for none."""
    return "" if points is None else json.dumps(np.round(points.astype(np.float64), 2).tolist())


def points_in(text: str) -> NDArray[np.float32] | None:
    """The five points that a JSON text gives, (5, 2), finite; None where it gives none."""
    try:
        points = np.array(json.loads(text[:LONGEST]), np.float64)
    except (ValueError, TypeError, OverflowError, RecursionError):
        return None
    if points.shape != (5, 2) or not (np.abs(points) <= FARTHEST).all():
        return None
    return points.astype(np.float32)
