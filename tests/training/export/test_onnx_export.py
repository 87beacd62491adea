from __future__ import annotations

from pathlib import Path

import pytest
from torch import Tensor

from models.network import Network
from tests.training.conftest import LABELS, small_network
from training.export.onnx_export import prove_onnx, write_onnx
from training.export.proof import ProofFailed


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory, network: Network) -> Path:
    path = tmp_path_factory.mktemp("onnx") / "mien.onnx"
    write_onnx(path, network, LABELS, 1.3)
    return path


def test_opencv_runs_it_and_agrees_with_pytorch(file: Path, network: Network, faces: Tensor) -> None:
    proof = prove_onnx(file, network, LABELS, 1.3, faces, count=40)
    assert proof.max_difference < 1e-4 and proof.equal_labels == 1.0


def test_one_file_with_the_weights_inside(file: Path) -> None:
    assert [path.name for path in file.parent.iterdir()] == ["mien.onnx"]


def test_another_model_or_other_labels_are_refused(file: Path, network: Network, faces: Tensor) -> None:
    with pytest.raises(ProofFailed, match="does not answer"):
        prove_onnx(file, small_network(seed=9), LABELS, 1.3, faces, count=40)
    with pytest.raises(ProofFailed, match="labels"):
        prove_onnx(file, network, LABELS[::-1], 1.3, faces, count=40)
