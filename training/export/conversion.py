"""Kits whose models must be made and proved first: the server and the command line ask a process of its own."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel

from models.card import Proof
from models.home import Home
from models.versions import Version
from training.export.bundle import Bundle
from training.module_process import ask


class PackageRequest(BaseModel):
    """Make and prove a Core ML package of a version, and write the bundle around it to `path`."""

    home: Path
    version: int
    path: Path
    palettize: bool
    onnx: bool


class OnnxKitRequest(BaseModel):
    """Make and prove a version's ONNX model in half precision, and write the kit around both to `path`."""

    home: Path
    version: int
    path: Path


class PackageAnswer(BaseModel):
    bytes: int
    proofs: tuple[Proof, ...]


def convert(home: Home, version: Version, path: Path, *, palettize: bool, onnx: bool) -> Bundle:
    """Write a bundle whose Core ML package must be made and proved first.

    Raises:
        BadVersion: the version is damaged.
        ProofFailed: the package does not answer as PyTorch does.
        ExchangeError: `path` cannot be written.
        RuntimeError: a fault of Mien's own.
    """
    request = PackageRequest(
        home=home.path.resolve(), version=version.number, path=path.resolve(), palettize=palettize, onnx=onnx
    )
    made = ask("training.export.make_package", request, PackageAnswer)
    return Bundle(path, made.bytes, made.proofs)


def convert_to_onnx(home: Home, version: Version, path: Path) -> Bundle:
    """Write the ONNX kit of a version, which has its ONNX model.

    Raises:
        BadVersion: the version is damaged.
        ProofFailed: a model does not answer as PyTorch does.
        DiskError: `path` cannot be written.
        RuntimeError: a fault of Mien's own.
    """
    request = OnnxKitRequest(home=home.path.resolve(), version=version.number, path=path.resolve())
    made = ask("training.export.make_onnx_kit", request, PackageAnswer)
    return Bundle(path, made.bytes, made.proofs)
