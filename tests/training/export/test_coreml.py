from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from models.card import Proof
from models.network import Network
from tests.training.conftest import LABELS, small_adapted_network, small_network, small_signed_network
from tests.training.export.conftest import TEMPERATURE
from training.export.classifier import Classifier
from training.export.coreml import prove, write_package
from training.export.mil_evaluator import Program
from training.export.model_names import INPUT_NAME
from training.export.proof import ProofFailed, Reference, compare, proof_pictures, reference
from training.export.quiet import quiet


def test_the_package_read_back_answers_as_pytorch(package: Path, network: Network, faces: Tensor) -> None:
    proof = prove(package, LABELS, reference(network, TEMPERATURE, faces, 40))
    assert proof.holds and proof.faces == 48
    assert proof.max_difference < 0.01 and proof.equal_labels >= 0.97
    assert proof.bytes == sum(file.stat().st_size for file in package.rglob("*") if file.is_file())


def test_a_first_stage_at_full_resolution(tmp_path: Path, faces: Tensor) -> None:
    network = small_network(seed=1, first_stride=1)
    write_package(tmp_path / "m.mlpackage", network, LABELS, TEMPERATURE)
    assert prove(tmp_path / "m.mlpackage", LABELS, reference(network, TEMPERATURE, faces, 40)).max_difference < 0.01


def test_the_package_says_what_it_is(package: Path) -> None:
    with quiet():
        description = Program(package).spec.description
    image = description.input[0]
    assert (image.name, image.type.imageType.width, image.type.imageType.height) == (INPUT_NAME, 48, 48)
    assert [output.name for output in description.output] == ["label", "probabilities"]
    assert description.predictedFeatureName == "label"
    assert description.predictedProbabilitiesName == "probabilities"
    metadata = description.metadata
    assert (metadata.versionString, metadata.license) == ("1", ""), "no licence that nobody gave"
    assert metadata.shortDescription.endswith(": neutral, happiness, wink.") and metadata.author
    assert (
        metadata.userDefined["accuracy"] == "0.875 on 40 held-out faces"
        and metadata.userDefined["labels"] == "neutral,happiness,wink"
    )
    assert image.shortDescription and all(output.shortDescription for output in description.output)


def test_it_is_an_ml_program_in_half_precision_for_ios_16(package: Path) -> None:
    with quiet():
        program = Program(package)
    assert program.spec.specificationVersion == 7  # iOS 16
    assert program.spec.WhichOneof("Type") == "mlProgram"
    assert program.precision == "fp16"
    assert program.labels == LABELS


def test_the_temperature_is_in_it(package: Path, network: Network, faces: Tensor) -> None:
    with quiet():
        answers = Program(package).predict(faces[:4])
    with torch.inference_mode():
        cold = Classifier(network, 1.0)(faces[:4].float()).numpy()
        warm = Classifier(network, TEMPERATURE)(faces[:4].float()).numpy()
    assert np.abs(answers - warm).max() < 0.01 < np.abs(cold - warm).max()


@pytest.mark.parametrize("made", [small_adapted_network, small_signed_network])
def test_what_was_taught_beside_what_is_known_is_proved(
    tmp_path: Path, faces: Tensor, made: Callable[[], Network]
) -> None:
    network, package = made(), tmp_path / "Mien.mlpackage"
    write_package(package, network, LABELS, TEMPERATURE)
    assert prove(package, LABELS, reference(network, TEMPERATURE, faces, 40)).max_difference < 0.01


def test_palettised_weights_halve_the_size(tmp_path: Path, faces: Tensor) -> None:
    network = small_network(seed=3, widths=(16, 48, 256))
    small = tmp_path / "small.mlpackage"
    write_package(small, network, LABELS, 1.0, palettize=True)
    with quiet():
        program = Program(small)
        answers = program.predict(faces)
    palettes = [operation for operation in program.operations if operation.op_type == "constexpr_lut_to_dense"]
    assert len(palettes) == 2, "layers of fewer weights stay as they are"
    with torch.inference_mode():
        difference = np.abs(answers - Classifier(network, 1.0)(faces.float()).numpy()).max()
    assert 0 < difference < 0.05
    plain = 2 * sum(parameter.numel() for parameter in network.parameters())  # in half precision
    weights = (small / "Data/com.apple.CoreML/weights/weight.bin").stat().st_size
    assert weights < 0.75 * plain


def test_a_package_whose_weights_were_changed_is_refused(
    package: Path, tmp_path: Path, network: Network, faces: Tensor
) -> None:
    changed = Path(shutil.copytree(package, tmp_path / "Mien.mlpackage"))
    weights = changed / "Data/com.apple.CoreML/weights/weight.bin"
    kernel = network.last_stage[0].conv.weight.detach().half().numpy()
    assert kernel.tobytes() in weights.read_bytes()
    weights.write_bytes(weights.read_bytes().replace(kernel.tobytes(), (-kernel).tobytes()))
    with pytest.raises(ProofFailed, match="does not answer as the trained one does"):
        prove(changed, LABELS, reference(network, TEMPERATURE, faces, 40))


def test_a_package_of_another_model_or_with_other_labels_is_refused(package: Path, faces: Tensor) -> None:
    with pytest.raises(ProofFailed, match="greatest difference"):
        prove(package, LABELS, reference(small_network(seed=9), TEMPERATURE, faces, 40))
    with pytest.raises(ProofFailed, match="labels"):
        prove(package, ("wink", "neutral", "happiness"), reference(small_network(), 1.7, faces, 40))


def test_no_package_at_all_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "Mien.mlpackage").mkdir()
    with pytest.raises(ValueError, match="is not a Core ML package that can be read back"):
        Program(tmp_path / "Mien.mlpackage")


def test_proof_pictures_fill_up_and_end_in_edge_cases(faces: Tensor) -> None:
    pictures = proof_pictures(faces, 48, 60)
    assert pictures.shape == (68, 1, 48, 48) and pictures.dtype == torch.uint8
    assert torch.equal(pictures[0], faces[0]) and torch.equal(pictures[60], torch.zeros(1, 48, 48, dtype=torch.uint8))
    assert (pictures[61] == 255).all()
    assert len(torch.unique(pictures.view(68, -1), dim=0)) == 68
    invented = proof_pictures(faces[:0], 48, 60)
    assert len(invented) == 68 and len(invented.flatten(1).unique(dim=0)) == 68
    assert torch.equal(invented[-8:], pictures[-8:])


@pytest.mark.parametrize("wrong", [2, 3])
def test_the_limit_is_ninety_nine_percent_of_the_labels(network: Network, faces: Tensor, wrong: int) -> None:
    pictures = proof_pictures(faces, 48, 192)
    with torch.inference_mode():
        best = Classifier(network, 1.0)(pictures.float()).topk(2, 1).values
    closest = (best[:, 0] - best[:, 1]).argsort()[:wrong]
    # Only the share of labels is under test: keep the probabilities' difference small by comparing flat answers.
    flat = Network(network.config).eval()
    flat.load_state_dict(network.state_dict())
    with torch.no_grad():
        flat.head.weight *= 1e-3
        flat.head.bias *= 1e-3
    expected = reference(flat, 1.0, faces, 192)
    mild = expected.probabilities.copy()
    mild[closest] = mild[closest][:, [1, 2, 0]]
    if wrong == 2:
        assert compare("Core ML", "y", mild, expected, 1).equal_labels == 0.99
    else:
        with pytest.raises(ProofFailed, match=r"98\.5 %"):
            compare("Core ML", "y", mild, expected, 1)


def test_answers_that_are_no_numbers_are_refused(network: Network, faces: Tensor) -> None:
    answers = np.full((len(faces), 3), np.nan, np.float32)
    with pytest.raises(ProofFailed, match="finite"):
        compare("ONNX", "test", answers, Reference(faces, np.zeros((len(faces), 3), np.float32)), 1)


PROOF = Proof(format="Core ML", runner="Core ML", faces=208, max_difference=0.00042, equal_labels=1.0, bytes=3_300_000)


def test_a_proof_reads_as_a_sentence() -> None:
    text = str(PROOF)
    assert "0.0004" in text and "100.0 %" in text and "3.3 MB" in text
