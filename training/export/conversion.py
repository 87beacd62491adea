"""A bundle whose Core ML package must be made first: the server and the command line ask a process of its own."""

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
