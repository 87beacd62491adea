"""Which faces are drawn how often, and what is added to the logits for it (logit adjustment, Menon et al., 2021)."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

OWN_MIX = 0.75
"""How near the prior that is learned comes to the person's mix, 0…1 of the way from the base data's, in logarithms."""


def balance(classes: Tensor, base_counts: Tensor, evenness: float) -> tuple[Tensor, Tensor]:
    """Drawing weights (N,) for faces of `classes`, and the logit correction (C,) for drawing them so.

    With `evenness` 0 faces are drawn as often as they come, with 1 each label as often as any other. `base_counts`
    (C,) is how many base faces show each label, 0 for a label of one's own: that one counts as frequent as it is among
    the person's faces.
    """
    prior = class_prior(classes, len(base_counts))
    present = prior > 0
    shared = present & (base_counts > 0)
    usual = torch.where(shared, base_counts / base_counts[shared].sum() * prior[shared].sum(), prior)
    target = _normalised(prior**OWN_MIX * usual ** (1 - OWN_MIX))
    drawn = _normalised(torch.where(present, prior ** (1 - evenness), torch.zeros(())))
    weights = (drawn / prior)[classes]
    correction = torch.where(present, (drawn / target).log(), torch.zeros(()))
    return weights, correction


def class_prior(classes: Tensor, count: int) -> Tensor:
    """Share of each of `count` classes among `classes`, (C,)."""
    return torch.from_numpy(np.bincount(classes.numpy(), minlength=count) / max(1, len(classes))).float()


def _normalised(shares: Tensor) -> Tensor:
    return shares / shares.sum()
