"""From a picture to expressions: find, crop, classify."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from models.box import Box
from models.crop import face_crop, face_square, grey_pixels, grey_square
from models.finder import STILL_SIDE, FaceFinder
from models.heat_map import FaceHeat, HeatMap, read_heat_map
from models.onnx_model import FACE, LAST_MAP, PROBABILITIES, load_model
from models.pictures import RGB
from models.providers import provider_of, turn_of
from models.quality import PlacedFace, Quality, quality_of
from models.sureness import doubt
from models.versions import MODEL, BadVersion, Version

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Face:
    """What is said of one face: its box in pixels (None when the picture was a face crop already) and its label.

    `doubt` is why the label is not sure, "" where it is. `heat`, where it was asked for, says why it is that.
    """

    box: Box | None
    label: str
    probabilities: dict[str, float]
    quality: Quality
    doubt: str
    heat: FaceHeat | None = None


class Predictor:
    """A version of the model, loaded and ready. `classify` may be called from several threads.

    `side` is that of the crops it takes, in pixels. `provider` is what it runs on: the processor ("cpu"), or another of
    `models.providers.PROVIDERS`.
    """

    def __init__(self, version: Version) -> None:
        """Raises as `load_model` does."""
        self.version = version
        self.number, self.labels = version.number, version.labels
        self._session = load_model(version)
        self.side = version.card.network.size
        self._turn, self.provider = turn_of(self._session), provider_of(self._session)
        log.info("Version %d runs on %s", self.number, self.provider)

    def classify(self, crops: Sequence[NDArray[np.uint8]]) -> NDArray[np.float32]:
        """Probabilities (N, C) of N face crops, (S, S, 3) RGB or (S, S) grey of any size, in one batch."""
        if not crops:
            return np.zeros((0, len(self.labels)), np.float32)
        pixels = grey_pixels(crops, self.side)
        with self._turn:
            (probabilities,) = self._session.run([PROBABILITIES], {FACE: pixels})
        return np.asarray(probabilities, np.float32)

    def classify_with_maps(self, crops: Sequence[NDArray[np.uint8]]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """As `classify`, and the last feature map of each crop, (N, D, h, w), which `heat_map` goes on from."""
        if not crops:
            return np.zeros((0, len(self.labels)), np.float32), np.zeros((0, *self.heat_map.pool.shape), np.float32)
        with self._turn:
            rows, maps = self._session.run([PROBABILITIES, LAST_MAP], {FACE: grey_pixels(crops, self.side)})
        return np.asarray(rows, np.float32), np.asarray(maps, np.float32)

    @cached_property
    def heat_map(self) -> HeatMap:
        """What tells which part of a face speaks for its label; read when it is first asked for.

        Raises:
            BadVersion: the version's weights cannot be used, or are not its model's.
        """
        heat_map = read_heat_map(self.version)
        shapes = {output.name: output.shape for output in self._session.get_outputs()}
        if list(heat_map.pool.shape) != shapes[LAST_MAP][1:]:
            raise BadVersion(f"The weights of version {self.number} are not those of its {MODEL}.")
        return heat_map

    def face(
        self, box: Box | None, probabilities: NDArray[np.float32], quality: Quality, heat: FaceHeat | None = None
    ) -> Face:
        """A row of `classify` with its names, and whether it is sure."""
        named = {label: float(p) for label, p in zip(self.labels, probabilities, strict=True)}
        why_not = doubt(probabilities, quality, self.version.card.sureness, self.labels)
        return Face(box, self.labels[int(probabilities.argmax())], named, quality, why_not, heat)

    def faces(self, rgb: RGB, heat_map: HeatMap | None = None) -> list[Face]:
        """Every face in a picture (H, W, 3), the largest first; with the predictor's `heat_map`, what spoke for it."""
        return self.named(rgb, FaceFinder(STILL_SIDE).find(rgb), heat_map)

    def named(self, rgb: RGB, places: Sequence[PlacedFace], heat_map: HeatMap | None = None) -> list[Face]:
        """The faces at these places of a picture; with the predictor's `heat_map`, what spoke for them."""
        height, width = rgb.shape[:2]
        crops = [face_crop(rgb, place.points, self.side, place.box) for place in places]
        qualities = [quality_of(crop, width, height, place) for crop, place in zip(crops, places, strict=True)]
        boxes = [place.box for place in places]
        if heat_map is None:
            return [self.face(*each) for each in zip(boxes, self.classify(crops), qualities, strict=True)]
        rows, maps = self.classify_with_maps(crops)
        squares = [face_square(place.points, place.box) for place in places]
        heats = map(FaceHeat, heat_map.of(maps, rows), squares)
        return [self.face(*each) for each in zip(boxes, rows, qualities, heats, strict=True)]

    def named_crop(self, rgb: RGB) -> Face:
        """What is said of a picture (H, W, 3) that is one face and nothing else."""
        height, width = rgb.shape[:2]
        pixels = grey_square(rgb, self.side)
        return self.face(None, self.classify([pixels])[0], quality_of(pixels, width, height))
