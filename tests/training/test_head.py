from __future__ import annotations

from dataclasses import replace

import torch

from models.network import Network
from tests.training.conftest import LABELS, small_network
from training.head import silenced, with_labels
from training.metrics import predict_logits


def test_known_rows_are_kept_and_new_ones_point_at_their_faces(network: Network, faces: torch.Tensor) -> None:
    wanted = ("shout", "wink", "neutral", "happiness")
    classes = torch.arange(len(faces)) % 3
    grown = with_labels(network, LABELS, wanted, faces, classes)
    for row, label in enumerate(wanted[1:], start=1):
        assert torch.equal(grown.head.weight[row], network.head.weight[LABELS.index(label)])
        assert torch.equal(grown.head.bias[row], network.head.bias[LABELS.index(label)])
    logits = predict_logits(grown, faces)[:, 0]
    assert float(logits[classes == 0].mean()) > float(logits[classes != 0].mean())


def test_without_faces_a_new_row_says_nothing(network: Network, faces: torch.Tensor) -> None:
    grown = with_labels(network, LABELS, ("wink", "shout"), faces[:0], torch.zeros(0, dtype=torch.long))
    assert not grown.head.weight[1].detach().any()
    assert torch.equal(grown.head.weight[0], network.head.weight[LABELS.index("wink")])


def test_the_trunk_keeps_its_shape(faces: torch.Tensor) -> None:
    wide = small_network(first_stride=1)
    grown = with_labels(wide, LABELS, (*LABELS, "shout"), faces, torch.arange(len(faces)) % 4)
    assert grown.config == replace(wide.config, classes=4)
    torch.testing.assert_close(predict_logits(grown, faces)[:, :3], predict_logits(wide, faces))


def test_a_silenced_label_is_hardly_named_and_the_others_stay(faces: torch.Tensor) -> None:
    network = small_network()
    with torch.inference_mode():
        activations = network.trunk(faces.float())
    silent = silenced(network, [1], activations)
    before, after = predict_logits(network, faces), predict_logits(silent, faces)
    assert torch.equal(before[:, [0, 2]], after[:, [0, 2]]) and bool((before.argmax(1) == 1).any())
    assert 2 * int((after.argmax(1) == 1).sum()) < int((before.argmax(1) == 1).sum())
    assert torch.equal(silent.head.bias, network.head.bias), "both branches of an adapted network have one bias"
    assert torch.equal(silenced(network, [], activations).head.weight, network.head.weight)
    assert torch.equal(silenced(network, [1], activations[:0]).head.weight, network.head.weight)
