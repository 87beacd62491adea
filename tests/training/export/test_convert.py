"""Converting in a process of its own: what comes back, and what comes back of what goes wrong."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from labeling.store import Store
from models.card import Card
from models.errors import DiskError, MienError
from models.home import Home
from models.network import Network
from models.versions import WEIGHTS, Version, Versions, shape_of
from tests.training.conftest import LABELS
from tests.training.signed_faces import labelled_home
from training.export.convert import convert_elsewhere


@pytest.fixture
def home(tmp_path: Path) -> Iterator[tuple[Home, Store]]:
    home, store = labelled_home(tmp_path / "home", images=2)
    yield home, store
    store.close()


@pytest.fixture
def version(home: tuple[Home, Store], network: Network) -> Version:
    """A version that has no package yet."""
    card = Card(network=shape_of(network), labels=LABELS, temperature=1.2)
    return Versions(home[0].versions).write(1, network, card)


def test_a_bundle_comes_back_with_its_proofs(home: tuple[Home, Store], version: Version, tmp_path: Path) -> None:
    bundle = convert_elsewhere(home[0], version, tmp_path / "out.zip", palettize=False, onnx=False)
    (proof,) = bundle.proofs
    assert bundle.path == tmp_path / "out.zip" and bundle.bytes == bundle.path.stat().st_size
    assert proof.holds and proof.format == "Core ML" and proof.faces == 208
    with zipfile.ZipFile(bundle.path) as archive:
        assert archive.testzip() is None
        assert f"{proof.max_difference:.4f}" in archive.read("README.md").decode()
    assert [path.name for path in home[0].temporary.iterdir()] == ["changing"]


def test_what_a_person_can_mend_comes_back_in_its_own_words(
    home: tuple[Home, Store], version: Version, tmp_path: Path
) -> None:
    with pytest.raises(DiskError, match=r"gone/out\.zip cannot be written: No such file or directory"):
        convert_elsewhere(home[0], version, tmp_path / "gone" / "out.zip", palettize=False, onnx=False)
    (version.path / WEIGHTS).write_bytes(b"broken")
    with pytest.raises(MienError, match="is missing or no safetensors file"):
        convert_elsewhere(home[0], version, tmp_path / "out.zip", palettize=False, onnx=False)
    assert not (tmp_path / "out.zip").exists()


FAULT = """
import training.export.bundle

def broken(*values, **named):
    print("on its way")
    return {}["a word that stands in no answer"]

training.export.bundle.write_package = broken
"""


def test_a_fault_of_miens_own_is_none_of_the_persons(
    home: tuple[Home, Store], version: Version, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sitecustomize.py").write_text(FAULT)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=os.pathsep)
    with pytest.raises(RuntimeError, match=r"(?s)status 1 .*Traceback.*KeyError: 'a word that stands in no answer'"):
        convert_elsewhere(home[0], version, tmp_path / "out.zip", palettize=False, onnx=False)
