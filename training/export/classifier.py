"""A network that answers in probabilities, as it is exported."""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor, nn

from models.network import Network


class Classifier(nn.Module):
    """Pixels (N, 1, size, size) 0…255 in, probabilities (N, C) out, temperature applied."""

    def __init__(self, network: Network, temperature: float) -> None:
        super().__init__()
        self.network, self.temperature = network.eval(), temperature

    def forward(self, face: Tensor) -> Tensor:
        return F.softmax(self.network(face) / self.temperature, 1)
