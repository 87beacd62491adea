from __future__ import annotations

from pathlib import Path

import pytest
from torch import Tensor

from models.versions import Versions
from tests.made_versions import write_version
from tests.training.conftest import small_network
from tests.training.export.conftest import CARD
from training.export.make_package import make_package
from training.export.proof import ProofFailed, reference


def test_a_package_that_does_not_answer_as_pytorch_is_refused(tmp_path: Path, faces: Tensor) -> None:
    """A network whose answers half precision cannot keep: its logits differ by less than it resolves."""
    network = small_network()
    network.head.weight.data *= 1000
    network.head.bias.data *= 1000
    card = CARD.model_copy(update={"temperature": 0.01})
    version = write_version(Versions(tmp_path / "versions"), 1, network, card)
    with pytest.raises(ProofFailed, match=r"does not answer as the trained one does|finite probabilities"):
        make_package(version, reference(network, 0.01, faces), tmp_path, palettize=False)
