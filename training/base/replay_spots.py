"""What spots of the base model's own faces look like early in the network: what a small sign has to stand out from.

Signs are looked for in patches, a few cells and their mirror images. Each patch here is drawn from all the faces,
independently of every other patch: what is kept are spots, and no face can be put together from them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from models.crop import Square, cut
from models.finder import FaceFinder
from models.network import Network
from models.sign_detector import cell_means
from training.base.activation_codes import decode, encode, packed, unpacked
from training.base.ferplus_source import CERTAINTY, LARGER, MARGIN, frame_square

FACES = 700
"""Of which spots are taken."""
ROWS, COLUMNS = 2, 3
"""Cells of a patch; as many more are their mirror images."""


@dataclass(frozen=True)
class ReplaySpots:
    """Cell means (M, C, H, W) of faces that are none, patches of real ones, in 4-bit `codes` with scales (C,)."""

    codes: Tensor
    scale: Tensor

    def means(self) -> Tensor:
        """All of them, float (M, C, H, W)."""
        return decode(self.codes, self.scale)

    def as_tensors(self) -> dict[str, Tensor]:
        shape = torch.tensor(self.codes.shape)
        return {"spots": packed(self.codes), "spots.shape": shape, "spots.scale": self.scale.half()}

    @staticmethod
    def of(tensors: Mapping[str, Tensor]) -> ReplaySpots | None:
        """As `as_tensors` wrote them, if it did. Raises as `unpacked` does."""
        if "spots" not in tensors:
            return None
        codes = unpacked(tensors["spots"], tensors["spots.shape"].tolist())
        return ReplaySpots(codes, tensors["spots.scale"].float())


@torch.inference_mode()
def build_spots(network: Network, frames: NDArray[np.uint8], seed: int) -> ReplaySpots:
    """Spots of the faces that fill grey frames (N, S, S), of which every other one is cut by its eyes and mouth.

    Who teaches has faces that are cut so; but who brings crops of a data set's own has not.
    """
    side = network.config.size
    finder = FaceFinder(LARGER * (frames.shape[1] + 2 * MARGIN), CERTAINTY)
    crops = [cut(frame, _square(frame, finder if row % 2 else None), side) for row, frame in enumerate(frames)]
    pixels = torch.from_numpy(np.stack(crops))[:, None].float()
    means = torch.cat([cell_means(network.early(part)) for part in torch.split(pixels, 128)])
    return ReplaySpots(*encode(_shuffled(means, seed)))


def patches(height: int, width: int) -> list[list[tuple[int, int]]]:
    """The cells (y, x) of each patch in the left half of a map of so many cells."""
    rows, half = range(height), range(width // 2)
    return [
        [(y, x) for y in rows[top : top + ROWS] for x in half[left : left + COLUMNS]]
        for top in range(0, height, ROWS)
        for left in range(0, width // 2, COLUMNS)
    ]


def _shuffled(means: Tensor, seed: int) -> Tensor:
    """Cell means (N, C, H, W) with each patch and its mirror image drawn from all faces."""
    generator = torch.Generator().manual_seed(seed)
    mixed = torch.zeros_like(means)
    height, width = means.shape[2:]
    for patch in patches(height, width):
        order = torch.randperm(len(means), generator=generator)
        for y, x in patch:
            for column in (x, width - 1 - x):
                mixed[:, :, y, column] = means[order, :, y, column]
    return mixed


def _square(frame: NDArray[np.uint8], finder: FaceFinder | None) -> Square:
    """The square by eyes and mouth, or the whole frame."""
    side = frame.shape[0]
    x, y, length, angle = frame_square(frame, finder).tolist() if finder else [np.nan] * 4
    return Square(x, y, length, angle) if np.isfinite(length) else Square(side / 2, side / 2, side)
