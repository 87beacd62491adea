"""FER+ as faces to train the base model on: its own frames, with the squares of eyes and mouth inside them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from models.crop import points_square
from models.finder import FaceFinder
from training.base import ferplus
from training.base.face_map import NO_SQUARE, SourceFace
from training.base.ferplus import EXPRESSIONS

CERTAINTY = 0.3
"""A frame of FER+ holds a face: YuNet need not be as sure as elsewhere."""
LARGER, MARGIN = 4, 24
"""A frame is shown to YuNet so many times larger, with so many pixels of its repeated edge around it."""


class FerplusSource:
    """Faces of Training to learn from, of PublicTest to be held out; targets are the raters' votes."""

    labels = EXPRESSIONS
    size = ferplus.SIDE
    data = (
        "FER-2013 (Goodfellow et al., 2013): 48×48 grey faces found by web search; labels FER+ (Barsoum et al., 2016): "
        "ten raters' votes a face. Trained on Training, temperature fitted on PublicTest and damaged copies of it; "
        "figures are of PrivateTest."
    )
    licence = (
        "FER+ labels: MIT (Microsoft). FER-2013 images: published for a research challenge, collected from the web; "
        "the rights in each photograph stay with its owner. No image is part of these weights' files."
    )

    def __init__(self, path: Path) -> None:
        self.path, self.notes = path, list[str]()

    @property
    def identity(self) -> str:
        """What changes where the data do."""
        files = [path for path in (self.path, self.path.with_name("fer2013new.csv")) if path.is_file()]
        return f"FER+, {[(path.name, path.stat().st_size, path.stat().st_mtime_ns) for path in files]}"

    def faces(self) -> Iterator[SourceFace]:
        """Raises BadFerplus: the file is not FER+."""
        finder = FaceFinder(LARGER * (self.size + 2 * MARGIN), CERTAINTY)
        trained_on, held_out = ferplus.load(self.path, "Training"), ferplus.load(self.path, "PublicTest")
        for image, target in zip(trained_on.images, trained_on.targets, strict=True):
            yield SourceFace(image, target, False, frame_square(image, finder))
        for image, row in zip(held_out.images, held_out.classes, strict=True):
            yield SourceFace(image, np.eye(len(EXPRESSIONS), dtype=np.float32)[row], True, NO_SQUARE)


def frame_square(frame: NDArray[np.uint8], finder: FaceFinder) -> NDArray[np.float32]:
    """The square by the eyes and mouth of the face that fills a grey frame (S, S), as `SourceFace.square` has it."""
    wide = cv2.copyMakeBorder(frame, MARGIN, MARGIN, MARGIN, MARGIN, cv2.BORDER_REPLICATE)
    large = cv2.resize(wide, None, fx=LARGER, fy=LARGER, interpolation=cv2.INTER_LINEAR)
    found = finder.find(np.asarray(cv2.cvtColor(large, cv2.COLOR_GRAY2RGB), np.uint8))
    square = points_square(found[0].points / LARGER - MARGIN) if found else None
    if square is None:
        return NO_SQUARE
    return np.array([square.x, square.y, square.side, square.angle], np.float32)
