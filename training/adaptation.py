"""What a person taught, beside what the network knew: an adapted network.

A copy of the tail learns; what there was stays beside it (as in side-tuning, Zhang et al., 2020,
https://arxiv.org/abs/1912.13503), and a gate tells the person's faces from the base model's own: with the gate's share
s the logits are (1 − s) · known + s · taught. On faces unlike the person's the old answer stands. Both branches have
one bias, so that `Network.last_map` holds the share and everything behind it stays linear.

The gate is a linear discriminant with a shrunken covariance, worked out on the faces as they are: on the views of an
augmentation it would go by what that does. The taught branch learns without it: learning behind the gate it is not held
to the base model's faces where the gate is nearly shut, and forgets what counts where it is not.
"""

from __future__ import annotations

import copy
from dataclasses import replace

import torch
from torch import Tensor, nn

from models.network import Network

SHRINKAGE = 0.3
"""How much of its own the covariance's diagonal gains."""


def known_branch(network: Network) -> Network:
    """What a folded network knew before it was taught, as a network of its own; a copy of one that was never."""
    return _branch(network, 0) if network.config.adapted else copy.deepcopy(network)


def taught_branch(network: Network) -> Network:
    """What an adapted network was taught, as a network of its own; a copy of one that was never taught."""
    return _branch(network, 1) if network.config.adapted else copy.deepcopy(network)


@torch.no_grad()
def fit_gate(mine: Tensor, others: Tensor) -> nn.Conv2d:
    """The gate that tells faces like `mine` from ones like `others`, both (N, C, h, w) as they leave the trunk.

    It gives half a share to a face in the middle between the two, whatever their numbers are, and to all faces where
    there are none of one kind.
    """
    gate = nn.Conv2d(mine.shape[1], 1, 1)
    assert gate.bias is not None
    nn.init.zeros_(gate.weight)
    nn.init.zeros_(gate.bias)
    if len(mine) and len(others):
        # In double precision, so that the weights, once rounded, do not hang on the number of threads.
        means = [part.double().mean((2, 3)) for part in (mine, others)]
        own, other = (each.mean(0) for each in means)
        spread = torch.cat([means[0] - own, means[1] - other])
        covariance = spread.T @ spread / len(spread)
        alone = covariance.diagonal()
        covariance = covariance + torch.diag(SHRINKAGE * alone + 1e-3 * alone.mean() + 1e-6)
        weights = torch.linalg.solve(covariance, own - other)
        gate.weight.copy_(weights.view_as(gate.weight))
        gate.bias.fill_(float(-weights @ (own + other) / 2))
    return gate


@torch.no_grad()
def adapted(known: Network, taught: Network, gate: nn.Conv2d) -> Network:
    """One network of two that differ in nothing but their tails; both have the bias of `known`."""
    known, taught = copy.deepcopy(known), copy.deepcopy(taught)
    network = Network(replace(known.config, adapted=True))
    network.first_stages, network.last_stage = known.first_stages, known.last_stage
    network.adapter = nn.Sequential(*taught.last_stage[1:])
    network.gate = copy.deepcopy(gate)
    network.pool.weight.copy_(torch.cat([known.pool.weight, taught.pool.weight]))
    network.head.weight.copy_(torch.cat([known.head.weight, taught.head.weight], 1))
    network.head.bias.copy_(known.head.bias)
    return network.requires_grad_(False).eval()


@torch.no_grad()
def _branch(network: Network, number: int) -> Network:
    same, config = copy.deepcopy(network), replace(network.config, adapted=False)
    branch = Network(config)
    branch.first_stages = same.first_stages
    branch.last_stage = nn.Sequential(same.last_stage[0], *same.adapter) if number else same.last_stage
    branch.pool.weight.copy_(network.pool.weight.chunk(2)[number])
    branch.head.weight.copy_(network.head.weight.chunk(2, 1)[number])
    branch.head.bias.copy_(network.head.bias)
    return branch.eval()
