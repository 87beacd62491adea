"""A face that is drawn, so that what a person takes home can be tried without anybody's photograph."""

from __future__ import annotations

import cv2
import numpy as np

from models.pictures import RGB

Color = tuple[int, int, int]
BACKGROUND: Color = (150, 170, 190)
ELLIPSES: tuple[tuple[float, float, float, float, Color], ...] = (
    (0.5, 0.42, 0.33, 0.38, (60, 40, 30)),  # hair
    (0.5, 0.53, 0.27, 0.35, (224, 178, 148)),  # face
    (0.5, 0.3, 0.25, 0.14, (60, 40, 30)),  # fringe
    *((x, 0.42, 0.065, 0.016, (70, 45, 35)) for x in (0.39, 0.61)),  # brows
    *((x, 0.48, 0.055, 0.03, (250, 250, 250)) for x in (0.39, 0.61)),  # eyes
    *((x, 0.48, 0.026, 0.028, (70, 50, 40)) for x in (0.39, 0.61)),
    *((x, 0.48, 0.012, 0.013, (10, 10, 10)) for x in (0.39, 0.61)),
    (0.5, 0.6, 0.035, 0.022, (196, 146, 120)),  # nose
    (0.5, 0.55, 0.018, 0.07, (236, 192, 164)),
    *((x, 0.615, 0.01, 0.007, (120, 70, 60)) for x in (0.48, 0.52)),
    (0.5, 0.72, 0.095, 0.03, (170, 80, 80)),  # lips
    (0.5, 0.715, 0.085, 0.006, (90, 30, 30)),
)
"""Centre, half the width and half the height in sides of the picture, and colour; what comes later lies above."""


def drawn_face(side: int) -> RGB:
    """A face on a square of (side, side, 3) pixels that YuNet takes for one, for sides of 100 and more."""
    picture = np.full((side, side, 3), BACKGROUND, np.uint8)
    for x, y, width, height, color in ELLIPSES:
        centre = round(x * side), round(y * side)
        axes = max(1, round(width * side)), max(1, round(height * side))
        cv2.ellipse(picture, centre, axes, 0, 0, 360, color, cv2.FILLED, cv2.LINE_AA)
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), side / 150), np.uint8)
