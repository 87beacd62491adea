from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from models.network import Network
from training.check import CheckFaces, check_faces
from training.metrics import predict_logits


def test_figures_are_those_of_the_whole_network(network: Network, faces: Tensor) -> None:
    classes = torch.arange(len(faces)) % 3
    checked = check_faces(network, faces, classes)
    logits = predict_logits(network, faces)
    torch.testing.assert_close(checked.logits(network), logits)
    assert checked.accuracy(network) == float((logits.argmax(1) == classes).float().mean())
    assert abs(checked.loss(network) - float(F.cross_entropy(logits, classes))) < 1e-5


def test_some_are_spread_evenly(network: Network, faces: Tensor) -> None:
    checked = check_faces(network, faces, torch.arange(len(faces)))
    assert checked.some(4).classes.tolist() == [0, 7, 15, 23]
    assert checked.some(100).classes.tolist() == list(range(24))


def test_no_faces(network: Network, faces: Tensor) -> None:
    nothing = check_faces(network, faces[:0], torch.zeros(0, dtype=torch.long))
    assert len(nothing) == 0 and nothing.accuracy(network) == 0 and nothing.logits(network).shape == (0, 3)
    assert isinstance(nothing.some(5), CheckFaces)
