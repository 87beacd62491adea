"""A camera's frame: no more of its JPEG is decoded than is looked at."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from models.crop import Pixels, face_crop, face_square
from models.finder import LIVE_SIDE, FaceFinder, FoundFace
from models.pictures import RGB, BadImage, jpeg_size

REDUCED = {8: cv2.IMREAD_REDUCED_COLOR_8, 4: cv2.IMREAD_REDUCED_COLOR_4, 2: cv2.IMREAD_REDUCED_COLOR_2}
"""How libjpeg decodes to an eighth, a quarter or half of width and height, in less time than it takes for the whole."""
_finder = FaceFinder(LIVE_SIDE)


class Frame:
    """A JPEG picture, upright whatever its EXIF says. Boxes and points are in its own pixels."""

    def __init__(self, jpeg: bytes) -> None:
        """Looks at the header only. Raises BadImage: no JPEG, a cut off or oversized one."""
        self.jpeg = jpeg
        self.width, self.height = jpeg_size(jpeg)
        # No `cached_property`: before Python 3.12 all frames of all threads would wait for one lock.
        self._small: RGB | None = None
        self._whole_grey: NDArray[np.uint8] | None = None

    @property
    def rgb(self) -> RGB:
        """All of it (H, W, 3), decoded anew each time. Raises BadImage: it is damaged."""
        return self._decoded(cv2.IMREAD_COLOR_RGB)

    def faces(self) -> list[FoundFace]:
        """Every face, the largest first. Raises BadImage: the frame is damaged."""
        return [face.scaled(*self._scales) for face in _finder.find(self._reduced)]

    def crop(self, face: FoundFace, side: int = 48) -> Pixels:
        """A face as the network sees it, (side, side) grey. All of the frame is decoded only for one that is smaller.

        Raises:
            BadImage: the frame is damaged.
        """
        x, y = self._scales
        small = face.scaled(1 / x, 1 / y)
        if y == 1 or face_square(small.points, small.box).side >= side:
            return face_crop(self._reduced, small.points, side, small.box)
        return face_crop(self._grey, face.points, side, face.box)

    @property
    def _reduced(self) -> RGB:
        """The frame as small as it can be for the finder."""
        if self._small is None:
            self._small = self._decoded_small()
        return self._small

    @property
    def _grey(self) -> NDArray[np.uint8]:
        if self._whole_grey is None:
            self._whole_grey = self._decoded(cv2.IMREAD_GRAYSCALE)
        return self._whole_grey

    def _decoded_small(self) -> RGB:
        longer = max(self.width, self.height)
        for factor, flag in REDUCED.items():
            if longer >= factor * LIVE_SIDE:
                return np.asarray(cv2.cvtColor(self._decoded(flag), cv2.COLOR_BGR2RGB), np.uint8)
        return self.rgb

    @property
    def _scales(self) -> tuple[float, float]:
        """Pixels of the frame to one of the reduced picture, across and down."""
        height, width = self._reduced.shape[:2]
        return self.width / width, self.height / height

    def _decoded(self, flag: int) -> NDArray[np.uint8]:
        pixels = cv2.imdecode(np.frombuffer(self.jpeg, np.uint8), flag | cv2.IMREAD_IGNORE_ORIENTATION)
        if pixels is None:
            raise BadImage("This frame is damaged and cannot be read.")
        return np.asarray(pixels, np.uint8)
