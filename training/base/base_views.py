"""What a step sees of its faces: augmented views, drawn from numbers that say which part of which step it is.

So a run that goes on, with more workers or fewer, sees what it would have seen.
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from training.base.base_recipe import BaseRecipe
from training.base.face_map import FaceMap
from training.random_draws import chance

NO_FRAME = torch.tensor([[1.0, 0, 0], [0, 1, 0]])
"""The whole picture, as `affine_grid` has it."""


def seeded(*numbers: int, device: torch.device | None = None) -> torch.Generator:
    """A generator of the device, or the CPU, seeded by whole numbers that are not negative."""
    return torch.Generator(device or "cpu").manual_seed(
        int(np.random.SeedSequence(numbers).generate_state(1, np.uint64)[0])
    )


def epoch_order(weights: Tensor, batch: int, seed: int, epoch: int) -> NDArray[np.int64]:
    """Rows in the order of one epoch, whole batches of them; a face of twice the weight (N,) comes twice as often.

    Each comes as often as its share of the rows says, rounded up or down (systematic resampling).
    """
    generator = seeded(seed, epoch)
    faces, rows = len(weights), max(1, len(weights) // batch) * batch
    shuffled = torch.randperm(faces, generator=generator)
    places = (torch.arange(rows) + torch.rand((), generator=generator, dtype=torch.float64)) / rows
    reach = weights[shuffled].double().cumsum(0)
    drawn = torch.searchsorted(reach / reach[-1], places, right=True).clamp(max=faces - 1)
    order: NDArray[np.int64] = shuffled[drawn][torch.randperm(rows, generator=generator)].numpy()
    return order


def view(
    faces: FaceMap, rows: NDArray[np.int64], recipe: BaseRecipe, place: tuple[int, int, int], device: torch.device
) -> tuple[Tensor, Tensor]:
    """Pixels (P, 1, S, S) 0…255 of these rows of the faces, and what their raters said, (P, C).

    They are part number `place[2]` of step `place[1]` of epoch `place[0]`.
    """
    generator = seeded(recipe.seed, *place, device=device)
    pixels = torch.from_numpy(faces.crops[rows]).to(device)[:, None].float()
    frames = _frames(torch.from_numpy(faces.squares[rows]).to(device), faces.size, recipe.by_points, generator)
    return recipe.augmentation(pixels, generator, frames=frames), torch.from_numpy(faces.targets[rows]).to(device)


def _frames(squares: Tensor, size: int, share: float, generator: torch.Generator) -> Tensor:
    """Where in its crop a view of each face lies, (P, 2, 3): in its square for a share of those that have one."""
    x, y, side, angle = squares.unbind(1)
    across, down = side / size * torch.cos(angle), side / size * torch.sin(angle)
    rows = torch.stack([across, -down, 2 * x / size - 1, down, across, 2 * y / size - 1], 1).view(-1, 2, 3)
    by_points = chance(len(squares), share, generator) & torch.isfinite(squares).all(1)
    return torch.where(by_points[:, None, None], rows, NO_FRAME.to(squares.device))
