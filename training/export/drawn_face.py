"""A face that is drawn, so that what a person takes home can be tried without anybody's photograph."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from models.pictures import RGB

Color = tuple[int, int, int]
BACKGROUND: Color = (150, 170, 190)
HAIR: Color = (60, 40, 30)
POINTS = np.array([[0.39, 0.48], [0.61, 0.48], [0.5, 0.6], [0.405, 0.72], [0.595, 0.72]])
"""Where eyes, nose and the mouth's corners are, as of a `FoundFace`, in sides of the picture."""


@dataclass(frozen=True)
class Look:
    """What a face does, in sides of the picture.

    Attributes:
        smile: how far the mouth's corners are drawn above its middle.
        mouth: half of its height between the lips.
        eyes: half of theirs.
        frown: how far the brows' inner ends lie below the outer ones.
    """

    smile: float = 0.0
    mouth: float = 0.006
    eyes: float = 0.03
    frown: float = 0.0


CALM = Look()
LOOKS = {
    "calm": CALM,
    "smiling": Look(smile=0.035, mouth=0.01, eyes=0.026),
    "laughing": Look(smile=0.04, mouth=0.035, eyes=0.018, frown=-0.01),
    "sad": Look(smile=-0.03, eyes=0.026, frown=-0.03),
    "angry": Look(smile=-0.015, eyes=0.022, frown=0.035),
    "astonished": Look(mouth=0.05, eyes=0.042, frown=-0.02),
}


def drawn_face(side: int, look: Look = CALM) -> RGB:
    """A face on a square of (side, side, 3) pixels that YuNet takes for one, for sides of 100 and more."""
    picture = np.full((side, side, 3), BACKGROUND, np.uint8)
    for outline, color in _shapes(look):
        cv2.fillPoly(picture, [np.round(outline * side * 16).astype(np.int32)], color, cv2.LINE_AA, 4)
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), side / 150), np.uint8)


def _shapes(look: Look) -> Iterator[tuple[NDArray[np.float64], Color]]:
    """Outlines (N, 2), in sides of the picture, and colours; what comes later lies above."""
    yield _oval(0.5, 0.42, 0.33, 0.38), HAIR
    yield _oval(0.5, 0.53, 0.27, 0.35), (224, 178, 148)
    yield _oval(0.5, 0.27, 0.25, 0.12), HAIR
    for x, inward in ((0.39, 1), (0.61, -1)):
        yield _oval(x, 0.42, 0.065, 0.014, slope=inward * look.frown), (70, 45, 35)
        yield _oval(x, 0.48, 0.055, look.eyes), (250, 250, 250)
        yield _oval(x, 0.48, 0.026, min(0.028, look.eyes)), (70, 50, 40)
        yield _oval(x, 0.48, 0.012, min(0.013, look.eyes)), (10, 10, 10)
    yield _oval(0.5, 0.6, 0.035, 0.022), (196, 146, 120)
    yield _oval(0.5, 0.55, 0.018, 0.07), (236, 192, 164)
    for x in (0.48, 0.52):
        yield _oval(x, 0.615, 0.01, 0.007), (120, 70, 60)
    yield _oval(0.5, 0.72, 0.095, 0.024 + look.mouth, bend=look.smile), (170, 80, 80)
    yield _oval(0.5, 0.715, 0.085, look.mouth, bend=look.smile), (90, 30, 30)


def _oval(
    x: float, y: float, width: float, height: float, *, bend: float = 0.0, slope: float = 0.0
) -> NDArray[np.float64]:
    """An oval around (x, y), half its width and height given; its ends are raised by `bend`, and its right one lowered
    by half of `slope`, its left one raised by as much.
    """
    angle = np.linspace(0, 2 * math.pi, 64, endpoint=False)
    across, down = np.cos(angle), np.sin(angle)
    return np.stack([x + width * across, y + height * down - bend * across**2 + slope / 2 * across], 1)
