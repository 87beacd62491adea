"""Points of faces that were stored before points were: looked for once, when they are first needed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from labeling.store import Store
from models.box import Box
from models.finder import STILL_SIDE, FaceFinder
from models.pictures import RGB, BadImage, decode

SAME_FACE = 0.3
"""Least overlap of a face's box with the one that it was stored with."""
AT_ONCE = 64


def find_missing_points(store: Store, image_ids: Sequence[int]) -> None:
    """Looks for the points of those of these images whose points nobody has looked for, and stores them.

    Raises:
        StoreError: the database cannot be read or written.
    """
    missing = store.images.without_points(image_ids)
    for start in range(0, len(missing), AT_ONCE):
        some = missing[start : start + AT_ONCE]
        places, data = store.images.places(some), store.images.data_of(some)
        found = {image: _points(data[image], places[image].box) for image in some if image in data and image in places}
        store.images.set_points(found)


def points_near(rgb: RGB, box: Box) -> NDArray[np.float32] | None:
    """The points of the face at `box` in a picture, or None: none is found there, or the box is all of the picture,
    which is a face crop then, to be taken whole.
    """
    if box == Box(0.0, 0.0, float(rgb.shape[1]), float(rgb.shape[0])):
        return None
    faces = FaceFinder(STILL_SIDE).find(rgb)
    nearest = max(faces, key=lambda face: box.overlap(face.box), default=None)
    return None if nearest is None or box.overlap(nearest.box) < SAME_FACE else nearest.points


def _points(data: bytes, box: Box) -> NDArray[np.float32] | None:
    try:
        return points_near(decode(data), box)
    except BadImage:
        return None
