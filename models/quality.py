"""How fit a face is to be named: what in its picture speaks against an answer, and how much.

Every limit was set on FER+'s PublicTest, 3,553 faces taken whole and copies of them that were damaged, so that
an ordinary face is rarely blamed and a damaged one mostly is.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, Protocol, get_args

import numpy as np
from numpy.typing import NDArray

from models.box import Box
from models.crop import Pixels, Square, face_square, resize

Fault = Literal["small", "blurred", "dark", "noisy", "turned away", "covered", "cut off"]
FAULTS: tuple[Fault, ...] = get_args(Fault)
SIDE = 48
"""Pixels a side of the crops that the limits were set on."""
TO_SIGMA = 1 / (6 * 0.6745)
"""From the median of such differences to the noise's standard deviation: they have six times that of the noise."""
PLACES = (np.indices((16, 16)).reshape(2, -1) + 0.5) / 16 - 0.5
"""Places spread over a square of side 1 around 0, x and y."""
FACE = 0.75
"""Of the crop's side, the middle that eyes, nose and mouth take up."""


class PlacedFace(Protocol):
    """Where a face is in its picture, as `FoundFace` says it; points may be unknown."""

    @property
    def box(self) -> Box: ...

    @property
    def points(self) -> NDArray[np.floating] | None: ...

    @property
    def certainty(self) -> float: ...


@dataclass(frozen=True)
class Quality:
    """`score` is 1 where nothing speaks against an answer, 0 where none can be given; `faults`: why, worst first."""

    score: float
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True)
class Limits:
    """A measure up to `fine` is no fault, from `hopeless` on nothing can be told; the order may be either way."""

    fine: float
    hopeless: float

    def passed_by(self, value: float) -> float:
        """How far, 0…1, `value` is from fine to hopeless; what is no number is hopeless."""
        share = (value - self.fine) / (self.hopeless - self.fine)
        return min(1.0, max(0.0, share)) if math.isfinite(share) else 1.0


SMALL = Limits(32, 6)
BLURRED = Limits(0.12, 0)
DARK = Limits(78, 5)
NOISY = Limits(0.125, 0.75)
COVERED = Limits(0.22, -0.22)
UNCERTAIN = Limits(0.8, 0.5)
SIDEWAYS = Limits(0.35, 0.6)
NARROW = Limits(0.55, 0.2)
NOSE_HIGH, NOSE_LOW = Limits(0.4, 0.1), Limits(0.7, 1.0)
CUT_OFF = Limits(0.2, 0.6)


def quality_of(crop: Pixels, width: int, height: int, place: PlacedFace | None = None) -> Quality:
    """The quality of a face in a picture of this width and height, in pixels.

    Args:
        crop: what the network takes of it, (S, S), grey.
        place: where it is; None where the picture is nothing but the face.
    """
    grey = (crop if crop.shape[0] == SIDE else resize(crop, SIDE)).astype(np.float32)
    whole = Square(width / 2, height / 2, min(width, height))
    square = whole if place is None else face_square(place.points, place.box)
    passed: dict[Fault, float] = {
        "small": SMALL.passed_by(square.side),
        "dark": DARK.passed_by(_brightness(grey)),
        "noisy": NOISY.passed_by(_noise(grey)),
        "covered": COVERED.passed_by(_weakest_band(grey)),
        "cut off": CUT_OFF.passed_by(_outside(square.wider(FACE), width, height)),
    }
    if not passed["small"]:  # a small face is blurred because it is small
        passed["blurred"] = BLURRED.passed_by(_sharpness(grey))
    if place is not None:
        passed["covered"] = max(passed["covered"], UNCERTAIN.passed_by(place.certainty))
    if place is not None and place.points is not None:
        passed["turned away"] = _turned(place.points)
    faults = sorted((fault for fault in passed if passed[fault] > 0), key=lambda fault: -passed[fault])
    return Quality(math.prod(1 - share for share in passed.values()), tuple(faults))


def _brightness(grey: NDArray[np.float32]) -> float:
    """Grey value, 0…255, of the brightest tenth's darkest pixel, in the middle: behind it there may be a window."""
    middle = grey[8:40, 10:38].ravel()
    place = len(middle) * 9 // 10
    return float(np.partition(middle, place)[place])


def _noise(grey: NDArray[np.float32]) -> float:
    """Standard deviation of the noise over that of the picture.

    Second differences across, and of these down, see noise but no planes and no edges along the axes (Immerkær, 1996).
    """
    across = grey[:, :-2] + grey[:, 2:] - 2 * grey[:, 1:-1]
    found = np.abs(across[:-2] + across[2:] - 2 * across[1:-1]).ravel()
    middle = len(found) // 2
    return float(np.partition(found, middle)[middle]) * TO_SIGMA / (float(grey.std()) + 1)


def _sharpness(grey: NDArray[np.float32]) -> float:
    """How much of the difference between pixels six apart there is between pixels two apart, beyond the ninth that a
    smooth slope has; in the direction that has less, since a camera that moves blurs only one.
    """
    near, far = _differences(grey, 2), _differences(grey, 6)
    return min((n + 0.01) / (f + 0.1) for n, f in zip(near, far, strict=True)) - 1 / 9


def _differences(grey: NDArray[np.float32], step: int) -> tuple[float, float]:
    """The mean squared difference of pixels that are `step` apart, across and down."""
    across, down = (grey[:, step:] - grey[:, :-step]).ravel(), (grey[step:] - grey[:-step]).ravel()
    return float(across @ across) / across.size, float(down @ down) / down.size


def _weakest_band(grey: NDArray[np.float32]) -> float:
    """Detail of the six rows that have least of it, over that of all; a bar, dark glasses or a mask have hardly any."""
    rows = np.abs(grey[6:44, 7:42] - grey[6:44, 6:41]).mean(1)
    sums = np.cumsum(rows)
    weakest = min(float(sums[5]), float((sums[6:] - sums[:-6]).min()))
    return weakest / 6 / (float(rows.mean()) + 0.5)


def _outside(square: Square, width: int, height: int) -> float:
    """Share of a square, 0…1, that lies outside of a picture."""
    cosine, sine = math.cos(square.angle), math.sin(square.angle)
    x = square.x + square.side * (PLACES[0] * cosine - PLACES[1] * sine)
    y = square.y + square.side * (PLACES[0] * sine + PLACES[1] * cosine)
    return 1 - float(((x >= 0) & (x < width) & (y >= 0) & (y < height)).mean())


def _turned(points: NDArray[np.floating]) -> float:
    """How far a face is turned away, 0…1, by its five points. In units of the way from between the eyes to the mouth's
    middle: how far to the side the nose's tip is, how far apart the eyes are, how far down the nose is.
    """
    if not np.isfinite(points).all():
        return 1.0
    left, right, nose, left_mouth, right_mouth = points.astype(np.float64)
    eyes, mouth = (left + right) / 2, (left_mouth + right_mouth) / 2
    down = mouth - eyes
    length = float(np.hypot(*down))
    if length < 1e-3:
        return 1.0
    down = down / length
    across = np.array([down[1], -down[0]])
    sideways = abs(float((nose - (eyes + mouth) / 2) @ across)) / length
    width, height = abs(float((right - left) @ across)) / length, float((nose - eyes) @ down) / length
    return max(
        SIDEWAYS.passed_by(sideways), NARROW.passed_by(width), NOSE_HIGH.passed_by(height), NOSE_LOW.passed_by(height)
    )
