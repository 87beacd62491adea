"""Models made in a process of their own: what comes back, and what comes back of what goes wrong."""

from __future__ import annotations

import logging
import os
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from labeling.store import Store
from models.card import Card
from models.errors import MienError
from models.home import Home
from models.network import Network
from models.onnx_model import NoModel, load_model
from models.versions import WEIGHTS, Version, Versions
from models.weights import shape_of
from tests.made_versions import write_version
from tests.training.conftest import LABELS
from tests.training.signed_faces import labelled_home
from training.export.conversion import convert
from training.export.onnx_migration import add_onnx


@pytest.fixture
def home(tmp_path: Path) -> Iterator[tuple[Home, Store]]:
    home, store = labelled_home(tmp_path / "home", images=2)
    yield home, store
    store.close()


@pytest.fixture
def version(home: tuple[Home, Store], network: Network) -> Version:
    """A version that has nothing but its weights."""
    card = Card(network=shape_of(network), labels=LABELS, temperature=1.2)
    return write_version(Versions(home[0].versions), 1, network, card)


def test_a_bundle_comes_back_with_its_proofs(home: tuple[Home, Store], version: Version, tmp_path: Path) -> None:
    bundle = convert(home[0], version, tmp_path / "out.zip", palettize=False, onnx=False)
    (proof,) = bundle.proofs
    assert bundle.path == tmp_path / "out.zip" and bundle.bytes == bundle.path.stat().st_size
    assert proof.holds and proof.format == "Core ML" and proof.faces == 208
    with zipfile.ZipFile(bundle.path) as archive:
        assert archive.testzip() is None
        assert proof.shown_difference in archive.read("README.md").decode()
    assert [path.name for path in home[0].temporary.iterdir()] == ["changing"]


def test_what_a_person_can_mend_comes_back_in_its_own_words(
    home: tuple[Home, Store], version: Version, tmp_path: Path
) -> None:
    (version.path / WEIGHTS).write_bytes(b"broken")
    with pytest.raises(MienError, match="is missing or no safetensors file"):
        convert(home[0], version, tmp_path / "out.zip", palettize=False, onnx=False)
    with pytest.raises(MienError, match="is missing or no safetensors file"):
        add_onnx(home[0], version)
    assert not (tmp_path / "out.zip").exists()
    assert [path.name for path in home[0].versions.iterdir()] == ["1"]


FAULT = """
import training.export.coreml

def broken(*values, **named):
    print("on its way")
    return {}["a word that stands in no answer"]

training.export.coreml.write_package = broken
"""


def test_a_fault_of_miens_own_is_none_of_the_persons(
    home: tuple[Home, Store], version: Version, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sitecustomize.py").write_text(FAULT)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=os.pathsep)
    with pytest.raises(RuntimeError, match=r"(?s)status 1 .*Traceback.*KeyError: 'a word that stands in no answer'"):
        convert(home[0], version, tmp_path / "out.zip", palettize=False, onnx=False)


def test_a_version_of_an_earlier_mien_gets_its_model(
    home: tuple[Home, Store], version: Version, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(NoModel):
        load_model(version)
    with caplog.at_level(logging.WARNING):
        made = add_onnx(home[0], version)
    assert "Version 1 was made by an earlier Mien: its ONNX model is being made" in caplog.text
    assert made.card.onnx_proof and made.card.onnx_proof.holds
    assert made.card.model_copy(update={"onnx_proof": None}) == version.card.model_copy(update={"onnx_proof": None})
    assert load_model(made)
    assert [path.name for path in home[0].versions.iterdir()] == ["1"]
    assert {path.name for path in version.path.iterdir()} == {WEIGHTS, "model.onnx", "card.json"}
