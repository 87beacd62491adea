"""Random changes to a batch of face crops, none of which changes the expression."""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor


@dataclass(frozen=True)
class Augmentation:
    """How much to vary: angle in degrees, scale and shift in fractions of the side, light in fractions of contrast."""

    angle: float = 15
    scale: float = 0.12
    shift: float = 0.08
    light: float = 0.3
    blur: float = 0.1
    erase: float = 0.4

    def __call__(
        self, pixels: Tensor, generator: torch.Generator, side: int | None = None, zoom: float = 1.0
    ) -> Tensor:
        """Grey pixels (N, 1, H, W) 0…255 → the same shape and range, each picture varied on its own.

        With `side` and `zoom` (the face's share of the picture's side), the face is cut out of wider pictures: what a
        shift or a turn brings in is then picture, not repeated edge. Gives (N, 1, side, side).
        """
        pixels = self._move(pixels, generator, side, zoom)
        pixels = self._blur(pixels, generator)
        pixels = self._relight(pixels, generator)
        return self._erase(pixels, generator)

    def _move(self, pixels: Tensor, generator: torch.Generator, side: int | None, zoom: float) -> Tensor:
        n = len(pixels)
        angle = _uniform(n, torch.pi * self.angle / 180, generator)
        scale = zoom * (1 + _uniform(n, self.scale, generator))
        flip = torch.where(torch.rand(n, generator=generator) < 0.5, -1.0, 1.0)
        shift = 2 * zoom * _uniform(2 * n, self.shift, generator).view(n, 2)
        cos, sin = torch.cos(angle) * scale, torch.sin(angle) * scale
        rows = torch.stack([cos * flip, -sin, shift[:, 0], sin * flip, cos, shift[:, 1]], 1)
        shape = [n, 1, side or pixels.shape[2], side or pixels.shape[3]]
        grid = F.affine_grid(rows.view(n, 2, 3).to(pixels), shape, align_corners=False)
        return F.grid_sample(pixels, grid, padding_mode="border", align_corners=False)

    def _blur(self, pixels: Tensor, generator: torch.Generator) -> Tensor:
        chosen = (torch.rand(len(pixels), generator=generator) < self.blur).nonzero().flatten().to(pixels.device)
        padded = F.pad(pixels[chosen], [1, 1, 1, 1], mode="replicate")
        return pixels.index_copy(0, chosen, F.avg_pool2d(padded, 3, stride=1))

    def _relight(self, pixels: Tensor, generator: torch.Generator) -> Tensor:
        n = len(pixels)
        contrast = (1 + _uniform(n, self.light, generator)).view(n, 1, 1, 1).to(pixels)
        brightness = (255 * _uniform(n, self.light / 2, generator)).view(n, 1, 1, 1).to(pixels)
        mean = pixels.mean((1, 2, 3), keepdim=True)
        return ((pixels - mean) * contrast + mean + brightness).clamp(0, 255)

    def _erase(self, pixels: Tensor, generator: torch.Generator) -> Tensor:
        """Random erasing (Zhong et al., 2017): a grey rectangle of up to half the side, anywhere."""
        n, _, height, width = pixels.shape
        chosen = torch.rand(n, generator=generator) < self.erase
        half = (0.08 + 0.17 * torch.rand(n, 2, generator=generator)) * chosen[:, None]
        centre = torch.rand(n, 2, generator=generator)
        y = ((torch.arange(height) + 0.5) / height)[None, :, None]
        x = ((torch.arange(width) + 0.5) / width)[None, None, :]
        inside_y = (y - centre[:, 0, None, None]).abs() < half[:, 0, None, None]
        inside_x = (x - centre[:, 1, None, None]).abs() < half[:, 1, None, None]
        grey = 255 * torch.rand(n, 1, 1, 1, generator=generator)
        return torch.where((inside_y & inside_x)[:, None].to(pixels.device), grey.to(pixels), pixels)


def _uniform(n: int, reach: float, generator: torch.Generator) -> Tensor:
    return (2 * torch.rand(n, generator=generator) - 1) * reach
