"""Faces as the finder gives them, for tests that need none to be found."""

from __future__ import annotations

import numpy as np

from models.box import Box
from models.finder import FoundFace

SHARES = np.array([[0.3, 0.35], [0.7, 0.35], [0.5, 0.6], [0.35, 0.8], [0.65, 0.8]])


def face_at(box: Box, certainty: float = 0.9) -> FoundFace:
    """A face in that box, seen from the front."""
    points = [box.x, box.y] + SHARES * [box.width, box.height]
    return FoundFace(box, certainty, points.astype(np.float32))
