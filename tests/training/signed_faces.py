"""Labelled faces to train on, made at test time: a public-domain portrait with a sign on it, moved, lit, grained."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import cv2
import numpy as np

from labeling import intake
from labeling.store import Store
from labeling.stored_faces import NewFace, StoredCrop
from models.box import Box
from models.home import Home, open_home
from models.pictures import RGB
from tests.serving import astronaut

FACE = Box(178, 63, 90, 113)
LEFT_EYE, RIGHT_EYE, MOUTH = (200, 102), (247, 103), (219, 143)
SKIN = (205, 160, 135)
SIGNS = ("wink", "shout", "happiness")
"""What `portrait` can show: an eye painted shut, a wide open mouth, or nothing."""


def portrait(sign: str, number: int) -> RGB:
    """The portrait with a sign; each number looks different."""
    rng = np.random.default_rng([number, SIGNS.index(sign)])
    rgb = astronaut().copy()
    if sign == "wink":
        cv2.ellipse(rgb, RIGHT_EYE, (17, 11), 0, 0, 360, SKIN, -1)
        cv2.line(rgb, (232, 104), (261, 104), (90, 60, 50), 2)
    if sign == "shout":
        cv2.ellipse(rgb, MOUTH, (17, 21), 0, 0, 360, (40, 10, 15), -1)
    middle = FACE.x + FACE.width / 2, FACE.y + FACE.height / 2
    move = cv2.getRotationMatrix2D(middle, float(rng.uniform(-15, 15)), float(rng.uniform(0.9, 1.15)))
    move[:, 2] += rng.uniform(-8, 8, 2)
    rgb = cv2.warpAffine(rgb, move, (512, 512), borderMode=cv2.BORDER_REPLICATE)
    lit = cv2.convertScaleAbs(rgb, alpha=float(rng.uniform(0.7, 1.1)), beta=float(rng.uniform(-15, 25)))
    return np.asarray(cv2.add(lit, rng.integers(0, 12, lit.shape, np.uint8)), np.uint8)


@cache
def crop_of(sign: str, number: int) -> StoredCrop:
    """The portrait as the store keeps it."""
    return intake.wide_crop(portrait(sign, number), FACE)


def new_face(sign: str, number: int, *, session: str | None = None, subject: str | None = None) -> NewFace:
    return NewFace(crop_of(sign, number), sign, subject, session or f"{sign} {number // 2}")


def labelled_home(folder: Path, images: int = 12, signs: tuple[str, ...] = ("wink", "happiness")) -> tuple[Home, Store]:
    """A home whose data set has so many images of each sign, two in each capture session."""
    home = open_home(folder)
    store = Store(home.database_url)
    store.images.add_all([new_face(sign, number) for sign in signs for number in range(images)], new_labels=True)
    return home, store
