from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
from onnxruntime import InferenceSession
from torch import Tensor

from models.card import Card
from models.network import Network
from models.onnx_model import MAX_BYTES, OPERATORS, OPSET
from models.versions import Version
from models.weights import shape_of
from tests.training.conftest import LABELS, map_of, small_adapted_network, small_network, small_signed_network
from training.export.onnx_export import prove_onnx, write_onnx
from training.export.proof import ProofFailed, proof_pictures, reference

TEMPERATURE = 1.3


@pytest.fixture(scope="module")
def version(tmp_path_factory: pytest.TempPathFactory, network: Network) -> Version:
    """Nothing but a card and a model."""
    folder = tmp_path_factory.mktemp("onnx")
    write_onnx(folder / "model.onnx", network, LABELS, TEMPERATURE)
    return Version(1, folder, Card(network=shape_of(network), labels=LABELS, temperature=TEMPERATURE))


def test_it_answers_as_pytorch_does(version: Version, network: Network, faces: Tensor) -> None:
    proof = prove_onnx(version, reference(network, TEMPERATURE, faces))
    assert proof.holds and proof.faces == 208 and proof.format == "ONNX"
    assert proof.max_difference < 1e-5, "the weights are the same numbers, so hardly anything may differ"


def test_a_first_stage_at_full_resolution(tmp_path: Path, faces: Tensor) -> None:
    network = small_network(first_stride=1)
    write_onnx(tmp_path / "model.onnx", network, LABELS, TEMPERATURE)
    card = Card(network=shape_of(network), labels=LABELS, temperature=TEMPERATURE)
    assert prove_onnx(Version(1, tmp_path, card), reference(network, TEMPERATURE, faces)).max_difference < 1e-5
    session = InferenceSession((tmp_path / "model.onnx").read_bytes())
    assert session.run(["last_map"], {"face": faces[:2].float().numpy()})[0].shape == (2, 16, 12, 12)


@pytest.mark.parametrize("made", [small_adapted_network, small_signed_network])
def test_what_was_taught_beside_what_is_known(tmp_path: Path, faces: Tensor, made: Callable[[], Network]) -> None:
    network = made()
    write_onnx(tmp_path / "model.onnx", network, LABELS, TEMPERATURE)
    card = Card(network=shape_of(network), labels=LABELS, temperature=TEMPERATURE)
    assert prove_onnx(Version(1, tmp_path, card), reference(network, TEMPERATURE, faces)).max_difference < 1e-5
    session = InferenceSession((tmp_path / "model.onnx").read_bytes())
    with torch.inference_mode():
        expected = map_of(network, faces[:2].float()).numpy()
    np.testing.assert_allclose(session.run(["last_map"], {"face": faces[:2].float().numpy()})[0], expected, atol=1e-2)
    assert {node.op_type for node in onnx.load(tmp_path / "model.onnx").graph.node} <= OPERATORS


@pytest.mark.parametrize("batch", [0, 1, 7, 64])
def test_any_batch(version: Version, network: Network, faces: Tensor, batch: int) -> None:
    pictures = proof_pictures(faces, 48, 200)[-batch or 208 :].float()
    session = InferenceSession((version.path / "model.onnx").read_bytes())
    probabilities, last_map = session.run(["probabilities", "last_map"], {"face": pictures.numpy()})
    with torch.inference_mode():
        expected_map = network.last_map(network.trunk(pictures))
        expected = (network(pictures) / TEMPERATURE).softmax(1)
    assert probabilities.shape == (batch, 3) and last_map.shape == expected_map.shape
    np.testing.assert_allclose(probabilities, expected.numpy(), atol=1e-4)
    np.testing.assert_allclose(last_map, expected_map.numpy(), rtol=1e-3, atol=1e-2)


def test_what_is_in_the_file(version: Version, network: Network) -> None:
    assert [path.name for path in version.path.iterdir()] == ["model.onnx"]
    model = onnx.load(version.path / "model.onnx")
    assert [(entry.domain, entry.version) for entry in model.opset_import] == [("", OPSET)]
    assert {node.op_type for node in model.graph.node} <= OPERATORS
    assert [value.name for value in model.graph.input] == ["face"]
    assert [value.name for value in model.graph.output] == ["probabilities", "last_map"]
    assert {entry.key: entry.value for entry in model.metadata_props} == {"labels": "neutral\nhappiness\nwink"}
    parameters = sum(parameter.numel() for parameter in network.parameters())
    assert 2 * parameters < (version.path / "model.onnx").stat().st_size < 2 * parameters + 20_000 < MAX_BYTES


def test_nothing_says_where_it_was_made(version: Version) -> None:
    data = (version.path / "model.onnx").read_bytes()
    assert str(Path(__file__).parents[3]).encode() not in data
    assert not re.search(rb"\w{3}\.py\b", data)


def test_another_model_or_other_labels_are_refused(version: Version, network: Network, faces: Tensor) -> None:
    with pytest.raises(ProofFailed, match="does not answer as the trained one does"):
        prove_onnx(version, reference(small_network(seed=9), TEMPERATURE, faces))
    other = Version(1, version.path, version.card.model_copy(update={"labels": LABELS[::-1]}))
    with pytest.raises(ProofFailed, match="names other labels than its card"):
        prove_onnx(other, reference(network, TEMPERATURE, faces))
