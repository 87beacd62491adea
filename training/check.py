"""Faces that a network in training is measured on. Its trunk does not change, so they pass that only once."""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from models.network import Network


@dataclass(frozen=True)
class CheckFaces:
    """Faces as they leave the trunk, `activations` (N, C, h, w), and what they show, `classes` (N,)."""

    activations: Tensor
    classes: Tensor

    def __len__(self) -> int:
        return len(self.classes)

    def some(self, count: int) -> CheckFaces:
        """`count` of them, spread evenly; all where there are fewer."""
        rows = torch.linspace(0, len(self) - 1, min(len(self), count)).long()
        return CheckFaces(self.activations[rows], self.classes[rows])

    @torch.inference_mode()
    def logits(self, network: Network) -> Tensor:
        """What `network` makes of them, (N, classes)."""
        return torch.cat([network.tail(part) for part in torch.split(self.activations, 256)])

    def accuracy(self, network: Network) -> float:
        """Share of them, 0…1, that `network` names right; 0 where there are none."""
        right = self.logits(network).argmax(1) == self.classes
        return float(right.float().mean()) if len(self) else 0.0

    def loss(self, network: Network) -> float:
        """The mean log loss of `network`'s answers; there must be faces."""
        return float(F.cross_entropy(self.logits(network), self.classes))


@torch.inference_mode()
def check_faces(network: Network, pixels: Tensor, classes: Tensor) -> CheckFaces:
    """Face crops (N, 1, S, S) of any number type, 0…255, passed through `network`'s trunk."""
    return CheckFaces(torch.cat([network.trunk(part.float()) for part in torch.split(pixels, 128)]), classes)
