"""What a step sees of its faces: augmented views, mixed, drawn from numbers that say which part of which step it is.

So a run that goes on, with more workers or fewer, sees what it would have seen.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from training.base.base_recipe import BaseRecipe
from training.base.face_map import FaceMap
from training.random_draws import chance

NO_FRAME = torch.tensor([[1.0, 0, 0], [0, 1, 0]])
"""The whole picture, as `affine_grid` has it."""


@dataclass(frozen=True)
class View:
    """A part of a batch: pixels (P, 1, S, S) 0…255, targets (P, C), and which features (P, D) dropout keeps."""

    pixels: Tensor
    targets: Tensor
    kept: Tensor


def seeded(*numbers: int) -> torch.Generator:
    """A generator of the CPU, seeded by whole numbers that are not negative."""
    return torch.Generator().manual_seed(int(np.random.SeedSequence(numbers).generate_state(1, np.uint64)[0]))


def epoch_order(faces: int, batch: int, seed: int, epoch: int) -> NDArray[np.int64]:
    """Rows in the order of one epoch, as many as fill whole batches; few faces come more than once to fill one."""
    order = torch.randperm(faces, generator=seeded(seed, epoch)).numpy()
    return np.resize(order, max(1, faces // batch) * batch)


def view(
    faces: FaceMap,
    rows: NDArray[np.int64],
    recipe: BaseRecipe,
    features: int,
    place: tuple[int, int, int],
    mixes: bool,
    device: torch.device,
) -> View:
    """Part number `place[2]` of step `place[1]` of epoch `place[0]`, which has these rows of the faces."""
    generator = seeded(recipe.seed, *place)
    pixels = torch.from_numpy(faces.crops[rows]).to(device)[:, None].float()
    targets = torch.from_numpy(faces.targets[rows])
    if faces.taught is not None:
        targets = targets.lerp(torch.from_numpy(faces.taught[rows]), recipe.teachers)
    targets = targets.to(device)
    frames = _frames(torch.from_numpy(faces.squares[rows]), faces.size, recipe.by_points, generator)
    pixels = recipe.augmentation(pixels, generator, frames=frames)
    if mixes:
        pixels, targets = mix_up(pixels, targets, recipe.mix_up, generator)
    kept = (torch.rand(len(rows), features, generator=generator) >= recipe.dropout) / (1 - recipe.dropout)
    return View(pixels, targets, kept.to(device))


def _frames(squares: Tensor, size: int, share: float, generator: torch.Generator) -> Tensor:
    """Where in its crop a view of each face lies, (P, 2, 3): in its square for a share of those that have one."""
    x, y, side, angle = squares.unbind(1)
    across, down = side / size * torch.cos(angle), side / size * torch.sin(angle)
    rows = torch.stack([across, -down, 2 * x / size - 1, down, across, 2 * y / size - 1], 1).view(-1, 2, 3)
    by_points = chance(len(squares), share, generator) & torch.isfinite(squares).all(1)
    return torch.where(by_points[:, None, None], rows, NO_FRAME)


def mix_up(pixels: Tensor, targets: Tensor, alpha: float, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Mix-up (Zhang et al., 2018): each picture blended with another, and their targets alike."""
    seed = int(torch.randint(2**62, (), generator=generator))  # PyTorch's Beta distribution takes no generator
    share = torch.from_numpy(np.random.default_rng(seed).beta(alpha, alpha, len(pixels))).float()
    share = torch.maximum(share, 1 - share).to(pixels)
    other = torch.randperm(len(pixels), generator=generator).to(pixels.device)
    pixels = pixels.lerp(pixels[other], (1 - share)[:, None, None, None])
    return pixels, targets.lerp(targets[other], (1 - share)[:, None])
