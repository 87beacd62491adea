"""The Core ML package of a version, made and proved.

A training run makes it of its version once that can be used. For a version that has none all the same, or to have it
otherwise, `training.export.conversion.convert` asks a process of its own: `python -m training.export.make_package`.
"""

from __future__ import annotations

import sys
from pathlib import Path

import torch

from labeling.store import Store
from models.errors import disk_error
from models.home import Home
from models.temporary import TemporaryFolder
from models.versions import Version, Versions
from models.weights import load_network
from training.dataset import proof_faces
from training.export.bundle import write_bundle
from training.export.conversion import PackageAnswer, PackageRequest
from training.export.core_ai import ASSET, FACES, prove_asset, write_asset
from training.export.coreml import prove, write_package
from training.export.model_names import PACKAGE, SELF_TEST
from training.export.modelcard import facts
from training.export.proof import Reference, reference
from training.export.proved_package import ProvedAsset, ProvedPackage, own_package
from training.export.self_test import self_test
from training.module_process import serve_request


def make_package(version: Version, expected: Reference, folder: Path, *, palettize: bool) -> ProvedPackage:
    """The version's Core ML package, made in `folder` and held against `expected`, its network's answers.

    Raises:
        BadVersion: the version is damaged.
        ProofFailed: the package does not answer as PyTorch does.
    """
    network, path = load_network(version), folder / PACKAGE
    labels, temperature = version.labels, version.temperature
    write_package(path, network, labels, temperature, facts(version.number, version.card), palettize=palettize)
    made = self_test(network, labels, temperature, version.card.network.size)
    return ProvedPackage(path, prove(path, labels, expected), made, palettize)


def make_asset(version: Version, faces: torch.Tensor, folder: Path) -> ProvedAsset:
    """The version's Core AI asset, made in `folder` and proved on `faces` (N, 1, S, S), grey pixels, and edge cases.

    Raises:
        BadVersion: the version is damaged.
        ProofFailed: the asset does not answer as PyTorch does.
    """
    network, path = load_network(version), folder / ASSET
    labels, temperature = version.labels, version.temperature
    write_asset(path, network, labels, temperature, facts(version.number, version.card))
    return ProvedAsset(path, prove_asset(path, labels, reference(network, temperature, faces, FACES)))


def add_package(home: Home, version: Version, expected: Reference) -> Version:
    """The version with its Core ML package, made now and held against `expected`, its network's answers.

    Raises:
        BadVersion: the version is damaged, or was deleted meanwhile.
        ProofFailed: the package does not answer as PyTorch does.
        DiskError: it cannot be written.
    """
    versions = Versions(home.versions)
    try:
        with versions.unfinished() as folder:
            made = make_package(version, expected, folder, palettize=False)
            (made.path.parent / SELF_TEST).write_text(made.self_test, "utf-8")
            return versions.add_package(version.number, made.path, made.path.parent / SELF_TEST, made.proof)
    except OSError as error:
        raise disk_error(error, f"The Core ML model of version {version.number} cannot be written") from error


def answer(request: PackageRequest) -> PackageAnswer:
    home = Home(request.home)
    version = Versions(home.versions).get(request.version)
    store = Store(home.database_url)
    try:
        faces = torch.from_numpy(proof_faces(store, version.card.network.size))
    finally:
        store.close()
    with TemporaryFolder(home) as folder:
        folder.adopt()  # coremltools leaves copies of its models there
        package = None if request.palettize else own_package(version)
        if package is None:
            expected = reference(load_network(version), version.temperature, faces)
            package = make_package(version, expected, folder.path, palettize=request.palettize)
        asset = make_asset(version, faces, folder.path) if request.core_ai else None
        bundle = write_bundle(request.path, version, package, onnx=request.onnx, asset=asset)
    return PackageAnswer(bytes=bundle.bytes, proofs=bundle.proofs)


if __name__ == "__main__":
    sys.exit(serve_request(PackageRequest, answer))
