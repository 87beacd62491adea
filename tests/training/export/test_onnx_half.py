from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
from onnx import TensorProto
from onnx.reference import ReferenceEvaluator
from onnxruntime import InferenceSession
from torch import Tensor

from models.card import Card
from models.network import Network
from models.onnx_model import load_model
from models.versions import Version
from models.weights import rounded as rounded_weights
from models.weights import shape_of
from tests.training.conftest import LABELS, map_of, small_adapted_network, small_network, small_signed_network
from training.export.onnx_export import answers, write_onnx
from training.export.onnx_half import half_precision, sharing_weights
from training.export.onnx_half_proof import prove_half, rounded
from training.export.proof import ProofFailed, proof_pictures, reference

TEMPERATURE = 1.3
HALF, SINGLE = TensorProto.FLOAT16, TensorProto.FLOAT


def written(path: Path, network: Network, temperature: float = TEMPERATURE) -> bytes:
    write_onnx(path / "whole.onnx", network, LABELS, temperature)
    return (path / "whole.onnx").read_bytes()


@pytest.fixture(params=[small_network, small_adapted_network, small_signed_network])
def either(request: pytest.FixtureRequest) -> Network:
    made: Network = request.param()
    return made


def test_it_computes_in_half_precision_between_pixels_and_head(tmp_path: Path, either: Network) -> None:
    whole = onnx.load_from_string(written(tmp_path, either))
    half = onnx.load_from_string(half_precision(whole.SerializeToString()))
    onnx.checker.check_model(half, full_check=True)
    assert half.graph.input == whole.graph.input and half.graph.output == whole.graph.output
    assert half.metadata_props == whole.metadata_props and half.opset_import == whole.opset_import
    kinds = {
        value.name: value.type.tensor_type.elem_type
        for value in onnx.shape_inference.infer_shapes(half).graph.value_info
    }
    stored = {tensor.name: tensor for tensor in half.graph.initializer}
    convolutions = [node for node in half.graph.node if node.op_type == "Conv"]
    assert len(convolutions) == sum(node.op_type == "Conv" for node in whole.graph.node)
    for node in convolutions:
        assert kinds[node.output[0]] == HALF and {stored[name].data_type for name in node.input[1:]} == {HALF}
    (head,) = (node for node in half.graph.node if node.op_type == "Gemm")
    assert kinds[head.output[0]] == SINGLE
    assert sum(node.op_type == "Cast" for node in half.graph.node) == 3, "pixels in, features and map out"


def test_it_answers_as_pytorch_does(tmp_path: Path, either: Network, faces: Tensor) -> None:
    half = half_precision(written(tmp_path, either))
    proof = prove_half(half, reference(either, TEMPERATURE, faces))
    assert proof.format == "ONNX in half precision" and proof.faces == 208 and proof.bytes == len(half)
    pictures = proof_pictures(faces, 48, 200).float()
    (processor,) = InferenceSession(half).run(["probabilities"], {"face": pictures.numpy()})
    with torch.inference_mode():
        expected = (either(pictures) / TEMPERATURE).softmax(1).numpy()
    assert np.abs(processor - expected).max() < proof.max_difference < 0.01, "the proof rounds, the processor does not"


@pytest.mark.filterwarnings("ignore:.*encountered in:RuntimeWarning")
def test_the_proof_rounds_as_half_precision_does(tmp_path: Path, either: Network, faces: Tensor) -> None:
    """ONNX's reference evaluator computes in half precision indeed, if slowly."""
    whole = written(tmp_path, either)
    half = half_precision(whole)
    pixels = {"face": proof_pictures(faces, 48, 200)[-8:-4].float().numpy()}
    truly, _ = ReferenceEvaluator(onnx.load_from_string(half)).run(None, pixels)
    same, _ = ReferenceEvaluator(onnx.load_from_string(rounded(half))).run(None, pixels)
    exact, _ = InferenceSession(whole).run(None, pixels)
    np.testing.assert_allclose(same, truly, atol=2e-3)
    assert np.abs(same - exact).max() > 1e-5, "what is rounded is not exact"


def test_a_version_with_it_can_be_served(tmp_path: Path, either: Network, faces: Tensor) -> None:
    (tmp_path / "model.onnx").write_bytes(half_precision(written(tmp_path, either)))
    card = Card(network=shape_of(either), labels=LABELS, temperature=TEMPERATURE)
    session = load_model(Version(1, tmp_path, card), "cpu")
    pixels = faces[:5].float()
    probabilities, last_map = session.run(["probabilities", "last_map"], {"face": pixels.numpy()})
    with torch.inference_mode():
        expected_map = map_of(either, pixels).numpy()
        expected = (either(pixels) / TEMPERATURE).softmax(1).numpy()
    np.testing.assert_allclose(probabilities, expected, atol=0.01)
    np.testing.assert_allclose(last_map, expected_map, rtol=0.02, atol=0.05)


def test_activations_beyond_half_precision_are_refused(tmp_path: Path, faces: Tensor) -> None:
    network = small_network()
    for stage in network.first_stages:
        stage[0].conv.weight.data *= 1000
    with pytest.raises(ProofFailed, match="does not give 3 finite probabilities"):
        prove_half(half_precision(written(tmp_path, network, 1e6)), reference(network, 1e6, faces))


def test_its_weights_can_be_those_of_the_other_file(tmp_path: Path, faces: Tensor) -> None:
    whole = written(tmp_path, rounded_weights(small_network()))
    half = half_precision(whole)
    (tmp_path / "mien.onnx").write_bytes(whole)
    (tmp_path / "half.onnx").write_bytes(sharing_weights(half, whole, "mien.onnx"))
    assert (tmp_path / "half.onnx").stat().st_size < len(half) / 4
    alone, sharing = InferenceSession(half), InferenceSession(tmp_path / "half.onnx")
    assert (answers(alone, faces) == answers(sharing, faces)).all()
    (tmp_path / "mien.onnx").unlink()
    with pytest.raises(Exception, match=r"mien\.onnx"):
        InferenceSession(tmp_path / "half.onnx")


def test_another_model_is_refused(tmp_path: Path, faces: Tensor) -> None:
    half = half_precision(written(tmp_path, small_network()))
    with pytest.raises(ProofFailed, match="does not answer as the trained one does"):
        prove_half(half, reference(small_network(seed=9), TEMPERATURE, faces))
    with pytest.raises(ProofFailed, match="model does not run"):
        prove_half(half[:5000], reference(small_network(), TEMPERATURE, faces))
