"""Faces in a picture: where they are, and where their eyes, nose and mouth."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from models.box import Box
from models.pictures import RGB
from models.yunet import detect

LIVE_SIDE = 320
STILL_SIDE = 640
THINNEST = 8
"""A reduced picture that is thinner has no room for a face; in the padding around such strips YuNet may see one."""


@dataclass(frozen=True)
class FoundFace:
    """A face in a picture, in that picture's pixels. Box and points may reach over the edge.

    `certainty` is 0…1. `points` is (5, 2), x and y: the eye on the picture's left, the other eye, the nose's tip, the
    mouth's corner on the picture's left, the other one.
    """

    box: Box
    certainty: float
    points: NDArray[np.float32]

    def distance(self, other: FoundFace) -> float:
        """Pixels between an edge or a point of this face and the same one of `other`, where they are farthest apart."""
        return max(self.box.distance(other.box), float(np.abs(self.points - other.points).max()))

    def towards(self, other: FoundFace, share: float) -> FoundFace:
        """This face moved `share` (0…1) of the way to `other`."""
        points = self.points + np.float32(share) * (other.points - self.points)
        return FoundFace(self.box.towards(other.box, share), other.certainty, points)

    def scaled(self, x: float, y: float) -> FoundFace:
        """The same face in the picture at `x` times its width and `y` times its height."""
        return FoundFace(self.box.scaled(x, y), self.certainty, self.points * np.array([x, y], np.float32))


class FaceFinder:
    """YuNet on a reduced copy of the picture, its longer side at most `max_side`. Threads may share a finder."""

    def __init__(self, max_side: int = LIVE_SIDE, certainty: float = 0.7) -> None:
        self.max_side, self.certainty = max_side, certainty

    def find(self, rgb: RGB) -> list[FoundFace]:
        """Every face in a picture (H, W, 3), the largest first."""
        height, width = rgb.shape[:2]
        scale = min(1.0, self.max_side / max(height, width))
        size = max(1, round(width * scale)), max(1, round(height * scale))
        if min(size) < THINNEST:
            return []
        method = cv2.INTER_AREA if scale <= 0.5 else cv2.INTER_LINEAR
        small = rgb if scale == 1.0 else np.asarray(cv2.resize(rgb, size, interpolation=method), np.uint8)
        x, y = width / size[0], height / size[1]
        rows = detect(small, self.certainty)
        found = [FoundFace(Box(*row[:4].tolist()), float(row[14]), row[4:14].reshape(5, 2)) for row in rows]
        faces = [face.scaled(x, y) for face in found]
        sound = [face for face in faces if face.box.width >= 1 and face.box.height >= 1]
        return sorted(sound, key=lambda face: face.box.area, reverse=True)
