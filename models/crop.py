"""The face crop: the turned square around a face's eyes and mouth, and its pixels as the network takes them.

Every place is as a box's edges are: (0, 0) is the picture's upper left corner, (0.5, 0.5) that pixel's middle.
"""

from __future__ import annotations

import cmath
import math
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from models.box import Box
from models.pictures import RGB

Pixels = NDArray[np.uint8]
"""A picture, (H, W, 3) RGB or (H, W) grey."""

SIDE = 1.91
"""The crop's side: so many times the root of the squared ways from eye to eye and from between them to the mouth."""
DOWN = 0.32
"""How far down the way from between the eyes to the mouth the crop's centre lies.

By these two the crops of FER+'s faces are FER+'s frames in the mean: 27,651 faces of its training part, YuNet's points.
"""
FARTHEST = 1e6
"""Pixels: points that are farther off belong to no face."""
SAMPLES = 2
"""A pixel of the crop that covers several of the picture is the mean of so many samples across and down."""


@dataclass(frozen=True)
class Square:
    """A square in a picture: its centre and side in pixels, and the angle (radians) by which its upper edge falls
    towards the right.
    """

    x: float
    y: float
    side: float
    angle: float = 0.0

    def wider(self, times: float) -> Square:
        """The square around the same centre with so many times the side."""
        return Square(self.x, self.y, self.side * times, self.angle)


def points_square(points: NDArray[np.floating]) -> Square | None:
    """The square around the face with these points (`FoundFace.points`), by its eyes and mouth alone.

    None where they give none of at least a pixel: points that coincide, or are no numbers.
    """
    # Plain numbers: NumPy takes three times as long for as few.
    coordinates = np.asarray(points, np.float64)[[0, 1, 3, 4]].ravel().tolist()
    if not all(abs(each) <= FARTHEST for each in coordinates):
        return None
    eye, other_eye, corner, other_corner = map(complex, coordinates[::2], coordinates[1::2])
    eyes, mouth = (eye + other_eye) / 2, (corner + other_corner) / 2
    across, down = other_eye - eye, mouth - eyes
    # Where the head turns aside eyes draw together, and mouths; the way down to the mouth hardly changes.
    right = across + (other_corner - corner) - 1j * down
    side = SIDE * math.hypot(abs(across), abs(down))
    if side < 1:
        return None
    centre = eyes + DOWN * down
    return Square(centre.real, centre.imag, side, cmath.phase(right))


def face_square(points: NDArray[np.floating] | None, box: Box) -> Square:
    """What is cut out of a face: the square of its points or, where they give none, the upright one of its box's height
    around the box's centre.
    """
    square = None if points is None else points_square(points)
    return square or Square(*box.centre, max(1.0, box.height))


def face_crop(picture: Pixels, points: NDArray[np.floating] | None, side: int = 48, box: Box | None = None) -> Pixels:
    """A face as the network sees it, (side, side) grey: `face_square`, edge pixels repeated beyond the picture.

    Without `box` the whole picture stands for it.
    """
    return cut(picture, face_square(points, box or Box(0, 0, picture.shape[1], picture.shape[0])), side)


def cut(picture: Pixels, square: Square, side: int) -> Pixels:
    """The pixels of a square, (side, side) grey, turned upright, edge pixels repeated beyond the picture.

    Where the square has more pixels than that, they are averaged.
    """
    part, left, top = _around(picture, square)  # colour still: it is halved in less time than it is made grey
    x, y, ratio = square.x - left, square.y - top, square.side / side
    while ratio > SAMPLES:
        part, across, down = _halved(part)
        x, y, ratio = x * across, y * down, ratio / 2
    grey = cv2.cvtColor(part, cv2.COLOR_RGB2GRAY) if part.ndim == 3 else part
    samples = SAMPLES if ratio > 1 else 1
    step, middle = ratio / samples, (side * samples - 1) / 2
    cosine, sine = step * math.cos(square.angle), step * math.sin(square.angle)
    places = np.array(
        [
            [cosine, -sine, x - 0.5 - middle * (cosine - sine)],
            [sine, cosine, y - 0.5 - middle * (cosine + sine)],
        ]
    )
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    fine = cv2.warpAffine(grey, places, (side * samples,) * 2, flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return resize(np.asarray(fine, np.uint8), side)


def _halved(picture: Pixels) -> tuple[Pixels, float, float]:
    """A picture at half its width and height, and what became of a pixel's. OpenCV is quick at whole halves only:
    an odd last row or column goes.
    """
    height, width = picture.shape[:2]
    even = picture[: max(1, height - height % 2), : max(1, width - width % 2)]
    size = max(1, width // 2), max(1, height // 2)
    half = np.asarray(cv2.resize(even, size, interpolation=cv2.INTER_AREA), np.uint8)
    return half, size[0] / even.shape[1], size[1] / even.shape[0]


def _around(picture: Pixels, square: Square) -> tuple[Pixels, int, int]:
    """The part of a picture in which a square lies, and where its left and upper edge are; where the square lies
    outside, what is nearest to it.
    """
    reach = square.side / 2 * (abs(math.cos(square.angle)) + abs(math.sin(square.angle))) + 1
    left, right = _inside(square.x - reach, square.x + reach, picture.shape[1])
    top, bottom = _inside(square.y - reach, square.y + reach, picture.shape[0])
    return picture[top:bottom, left:right], left, top


def _inside(first: float, end: float, limit: int) -> tuple[int, int]:
    start = min(max(0, math.floor(first)), limit - 1)
    return start, max(start + 1, min(limit, math.ceil(end)))


def upright_square(rgb: RGB, square: Square) -> tuple[RGB, int, int]:
    """The pixels of a square as they are in a picture, (S, S, 3), in whole pixels and unturned, edge pixels repeated
    beyond the picture; and where in the picture its left and its upper edge are.
    """
    length = max(1, round(square.side))
    left, top = round(square.x - length / 2), round(square.y - length / 2)
    rows, above, below = _with_border(top, length, rgb.shape[0])
    columns, before, after = _with_border(left, length, rgb.shape[1])
    pixels = cv2.copyMakeBorder(rgb[rows, columns], above, below, before, after, cv2.BORDER_REPLICATE)
    return np.asarray(pixels, np.uint8), left, top


def _with_border(start: int, length: int, limit: int) -> tuple[slice, int, int]:
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
