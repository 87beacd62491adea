"""Small signs, such as an eye that winks: what a network looks for at one spot of a face and at its mirror image.

An early map still shows what an eye alone does. Its means over 4×4 cells are compared with their own mirror image: how
far the two sides differ, and what they have together. Where a sign shows (`training.signs`), a weighted sum of both
that exceeds a threshold is the sign. It lies in the last map where it lies on the face, so that the cells of that map
still add up to the logits.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class SignDetector(nn.Module):
    """(N, channels, side, side) of `Network.early` → (N, signs, map_side, map_side), never negative.

    `spots` weighs the compared cells and takes the threshold away; `place` says which share of a sign each cell of the
    last map gets.
    """

    mirror: Tensor

    def __init__(self, channels: int, side: int, map_side: int, signs: int) -> None:
        super().__init__()
        cells = side // 2
        self.spots = nn.Conv2d(2 * channels, signs, cells)
        self.place = nn.Parameter(torch.zeros(signs, map_side, map_side))
        self.register_buffer("mirror", torch.eye(cells).flip(1), persistent=False)

    def forward(self, early: Tensor) -> Tensor:
        return self.find(cell_means(early))

    def find(self, means: Tensor) -> Tensor:
        """The signs in `cell_means`."""
        return F.relu(self.spots(compared(means, self.mirror))) * self.place


def cell_means(early: Tensor) -> Tensor:
    """Means over 4×4 cells that overlap by half: (N, C, 2 H, 2 W) → (N, C, H, W)."""
    return F.avg_pool2d(early, 4, 2, 1)


def compared(means: Tensor, mirror: Tensor) -> Tensor:
    """How far cells (N, C, H, W) and their mirror images differ, and behind it their sums: (N, 2 C, H, W).

    `mirror` (W, W) turns a row of cells round.
    """
    mirrored = means @ mirror
    return torch.cat([(means - mirrored).abs(), means + mirrored], 1)
