from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from torch import Tensor

from models.network import Network
from tests.training.conftest import LABELS, small_adapted_network, small_network, small_signed_network
from tests.training.export.conftest import CARD, TEMPERATURE
from training.export.modelcard import facts
from training.export.proof import ProofFailed, reference

pytest.importorskip("coreai_torch", reason="coreai-torch is not installed: the extra mien[coreai] brings it")

from training.export.core_ai import FACES, prove_asset, write_asset

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def asset(tmp_path_factory: pytest.TempPathFactory, network: Network) -> Path:
    path = tmp_path_factory.mktemp("core-ai") / "Mien.aimodel"
    write_asset(path, network, LABELS, TEMPERATURE, facts(1, CARD))
    return path


def test_it_answers_as_pytorch_does(asset: Path, network: Network, faces: Tensor) -> None:
    proof = prove_asset(asset, LABELS, reference(network, TEMPERATURE, faces, FACES))
    assert proof.format == "Core AI" and proof.runner.startswith("coreai-core ") and proof.faces == 32
    assert proof.holds and proof.max_difference < 1e-5
    assert proof.bytes == sum(each.stat().st_size for each in asset.rglob("*") if each.is_file())


@pytest.mark.parametrize("made", [small_adapted_network, small_signed_network])
def test_what_was_taught_beside_what_is_known(tmp_path: Path, faces: Tensor, made: Callable[[], Network]) -> None:
    network = made()
    write_asset(tmp_path / "Mien.aimodel", network, LABELS, TEMPERATURE)
    assert (
        prove_asset(tmp_path / "Mien.aimodel", LABELS, reference(network, TEMPERATURE, faces, FACES)).max_difference
        < 1e-5
    )


def test_it_says_what_it_is_and_not_where_it_was_made(asset: Path) -> None:
    about = json.loads((asset / "metadata.json").read_text("utf-8"))
    assert about["author"].startswith("Made with Mien") and "wink" in about["description"]
    assert about["creatorDefinedMetadata"]["labels"] == list(LABELS)
    assert about["creatorDefinedMetadata"]["accuracy"] == "0.875 on 40 held-out faces"
    for file in asset.rglob("*"):
        assert str(ROOT).encode() not in file.read_bytes() and not re.search(rb"\w{3}\.py\b", file.read_bytes())


def test_another_model_or_other_labels_are_refused(asset: Path, network: Network, faces: Tensor) -> None:
    with pytest.raises(ProofFailed, match="does not answer as the trained one does"):
        prove_asset(asset, LABELS, reference(small_network(seed=9), TEMPERATURE, faces, FACES))
    with pytest.raises(ProofFailed, match="The asset's labels are neutral, happiness, wink; the model's are wink"):
        prove_asset(asset, LABELS[::-1], reference(network, TEMPERATURE, faces, FACES))
