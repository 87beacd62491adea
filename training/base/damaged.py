"""Copies of face crops with what cameras, distance and glasses do to them, to score on: the same at every call.

Damage for training, random and of many kinds, is another thing: `training/augment.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType

import cv2
import numpy as np
from numpy.typing import NDArray

Crops = NDArray[np.uint8]
"""Grey face crops, (N, S, S), 0…255."""

NOISE, BAR = 20.0, (16 / 48, 22 / 48)


def noisy(crops: Crops, sigma: float = NOISE) -> Crops:
    """Gaussian noise of standard deviation `sigma`, of 255, each pixel on its own: a webcam at night."""
    noise = np.random.default_rng(0).normal(0, sigma, crops.shape)
    return np.asarray((crops + noise).round().clip(0, 255), np.uint8)


def coarse(crops: Crops, share: float) -> Crops:
    """Reduced to `share` of the side (areas averaged) and enlarged again (bilinear): a small or far face."""
    side = crops.shape[1]
    small = round(side * share)
    reduced = [cv2.resize(crop, (small, small), interpolation=cv2.INTER_AREA) for crop in crops]
    return np.asarray(np.stack([cv2.resize(crop, (side, side)) for crop in reduced]), np.uint8)


def moved(crops: Crops, scale: float = 1.0, degrees: float = 0.0) -> Crops:
    """The crop cut `scale` times as large, and turned, counter-clockwise, about its centre (bilinear).

    What lies beyond the crop is not there any more; its edge pixels are repeated.
    """
    side = crops.shape[1]
    centre = (side - 1) / 2
    matrix = cv2.getRotationMatrix2D((centre, centre), degrees, 1 / scale)
    turned = [cv2.warpAffine(crop, matrix, (side, side), borderMode=cv2.BORDER_REPLICATE) for crop in crops]
    return np.asarray(np.stack(turned), np.uint8)


def barred(crops: Crops) -> Crops:
    """A black bar over the eyes, from edge to edge, an eighth of the side high: dark glasses, or worse."""
    top, bottom = (round(share * crops.shape[1]) for share in BAR)
    covered = np.array(crops, np.uint8)
    covered[:, top:bottom] = 0
    return covered


DAMAGES: Mapping[str, Callable[[Crops], Crops]] = MappingProxyType(
    {
        "noise, σ = 20 of 255": noisy,
        "half the resolution": partial(coarse, share=1 / 2),
        "a third of the resolution": partial(coarse, share=1 / 3),
        "crop × 0.7": partial(moved, scale=0.7),
        "crop × 1.4": partial(moved, scale=1.4),
        "turned by 20°": partial(moved, degrees=20),
        "turned by 30°": partial(moved, degrees=30),
        "bar over the eyes": barred,
    }
)
"""Each kind of damage by its name, as cards have it: crops → crops of the same shape."""
