"""Weights between the old and the new ones (WiSE-FT, Wortsman et al., 2022): as far as that scores better."""

from __future__ import annotations

import copy
from collections.abc import Sequence

import torch

from models.network import Network
from training.check import CheckFaces

UNMEASURED_SHARE = 0.8
"""How much of the new weights to take where there is nothing to measure on."""


def average(old: Network, new: Network, share: float) -> Network:
    """Weights `share` of the way (0…1) from `old` to `new`."""
    mixed = copy.deepcopy(old)
    target = new.state_dict()
    mixed.load_state_dict({name: torch.lerp(value, target[name], share) for name, value in old.state_dict().items()})
    return mixed


def best_share(old: Network, new: Network, shares: Sequence[float], held_out: CheckFaces, base: CheckFaces) -> float:
    """How much of the new weights to take: the least log loss on held-out and base faces, each counting half."""
    if len(held_out) == 0:
        return UNMEASURED_SHARE
    losses = []
    for share in shares:
        network = average(old, new, share).eval()
        losses.append(sum(faces.loss(network) for faces in (held_out, base) if len(faces)))
    return shares[min(range(len(shares)), key=losses.__getitem__)]


def rounded(network: Network) -> Network:
    """The network with weights as they are saved, in half precision: what is measured is what is kept."""
    copied = copy.deepcopy(network)
    copied.load_state_dict({name: value.half().float() for name, value in network.state_dict().items()})
    return copied.eval()
