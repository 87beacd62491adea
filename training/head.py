"""The head of a network given other labels: what it knows stays, what is new starts where its faces point."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import replace

import torch
import torch.nn.functional as F
from torch import Tensor

from models.network import Network

RIDGE = 0.01
"""What the features' mean squares gain where weights are fitted to them, in parts of their mean."""


def with_labels(
    network: Network, labels: Sequence[str], wanted: Sequence[str], pixels: Tensor, classes: Tensor
) -> Network:
    """A copy of `network` whose head has the `wanted` labels, in that order.

    A label that it knows keeps its row; a new one's row points from the mean of all faces' features to the mean of
    its own faces (`pixels`, of any number type, with `classes`, which index `wanted`), as long as the known rows are.
    """
    grown = Network(replace(network.config, classes=len(wanted))).eval()
    state = network.state_dict()
    weight, bias = state.pop("head.weight"), state.pop("head.bias")
    grown.load_state_dict(state, strict=False)
    with torch.no_grad():
        features = _features(network, pixels)
        centre = features.mean(0) if len(features) else torch.zeros(weight.shape[1])
        grown.head.weight.zero_()
        grown.head.bias.fill_(float(bias.mean()))
        for row, label in enumerate(wanted):
            if label in labels:
                grown.head.weight[row] = weight[list(labels).index(label)]
                grown.head.bias[row] = bias[list(labels).index(label)]
            elif bool((classes == row).any()):
                mean = features[classes == row].mean(0)
                direction = F.normalize(mean - centre, dim=0) * weight.norm(dim=1).mean()
                grown.head.weight[row] = direction
                grown.head.bias[row] -= direction @ (mean + centre) / 2
    return grown


@torch.no_grad()
def silenced(network: Network, rows: Sequence[int], activations: Tensor) -> Network:
    """A copy of a network that hardly names the labels of these `rows` of its head, on faces like the given ones.

    `activations` (N, C, h, w) are of the trunk. The rows' biases stay: their weights bring their logits below every
    other, to a number as near to the same for all faces as features allow (ridge regression).
    """
    silent = copy.deepcopy(network)
    others = [row for row in range(network.config.classes) if row not in rows]
    if not rows or not others or len(activations) == 0:
        return silent
    features = torch.cat([network.embed(part) for part in torch.split(activations, 256)])
    lowest = network.head(features)[:, others].min(1).values.double().mean() - 2
    features = features.double()
    moments = features.T @ features / len(features)
    moments += torch.eye(len(moments)) * (RIDGE * moments.diagonal().mean() + 1e-6)
    always_one = torch.linalg.solve(moments, features.mean(0))
    for row in rows:
        silent.head.weight[row] = (lowest - silent.head.bias[row]) * always_one
    return silent


def _features(network: Network, pixels: Tensor) -> Tensor:
    if len(pixels) == 0:
        return torch.zeros(0, network.head.in_features)
    return torch.cat([network.embed(network.trunk(part.float())) for part in torch.split(pixels, 128)])
