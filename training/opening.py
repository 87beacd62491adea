"""How wide the gate of an adapted network opens: as far as that scores better on the faces that it is measured on.

Where the person's faces can hardly be told from the base model's, a gate that is fair to both keeps back half of what
was taught. Moved towards the person it costs little: the taught branch was held to the base model's faces, too.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence

import torch

from models.network import Network
from training.adaptation import known_branch, taught_branch
from training.check import CheckFaces, branched

UNMEASURED_OPENING = 1.0
"""By how much to open it where there is nothing to measure on."""


@torch.no_grad()
def opened(network: Network, by: float) -> Network:
    """An adapted network whose gate counts what was taught for more: `by` is added to the log odds of its share."""
    wider = copy.deepcopy(network)
    assert wider.gate.bias is not None
    wider.gate.bias += by
    return wider


def best_opening(network: Network, openings: Sequence[float], held_out: CheckFaces, base: CheckFaces) -> float:
    """The one of `openings` with the least log loss on held-out and base faces, each counting half."""
    if len(held_out) == 0:
        return UNMEASURED_OPENING

    taught = taught_branch(network)
    measured = [
        (branched(faces, known_branch(network), network.gate), faces.logits(taught))
        for faces in (held_out, base)
        if len(faces)
    ]

    def loss(by: float) -> float:
        return sum(faces.loss(logits, by) for faces, logits in measured)

    return min(openings, key=loss)
