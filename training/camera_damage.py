"""What real cameras do to a face: blur, darkness, light from one side, little contrast, noise, few pixels, JPEG.

Each picture of a batch has its own strength of each, and everything is a few products of matrices, on any device.
torchvision's `transforms.v2` draws one strength for a whole batch; its JPEG packs and unpacks one picture after another
on the CPU, in the same time as the one here.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import torch
import torch.nn.functional as F
from torch import Tensor

from training.random_draws import chance, column, uniform

REACH = 3
"""Pixels that a blur's kernel reaches to each side."""
BLOCK = 8
LUMINANCE = (
    *(16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56),
    *(14, 17, 22, 29, 51, 87, 80, 62, 18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92),
    *(49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99),
)
"""JPEG's quantisation of brightness at quality 50 (ITU T.81, table K.1), row by row."""


@dataclass(frozen=True)
class CameraDamage:
    """The share of the pictures, 0…1, that suffers each damage; how strongly is drawn for each of them.

    Attributes:
        blur: of focus or of motion; `dark`: under- or, less often, overexposed; `shaded`: light from one side, or from
            behind; `flat`: little contrast; `noise`: of the sensor, σ 2…32 of 255; `coarse`: a small or far face, a
            quarter to four fifths of its pixels, scaled up; `jpeg`: of quality 10…80.
        spared: the share that suffers nothing; the shares above are of the others.
    """

    blur: float = 0.25
    dark: float = 0.2
    shaded: float = 0.2
    flat: float = 0.15
    noise: float = 0.4
    coarse: float = 0.35
    jpeg: float = 0.2
    spared: float = 0

    def __call__(self, pixels: Tensor, generator: torch.Generator) -> Tensor:
        """Grey pixels (N, 1, H, W) 0…255 → the same shape, whole numbers in the same range."""
        rows = chance(len(pixels), 1 - self.spared, generator).nonzero().flatten().to(pixels.device)
        return pixels.index_copy(0, rows, self._damaged(pixels[rows], generator)).round()

    def _damaged(self, pixels: Tensor, generator: torch.Generator) -> Tensor:
        coarse = uniform(len(pixels), 0, 1, generator)
        damages: list[tuple[Callable[[Tensor, torch.Generator], Tensor], Tensor]] = [
            (blurred, chance(len(pixels), self.blur, generator)),
            (darkened, chance(len(pixels), self.dark, generator)),
            (shaded, chance(len(pixels), self.shaded, generator)),
            (flattened, chance(len(pixels), self.flat, generator)),
            # A far face has the noise of its few pixels; one that is sent small had it before.
            (coarsened, coarse < self.coarse / 2),
            (noisy, chance(len(pixels), self.noise, generator)),
            (coarsened, (coarse >= self.coarse / 2) & (coarse < self.coarse)),
            (packed, chance(len(pixels), self.jpeg, generator)),
        ]
        for damage, chosen in damages:
            rows = chosen.nonzero().flatten().to(pixels.device)
            if len(rows):
                pixels = pixels.index_copy(0, rows, damage(pixels[rows], generator).clamp(0, 255))
        return pixels


def blurred(pixels: Tensor, generator: torch.Generator) -> Tensor:
    """Out of focus (a Gaussian, σ 0.5…1.8 pixels) or moved (a line of 2 to 6.6 pixels)."""
    n = len(pixels)
    y, x = torch.meshgrid(*2 * [torch.arange(-REACH, REACH + 1.0, device=generator.device)], indexing="ij")
    sigma, angle, half = (
        uniform(n, low, high, generator)[:, None, None] for low, high in ((0.5, 1.8), (0, math.pi), (1, 3.3))
    )
    focus = torch.exp(-(x**2 + y**2) / (2 * sigma**2))
    beside = (x * torch.sin(angle) - y * torch.cos(angle)).abs()
    along = (x * torch.cos(angle) + y * torch.sin(angle)).abs()
    motion = (1 - beside).clamp(min=0) * (half + 0.5 - along).clamp(0, 1)
    kernels = torch.where(chance(n, 0.6, generator)[:, None, None], focus, motion)
    kernels = (kernels / kernels.sum((1, 2), keepdim=True))[:, None].to(pixels)
    padded = F.pad(pixels, [REACH] * 4, mode="replicate").transpose(0, 1)
    return F.conv2d(padded, kernels, groups=n).transpose(0, 1)


def darkened(pixels: Tensor, generator: torch.Generator) -> Tensor:
    """Exposure as a power of brightness, 0.5 (bright) to 3 (dark)."""
    return 255 * (pixels / 255) ** column(torch.exp(uniform(len(pixels), -0.7, 1.1, generator)), pixels)


def shaded(pixels: Tensor, generator: torch.Generator) -> Tensor:
    """Light from one side, or from behind: then the middle, where the face is, is dark and the rim bright."""
    n = len(pixels)
    angle, strength = uniform(n, 0, 2 * math.pi, generator), column(uniform(n, 0.2, 0.9, generator), pixels)
    y = torch.linspace(-1, 1, pixels.shape[2]).view(1, 1, -1, 1).to(pixels)
    x = torch.linspace(-1, 1, pixels.shape[3]).view(1, 1, 1, -1).to(pixels)
    side = x * column(torch.cos(angle), pixels) + y * column(torch.sin(angle), pixels)
    behind = x**2 + y**2 - 0.8
    from_behind = chance(n, 0.25, generator).view(-1, 1, 1, 1).to(pixels.device)
    return pixels * (1 + strength * torch.where(from_behind, behind, side))


def flattened(pixels: Tensor, generator: torch.Generator) -> Tensor:
    """Contrast of 15 to 60 %, and the whole picture lighter or darker."""
    n = len(pixels)
    left, lift = column(uniform(n, 0.15, 0.6, generator), pixels), column(uniform(n, -40, 60, generator), pixels)
    mean = pixels.mean((1, 2, 3), keepdim=True)
    return (pixels - mean) * left + mean + lift


def noisy(pixels: Tensor, generator: torch.Generator) -> Tensor:
    """A sensor's noise, σ 2…32 of 255; three in ten have a coarser grain, as a camera's own smoothing leaves it."""
    n = len(pixels)
    fine = torch.randn(pixels.shape, generator=generator, device=generator.device).to(pixels)
    grain = F.avg_pool2d(F.pad(fine, [1] * 4, mode="replicate"), 3, stride=1) * 2.2
    coarser = chance(n, 0.3, generator).view(-1, 1, 1, 1).to(pixels.device)
    return pixels + column(uniform(n, 2, 32, generator), pixels) * torch.where(coarser, grain, fine)


def coarsened(pixels: Tensor, generator: torch.Generator) -> Tensor:
    """Pixel areas averaged down to between 0.27 and 0.82 of the side, and scaled up again, linear or cubic."""
    shares, linear = uniform(len(pixels), 0.27, 0.82, generator), chance(len(pixels), 0.75, generator)
    down, across = (
        _resamplings(side, pixels.device)[linear.long(), (side * shares).round().clamp(min=1).long()].to(pixels)
        for side in pixels.shape[2:]
    )
    return (down @ pixels[:, 0] @ across.transpose(1, 2))[:, None]


def packed(pixels: Tensor, generator: torch.Generator) -> Tensor:
    """As JPEG of quality 10…80 leaves it. The blocks' edges lie anywhere: a face is cut from a larger picture."""
    n, _, height, width = pixels.shape
    top, left = torch.randint(BLOCK, (2,), generator=generator, device=generator.device).tolist()
    padding = [left, -(left + width) % BLOCK, top, -(top + height) % BLOCK]
    unpacked = jpeg(F.pad(pixels, padding, mode="replicate"), uniform(n, 10, 80, generator))
    return unpacked[:, :, top : top + height, left : left + width]


def jpeg(pixels: Tensor, quality: Tensor) -> Tensor:
    """What JPEG keeps of grey pixels (N, 1, H, W), sides multiples of 8, at each one's `quality` (N,), 1…100."""
    n, _, height, width = pixels.shape
    scale = torch.where(quality < 50, 5000 / quality, 200 - 2 * quality)[:, None]
    steps = ((torch.tensor(LUMINANCE, device=quality.device) * scale + 50) / 100).floor().clamp(1, 255)
    steps = steps.view(n, 1, 1, BLOCK, BLOCK).to(pixels)
    cosines = _cosines().to(pixels)
    blocks = (pixels - 128).view(n, height // BLOCK, BLOCK, width // BLOCK, BLOCK).transpose(2, 3)
    kept = ((cosines @ blocks @ cosines.T) / steps).round() * steps
    blocks = (cosines.T @ kept @ cosines).transpose(2, 3)
    return (blocks.reshape(n, 1, height, width) + 128).round().clamp(0, 255)


@lru_cache(maxsize=1)
def _cosines() -> Tensor:
    """The discrete cosine transform of eight numbers as a matrix (frequency, place)."""
    place = torch.arange(BLOCK)
    cosines = torch.cos((2 * place[None] + 1) * place[:, None] * math.pi / (2 * BLOCK)) * math.sqrt(2 / BLOCK)
    cosines[0] /= math.sqrt(2)
    return cosines


@lru_cache(maxsize=8)
def _resamplings(side: int, device: torch.device) -> Tensor:
    """(2, side + 1, side, side): a row of pixels averaged down to so many and scaled up again, cubic or linear."""
    kept = range(1, side + 1)
    ways = [torch.stack([_resampling(side, each, upwards) for each in kept]) for upwards in ("cubic", "linear")]
    return F.pad(torch.stack(ways), [0, 0, 0, 0, 1, 0]).to(device)


def _resampling(side: int, kept: int, upwards: str) -> Tensor:
    """(side, side): `side` pixels of a row averaged down to `kept` and scaled up again, as one matrix."""
    row_by_row = torch.eye(side)[None]
    small = F.interpolate(row_by_row, size=kept, mode="area")
    if upwards == "linear":
        return F.interpolate(small, size=side, mode="linear", align_corners=False)[0].T.contiguous()
    cubic = F.interpolate(small[:, :, None, :], size=(1, side), mode="bicubic", align_corners=False)
    return cubic[0, :, 0].T.contiguous()
