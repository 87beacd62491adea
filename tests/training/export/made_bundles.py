"""Bundles for tests, of a small network with any labels, unzipped as who downloads one does."""

from __future__ import annotations

import zipfile
from pathlib import Path

import torch

from models.card import CORE_ML, Card, Proof, Sureness
from models.versions import Version, Versions
from models.weights import load_network, shape_of
from tests.hollow_package import write_hollow_package
from tests.made_versions import write_version
from tests.training.conftest import small_network
from training.export.bundle import write_bundle
from training.export.make_package import make_package
from training.export.proof import reference
from training.export.proved_package import ProvedPackage
from training.export.self_test import self_test

ODD = [
    *["neutral", "raised eyebrow", "switch", "3D", 'say "hi" \\(x)', "笑顔", "new\u2028line", "Neutral", "default"],
    *["😀", "42", "self", "init", "none", "some", "all cases", "raw value", "hash value", "Type", "names", "hash"],
    "in",
]


def unzipped(folder: Path, labels: list[str]) -> Path:
    """The bundle of a version with these labels, in `folder`, and its Core ML package as it is made."""
    version = _version(folder, labels)
    expected = reference(load_network(version), version.temperature, torch.zeros(0))
    return _unzip(folder, version, make_package(version, expected, folder, palettize=False))


def unzipped_sources(folder: Path, labels: list[str]) -> Path:
    """The same, quickly: for what only looks at the Swift, there is nothing but labels in the Core ML package."""
    version = _version(folder, labels)
    size = write_hollow_package(folder / "empty", labels)
    proof = Proof(format=CORE_ML, runner="nobody", faces=0, max_difference=0, equal_labels=1, bytes=size)
    made = self_test(load_network(version), labels, version.temperature, version.card.network.size)
    return _unzip(folder, version, ProvedPackage(folder / "empty", proof, made))


def _version(folder: Path, labels: list[str]) -> Version:
    network = small_network(len(labels))
    sureness = Sureness(margin=0.3, quality=0.45, right=0.951, answered=0.71)
    card = Card(network=shape_of(network), labels=tuple(labels), temperature=1.2, sureness=sureness)
    return write_version(Versions(folder / "versions"), 1, network, card)


def _unzip(folder: Path, version: Version, package: ProvedPackage) -> Path:
    write_bundle(folder / "out.zip", version, package)
    with zipfile.ZipFile(folder / "out.zip") as archive:
        archive.extractall(folder / "app")
    return folder / "app"
