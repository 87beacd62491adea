"""Random numbers for a batch, drawn on the device that their generator is of."""

from __future__ import annotations

import torch
from torch import Tensor


def uniform(n: int, low: float, high: float, generator: torch.Generator) -> Tensor:
    """(n,) numbers between `low` and `high`."""
    return low + (high - low) * torch.rand(n, generator=generator, device=generator.device)


def around(n: int, reach: float, generator: torch.Generator) -> Tensor:
    """(n,) numbers between -`reach` and `reach`."""
    return uniform(n, -reach, reach, generator)


def chance(n: int, share: float, generator: torch.Generator) -> Tensor:
    """(n,) booleans, true with the probability `share`."""
    return torch.rand(n, generator=generator, device=generator.device) < share


def column(values: Tensor, like: Tensor) -> Tensor:
    """(n,) values as (n, 1, 1, 1), of the type and on the device of the pictures `like`."""
    return values.view(-1, 1, 1, 1).to(like)
