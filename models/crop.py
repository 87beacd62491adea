"""The face crop: the square that is cut out around a face's box, and its pixels as the network takes them."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from models.box import Box
from models.pictures import RGB


def crop(rgb: RGB, box: Box, scale: float = 1.0, side: int | None = None) -> RGB:
    """The square around `box`'s centre, its side `scale` times the box's height, edge pixels repeated beyond the frame.

    Resized to (side, side, 3) where `side` is given, else as large as it is in the picture.
    """
    length = max(1, round(box.height * scale))
    centre_x, centre_y = box.centre
    left, top = round(centre_x - length / 2), round(centre_y - length / 2)
    rows, above, below = _inside(top, length, rgb.shape[0])
    columns, before, after = _inside(left, length, rgb.shape[1])
    square: RGB = np.asarray(
        cv2.copyMakeBorder(rgb[rows, columns], above, below, before, after, cv2.BORDER_REPLICATE), np.uint8
    )
    if side is None or side == length:
        return square
    return resize(square, side)


def _inside(start: int, length: int, limit: int) -> tuple[slice, int, int]:
    """The part of `length` pixels from `start` on that a side of `limit` pixels has, and how many lack at either end.

    At least one pixel, the nearest, is in it.
    """
    first, last = min(max(start, 0), limit - 1), min(max(start + length - 1, 0), limit - 1)
    lacking = length - (last - first + 1)
    before = min(max(0, -start), lacking)
    return slice(first, last + 1), before, lacking - before


def resize(square: NDArray[np.uint8], side: int) -> NDArray[np.uint8]:
    """A square picture at another side: pixel areas averaged when it shrinks, linear when it grows."""
    method = cv2.INTER_AREA if square.shape[0] > side else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(square, (side, side), interpolation=method), np.uint8)


def grey_square(square: NDArray[np.uint8], side: int = 48) -> NDArray[np.uint8]:
    """A face crop, (S, S, 3) RGB or (S, S) grey, as the network sees it: (side, side), grey, 0…255."""
    grey = cv2.cvtColor(square, cv2.COLOR_RGB2GRAY) if square.ndim == 3 else square
    return resize(np.asarray(grey, np.uint8), side)


def grey_pixels(crops: Sequence[NDArray[np.uint8]], side: int = 48) -> NDArray[np.float32]:
    """Face crops as the network takes them: float (N, 1, side, side), grey, 0…255."""
    return np.stack([grey_square(crop, side) for crop in crops]).astype(np.float32)[:, None]
