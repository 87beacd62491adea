"""Faces that a network in training is measured on. Its trunk does not change, nor what it knew before it was taught:
they pass these only once.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from models.network import Network
from models.sign_detector import cell_means
from training.spread import spread


@dataclass(frozen=True)
class CheckFaces:
    """Faces as they leave the trunk, `activations` (N, C, h, w), and what they show, `classes` (N,).

    A network with signs needs their `cell_means` (N, C, H, W), too.
    """

    activations: Tensor
    classes: Tensor
    means: Tensor | None = None

    def __len__(self) -> int:
        return len(self.classes)

    def some(self, count: int) -> CheckFaces:
        """`count` of them, spread evenly; all where there are fewer."""
        rows = spread(len(self), count)
        means = None if self.means is None else self.means[rows]
        return CheckFaces(self.activations[rows], self.classes[rows], means)

    @torch.inference_mode()
    def logits(self, network: Network) -> Tensor:
        """What `network` makes of them, (N, classes)."""
        parts = torch.split(self.activations, 256)
        if not network.config.signs:
            return torch.cat([network.tail(part) for part in parts])
        assert self.means is not None
        found = [network.signs.find(part) for part in torch.split(self.means, 256)]
        return torch.cat([network.tail(part, signs) for part, signs in zip(parts, found, strict=True)])


@dataclass(frozen=True)
class BranchedFaces:
    """Check faces, the logits (N, classes) of an adapted network's known branch, and the log odds (N, 1) that its gate
    gives what was taught."""

    faces: CheckFaces
    known: Tensor
    odds: Tensor

    def __len__(self) -> int:
        return len(self.faces)

    def accuracy(self, taught: Tensor) -> float:
        """Share of them, 0…1, that are right where the taught branch gives these logits; 0 where there are none."""
        right = self._logits(taught, 0).argmax(1) == self.faces.classes
        return float(right.float().mean()) if len(self) else 0.0

    def loss(self, taught: Tensor, opening: float) -> float:
        """The mean log loss with the gate opened so far; there must be faces."""
        return float(F.cross_entropy(self._logits(taught, opening), self.faces.classes))

    def _logits(self, taught: Tensor, opening: float) -> Tensor:
        return torch.lerp(self.known, taught.float(), torch.sigmoid(self.odds + opening))


@torch.inference_mode()
def branched(faces: CheckFaces, known: Network, gate: nn.Conv2d) -> BranchedFaces:
    """Faces that pass the `known` branch and the gate now."""
    odds = gate(faces.activations.float().mean((2, 3), keepdim=True)).flatten(1)
    return BranchedFaces(faces, faces.logits(known).float(), odds.float())


@torch.inference_mode()
def check_faces(network: Network, pixels: Tensor, classes: Tensor, *, for_signs: bool = False) -> CheckFaces:
    """Face crops (N, 1, S, S) of any number type, 0…255, passed through `network`'s trunk; with `for_signs`, they have
    their cell means."""
    activations, means = [], []
    for part in torch.split(pixels, 128):
        early = network.early(part.float())
        activations.append(network.late(early))
        means += [cell_means(early)] if for_signs else []
    return CheckFaces(torch.cat(activations), classes, torch.cat(means) if for_signs else None)
