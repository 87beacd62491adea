from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from models.network import Network
from tests.training.conftest import small_adapted_network
from training.adaptation import known_branch, taught_branch
from training.check import CheckFaces, branched, check_faces
from training.metrics import predict_logits
from training.opening import opened


def test_logits_are_those_of_the_whole_network(network: Network, faces: Tensor) -> None:
    checked = check_faces(network, faces, torch.arange(len(faces)) % 3)
    torch.testing.assert_close(checked.logits(network), predict_logits(network, faces))


def test_branched_faces_are_measured_as_by_the_adapted_network(faces: Tensor) -> None:
    network = small_adapted_network()
    classes = torch.arange(len(faces)) % 3
    checked = check_faces(network, faces, classes)
    both = branched(checked, known_branch(network), network.gate)
    taught = checked.logits(taught_branch(network))
    logits = predict_logits(network, faces)
    assert both.accuracy(taught) == float((logits.argmax(1) == classes).float().mean())
    for opening in (0.0, 2.0):
        expected = F.cross_entropy(predict_logits(opened(network, opening), faces), classes)
        assert abs(both.loss(taught, opening) - float(expected)) < 1e-5


def test_some_are_spread_evenly(network: Network, faces: Tensor) -> None:
    checked = check_faces(network, faces, torch.arange(len(faces)))
    assert checked.some(4).classes.tolist() == [0, 8, 15, 23]
    assert checked.some(100).classes.tolist() == list(range(24))


def test_no_faces(network: Network, faces: Tensor) -> None:
    nothing = check_faces(network, faces[:0], torch.zeros(0, dtype=torch.long))
    assert len(nothing) == 0 and nothing.logits(network).shape == (0, 3)
    assert isinstance(nothing.some(5), CheckFaces)
    adapted = small_adapted_network()
    assert branched(nothing, known_branch(adapted), adapted.gate).accuracy(nothing.logits(taught_branch(adapted))) == 0
