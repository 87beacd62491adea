from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path

import numpy as np
import pytest
from onnxruntime import InferenceSession
from torch import Tensor

from models.card import Card, DataCounts
from models.errors import DiskError
from models.network import Network
from models.versions import MODEL, BadVersion, Version, Versions
from models.weights import load_network
from tests.hollow_package import write_hollow_package
from tests.made_versions import write_version
from tests.training.conftest import LABELS
from tests.training.export.conftest import CARD, TEMPERATURE, check_silent_about_the_data_set, figures
from tests.training.export.made_bundles import ODD
from training.export.bundle import APP, LABELS_SWIFT, RESOURCES, swift_files, write_bundle
from training.export.coreml import prove
from training.export.kit_zip import ProvedKit, check_place
from training.export.make_package import make_package
from training.export.mil_evaluator import Program
from training.export.model_names import BUNDLED, PACKAGE, SELF_TEST
from training.export.modelcard import facts, model_card
from training.export.onnx_export import prove_onnx, write_onnx
from training.export.package_labels import SPECIFICATION, package_labels, swift_labels
from training.export.proof import reference
from training.export.proved_package import ProvedPackage, own_package
from training.export.quiet import quiet
from training.export.self_test import self_test
from training.export.swift_names import labels_swift
from training.metrics import predict_logits

MODEL_INSIDE = f"{APP}/{RESOURCES}/{BUNDLED}.mlpackage"


@pytest.fixture(scope="module")
def version(tmp_path_factory: pytest.TempPathFactory, package: Path, network: Network, faces: Tensor) -> Version:
    """As a run leaves it: its models beside the weights, their proofs on the card."""
    versions = Versions(tmp_path_factory.mktemp("versions"))
    proof = prove(package, LABELS, reference(network, TEMPERATURE, faces, 40))
    version = write_version(versions, 1, network, CARD.model_copy(update={"proof": proof}), package)
    (version.path / SELF_TEST).write_text(self_test(network, LABELS, TEMPERATURE, 48), "utf-8")
    write_onnx(version.path / MODEL, network, LABELS, TEMPERATURE)
    return versions.add_model(1, version.path / MODEL, prove_onnx(version, reference(network, TEMPERATURE, faces)))


@pytest.fixture(scope="module")
def own(version: Version) -> ProvedPackage:
    package = own_package(version)
    assert package and package.proof == version.card.proof
    return package


@pytest.fixture(scope="module")
def archive(version: Version, own: ProvedPackage, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("bundle") / "mien.zip"
    bundle = write_bundle(path, version, own)
    assert bundle.path == path and bundle.bytes == path.stat().st_size
    assert bundle.proofs == (version.card.proof,)
    return path


def text(archive: Path, name: str) -> str:
    with zipfile.ZipFile(archive) as opened:
        return opened.read(name).decode()


def test_what_is_in_it(archive: Path, version: Version) -> None:
    with zipfile.ZipFile(archive) as opened:
        assert opened.testzip() is None
        names = opened.namelist()
        packed = {
            name.removeprefix(f"{MODEL_INSIDE}/"): opened.read(name) for name in names if name.startswith(MODEL_INSIDE)
        }
    assert {"README.md", "MODEL_CARD.md", "card.json", "Package.swift", "Mien.swiftpm/Package.swift"} <= set(names)
    assert {name.split("/")[0] for name in names if "/" in name} == {"Tests", APP}
    assert len(names) == len(set(names)) and not any(name.startswith(("/", "..")) for name in names)
    made = version.path / PACKAGE
    assert packed == {str(p.relative_to(made)): p.read_bytes() for p in made.rglob("*") if p.is_file()}


def test_the_package_inside_answers_as_the_version(
    archive: Path, version: Version, faces: Tensor, tmp_path: Path
) -> None:
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(tmp_path)
    with quiet():
        program = Program(tmp_path / MODEL_INSIDE)
        answers = program.predict(faces)
    expected = (predict_logits(load_network(version), faces) / version.temperature).softmax(1).numpy()
    assert program.labels == LABELS and np.abs(answers - expected).max() < 0.01
    metadata = program.spec.description.metadata
    assert metadata.userDefined["accuracy"] == "0.875 on 40 held-out faces" and metadata.versionString == "1"


def test_the_same_version_gives_the_same_bytes(
    archive: Path, version: Version, own: ProvedPackage, tmp_path: Path
) -> None:
    write_bundle(tmp_path / "again.zip", version, own)
    assert (tmp_path / "again.zip").read_bytes() == archive.read_bytes()


def test_the_readme_is_about_this_version(archive: Path, version: Version) -> None:
    readme = text(archive, "README.md")
    assert "It names 3 expressions: neutral, happiness, wink." in readme
    assert "a grey image, 48 × 48" in readme and "in half precision," in readme
    assert version.card.proof and f"{version.card.proof.max_difference:.4f}" in readme
    assert not [line for line in readme.splitlines() if "{" in line and "}" in line and "body" not in line]
    assert [line[0] for line in readme.splitlines() if line[:3] in ("1. ", "2. ", "3. ", "4. ", "5. ")] == list("12345")


def test_the_model_card_has_data_figures_and_what_it_must_not_be_used_for(archive: Path) -> None:
    card = text(archive, "MODEL_CARD.md")
    assert "# Model card: Mien, My \\| faces" in card
    assert "| wink | 17 | 5 |" in card and "“smirk” is left out" in card
    assert "\n- Whole people, whom training did not see: neutral, happiness.\n" in card
    assert "the end of the same take" in card and "these figures flatter" in card and "would give ones" in card
    assert "\n2 people were chosen to be held out.\n" in card and "both sides" not in card
    assert "| neutral | 51.2 % | 87.5 % |" in card and "| wink (same take) | – | – |" in card
    assert "| **accuracy** (40 faces) | 51.2 % | 87.5 % |" in card and "(ECE): 4.1 %" in card
    assert "1000 faces of FER+'s PublicTest: accuracy 84.0 % before, 82.3 % after" in card
    assert "EU AI Act" in card and "workplace and in educational institutions" in card
    assert "greatest difference in probability" in card


def test_labels_cannot_break_the_cards_table() -> None:
    data = DataCounts(train={"a|b": 1}, held_out={})
    odd = Version(1, Path(), CARD.model_copy(update={"labels": ("a|b", "<b>", "*"), "data": data}))
    lines = model_card(odd).splitlines()
    assert "| a\\|b | 1 | 0 |" in lines and "| \\<b\\> | 0 | 0 |" in lines


def test_nothing_in_it_points_into_the_data_set(archive: Path) -> None:
    assert json.loads(text(archive, "card.json"))["after"]["accuracy"] == 0.875
    check_silent_about_the_data_set(archive)


def test_pictures_of_nobody_known_are_told_of_and_an_older_card_says_what_it_knows() -> None:
    counts = DataCounts(train={"wink": 9}, held_out={"wink": 3}, measured_by={"wink": "pictures"}, unknown_people=True)
    unknown = CARD.model_copy(update={"data": counts, "held_out_people": ()})
    card = model_card(Version(1, Path(), unknown))
    assert "- Single pictures;" in card and "the same person may stand on both sides" in card and "chosen" not in card
    older = CARD.model_copy(update={"data": DataCounts(train={}, held_out={}, by_subject=True)})
    assert "Held out to measure on: whole people." in model_card(Version(1, Path(), older))


def test_the_base_models_card_gives_its_figures_on_private_test(tmp_path: Path) -> None:
    measured = {"PrivateTest": figures(0.852), "PublicTest": figures(0.86)}
    plain = Card(network=CARD.network, labels=LABELS, temperature=1.0)
    base = Version(0, tmp_path, plain.model_copy(update={"metrics": measured}))
    card = model_card(base)
    assert "# Model card: Mien, the base model" in card and "28,386 faces" in card
    assert "FER+ PrivateTest: accuracy 85.2 %." in card and "- happiness: recall 90.0 %" in card
    assert facts(0, base.card)["accuracy"] == "0.852 on FER+ PrivateTest"
    assert "Not measured." in model_card(Version(0, tmp_path, plain))


def test_no_licence_is_claimed_that_the_data_does_not_give() -> None:
    assert facts(1, CARD)["license"] == ""
    given = CARD.model_copy(update={"data_licence": "FER+ labels: MIT."})
    assert facts(0, given)["license"] == "No licence is claimed for the weights. FER+ labels: MIT."
    card = model_card(Version(1, Path(), CARD))
    assert "For the weights none is claimed" in card and "The network and its code: MIT" not in card


@pytest.fixture(scope="module")
def with_onnx(
    version: Version, network: Network, faces: Tensor, tmp_path_factory: pytest.TempPathFactory
) -> tuple[ProvedKit, InferenceSession]:
    """A bundle with all that can be asked for, and the ONNX model in it."""
    folder = tmp_path_factory.mktemp("both")
    package = make_package(version, reference(network, TEMPERATURE, faces), folder, palettize=True)
    bundle = write_bundle(folder / "out.zip", version, package, onnx=True)
    with zipfile.ZipFile(bundle.path) as opened:
        opened.extract("mien.onnx", folder)
    return bundle, InferenceSession(folder / "mien.onnx")


def test_palettised_and_with_onnx(
    with_onnx: tuple[ProvedKit, InferenceSession], version: Version, faces: Tensor
) -> None:
    bundle, session = with_onnx
    assert [proof.format for proof in bundle.proofs] == ["Core ML", "ONNX"]
    assert all(proof.holds and proof.faces == 208 for proof in bundle.proofs)
    assert "8-bit palettised weights" in text(bundle.path, "README.md")
    (answers,) = session.run(["probabilities"], {"face": faces.float().numpy()})
    expected = (predict_logits(load_network(version), faces) / version.temperature).softmax(1).numpy()
    np.testing.assert_allclose(answers, expected, atol=1e-4)


def test_what_the_readme_says_of_the_onnx_model_is_so(
    archive: Path, with_onnx: tuple[ProvedKit, InferenceSession]
) -> None:
    bundle, session = with_onnx
    readme = text(bundle.path, "README.md")
    assert text(bundle.path, "name.py") in readme and text(bundle.path, "name.mjs") in readme
    assert "Opset 18, one file" in readme and "float32 (N, 1, 48, 48)" in readme and "float32 (N, 3)" in readme
    for value in (*session.get_inputs(), *session.get_outputs()):
        assert f"| `{value.name}` |" in readme
    assert "mien.onnx" not in text(archive, "README.md")


def test_the_labels_of_model_and_swift_are_compared(version: Version, own: ProvedPackage, tmp_path: Path) -> None:
    assert package_labels(own.files) == swift_labels(text_of_labels(version)) == LABELS
    assert swift_labels(labels_swift(ODD)) == tuple(ODD)
    write_hollow_package(tmp_path / "odd.mlpackage", ODD)
    assert package_labels(ProvedPackage(tmp_path / "odd.mlpackage", own.proof, "").files) == tuple(ODD)
    write_hollow_package(tmp_path / "other.mlpackage", LABELS[::-1])
    other = ProvedPackage(tmp_path / "other.mlpackage", own.proof, own.self_test)
    with pytest.raises(BadVersion, match=r"model names wink, happiness, neutral; ExpressionLabel\.swift neutral, "):
        write_bundle(tmp_path / "out.zip", version, other)
    assert not (tmp_path / "out.zip").exists()


def text_of_labels(version: Version) -> str:
    return next(data for name, data in swift_files(version, {}, "") if name.endswith(LABELS_SWIFT)).decode()


@pytest.mark.parametrize("broken", ["self-test", "probabilities", "labels", "weights", "model", "none"])
def test_a_damaged_package_or_self_test_is_none(version: Version, tmp_path: Path, broken: str) -> None:
    copy = Version(1, tmp_path / "1", version.card)
    shutil.copytree(version.path, copy.path)
    self_test_file, model = copy.path / SELF_TEST, copy.path / PACKAGE / SPECIFICATION
    content = json.loads(self_test_file.read_text("utf-8"))
    if broken == "self-test":
        self_test_file.write_text(self_test_file.read_text("utf-8")[:-100], "utf-8")
    elif broken == "probabilities":
        content["pictures"][0]["probabilities"].pop()
        self_test_file.write_text(json.dumps(content), "utf-8")
    elif broken == "labels":
        self_test_file.write_text(json.dumps(content | {"labels": LABELS[::-1]}), "utf-8")
    elif broken == "weights":
        (weights,) = copy.path.rglob("weight.bin")
        weights.write_bytes(weights.read_bytes()[:-1])
    elif broken == "model":
        model.write_bytes(b"\xff" * model.stat().st_size)
    assert (own_package(copy) is None) == (broken != "none")


def test_a_path_that_cannot_be_written(version: Version, own: ProvedPackage, tmp_path: Path) -> None:
    with pytest.raises(DiskError, match=r"gone/out\.zip cannot be written: No such file or directory"):
        write_bundle(tmp_path / "gone" / "out.zip", version, own)
    (tmp_path / "folder.zip").mkdir()
    with pytest.raises(DiskError, match=r"folder\.zip cannot be written: Is a directory"):
        write_bundle(tmp_path / "folder.zip", version, own)
    for place, reason in (("gone/out.zip", "No such file"), ("folder.zip", "Is a directory")):
        with pytest.raises(DiskError, match=f"{place} cannot be written: {reason}"):
            check_place(tmp_path / place)
    check_place(tmp_path / "out.zip")
    assert [path.name for path in tmp_path.iterdir()] == ["folder.zip"]
