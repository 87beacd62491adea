"""Random changes to a batch of face crops, none of which changes the expression."""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from training.camera_damage import CameraDamage
from training.random_draws import around, chance, column, uniform

KIND_CAMERA = CameraDamage(blur=0.1, dark=0, shaded=0, flat=0, noise=0, coarse=0, jpeg=0)
"""A camera that is out of focus now and then, and nothing else."""


@dataclass(frozen=True)
class Augmentation:
    """How much to vary: the face's place, what covers it, its light; then what a camera makes of it.

    Attributes:
        angle: the turn in degrees, `scale` and `shift` in fractions of the side; `stretch`: of width to height.
        far: share of the pictures, 0…1, that are turned by up to `far_angle` degrees, and of those that are scaled by
            up to `far_scale`, instead. All of it is also the scatter of the points that a crop is cut by.
        light: contrast, as a fraction of it; brightness by half as much of 255.
        bars: share of the pictures with a bar over eyes or mouth, `erase`: with a rectangle anywhere.
    """

    angle: float = 15
    scale: float = 0.12
    shift: float = 0.08
    stretch: float = 0
    far: float = 0
    far_angle: float = 35
    far_scale: float = 0.4
    light: float = 0.3
    bars: float = 0
    erase: float = 0.4
    camera: CameraDamage = KIND_CAMERA

    def __call__(
        self,
        pixels: Tensor,
        generator: torch.Generator,
        side: int | None = None,
        zoom: float = 1.0,
        frames: Tensor | None = None,
    ) -> Tensor:
        """Grey pixels (N, 1, H, W) 0…255 → the same shape and range, each picture varied on its own.

        With `side` and `zoom` (the face's share of the picture's side), the face is cut out of wider pictures: what a
        shift or a turn brings in is then picture, not repeated edge. Gives (N, 1, side, side). `frames` (N, 2, 3) says
        of each picture where the face's square is in it, as `torch.nn.functional.affine_grid` has it. The numbers are
        drawn on the generator's device, which is the pictures' or the CPU.
        """
        pixels = self._move(pixels, generator, side, zoom, frames)
        pixels = self._bars(pixels, generator)
        pixels = self._erase(pixels, generator)
        pixels = self._relight(pixels, generator)
        return self.camera(pixels, generator)

    def _move(
        self, pixels: Tensor, generator: torch.Generator, side: int | None, zoom: float, frames: Tensor | None
    ) -> Tensor:
        n = len(pixels)
        angle = self._reach(n, self.angle, self.far_angle, generator) * torch.pi / 180
        scale = zoom * torch.exp(self._reach(n, self.scale, self.far_scale, generator))
        stretch = torch.exp(around(n, self.stretch, generator))
        flip = torch.where(chance(n, 0.5, generator), -1.0, 1.0)
        shift = 2 * zoom * around(2 * n, self.shift, generator).view(n, 2)
        cos, sin = torch.cos(angle) * scale, torch.sin(angle) * scale
        across, down = flip * stretch, 1 / stretch
        rows = torch.stack([cos * across, -sin * down, shift[:, 0], sin * across, cos * down, shift[:, 1]], 1)
        moved = rows.view(n, 2, 3)
        if frames is not None:
            turned = frames[:, :, :2] @ moved
            moved = torch.cat([turned[:, :, :2], turned[:, :, 2:] + frames[:, :, 2:]], 2)
        shape = [n, 1, side or pixels.shape[2], side or pixels.shape[3]]
        grid = F.affine_grid(moved.to(pixels), shape, align_corners=False)
        return F.grid_sample(pixels, grid, padding_mode="border", align_corners=False)

    def _reach(self, n: int, near: float, far: float, generator: torch.Generator) -> Tensor:
        farther = chance(n, self.far, generator)
        return around(n, 1, generator) * torch.where(farther, far, near)

    def _bars(self, pixels: Tensor, generator: torch.Generator) -> Tensor:
        """A grey bar where the eyes are, as of glasses, or the mouth, as of a hand or a scarf."""
        n = len(pixels)
        eyes = chance(n, 0.55, generator)
        y = torch.where(eyes, uniform(n, 0.28, 0.45, generator), uniform(n, 0.66, 0.85, generator))
        x = uniform(n, 0.4, 0.6, generator)
        half_height, half_width = uniform(n, 0.05, 0.11, generator), uniform(n, 0.25, 0.55, generator)
        return _covered(pixels, torch.stack([y, x, half_height, half_width]), self.bars, generator)

    def _erase(self, pixels: Tensor, generator: torch.Generator) -> Tensor:
        """Random erasing (Zhong et al., 2017): a grey rectangle of up to half the side, anywhere."""
        n = len(pixels)
        centre = uniform(2 * n, 0, 1, generator).view(2, n)
        half = uniform(2 * n, 0.08, 0.25, generator).view(2, n)
        return _covered(pixels, torch.cat([centre, half]), self.erase, generator)

    def _relight(self, pixels: Tensor, generator: torch.Generator) -> Tensor:
        n = len(pixels)
        contrast = column(1 + around(n, self.light, generator), pixels)
        brightness = column(255 * around(n, self.light / 2, generator), pixels)
        mean = pixels.mean((1, 2, 3), keepdim=True)
        return ((pixels - mean) * contrast + mean + brightness).clamp(0, 255)


def _covered(pixels: Tensor, rectangles: Tensor, share: float, generator: torch.Generator) -> Tensor:
    """A share of the pictures, each with a grey rectangle: (4, N) centre y and x, half height and width, 0…1."""
    n, _, height, width = pixels.shape
    grey, chosen = uniform(n, 0, 255, generator), chance(n, share, generator)
    y, x, half_height, half_width = rectangles[:, :, None]
    rows, columns = (((torch.arange(length, device=y.device) + 0.5) / length)[None] for length in (height, width))
    inside_rows = ((rows - y).abs() < half_height) & chosen[:, None]
    inside = inside_rows[:, :, None] & ((columns - x).abs() < half_width)[:, None, :]
    return torch.where(inside[:, None].to(pixels.device), column(grey, pixels), pixels)


GENTLE = Augmentation(angle=6, scale=0.06, shift=0.03, light=0.15, erase=0, camera=CameraDamage(0, 0, 0, 0, 0, 0, 0))
"""As a face looks a moment later."""
