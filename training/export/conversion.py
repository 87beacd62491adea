"""Kits whose models must be made and proved first: the server and the command line ask a process of its own."""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel

from models.card import Proof
from models.errors import MienError
from models.home import Home
from models.versions import Version
from training.export.kit_zip import ProvedKit
from training.export.web_settings import WebLook
from training.module_process import ask

NO_CORE_AI = (
    "What makes Core AI models, coreai-torch (a beta of Apple's), is not installed: with Python 3.11 or later, "
    "`.venv/bin/pip install -c constraints.txt coreai-torch coreai-core` adds it."
)


class PackageRequest(BaseModel):
    """Make and prove a Core ML package of a version, and write the bundle around it to `path`."""

    home: Path
    version: int
    path: Path
    palettize: bool
    onnx: bool
    core_ai: bool = False


class OnnxKitRequest(BaseModel):
    """Make and prove a version's ONNX model in half precision, and write the kit around both to `path`."""

    home: Path
    version: int
    path: Path


class WebKitRequest(BaseModel):
    """Make a version's ONNX model in half precision, and write the web kit with both to `path`."""

    home: Path
    version: int
    path: Path
    looks: dict[str, WebLook]


class PackageAnswer(BaseModel):
    bytes: int
    proofs: tuple[Proof, ...]


def convert(
    home: Home, version: Version, path: Path, *, palettize: bool, onnx: bool, core_ai: bool = False
) -> ProvedKit:
    """Write a bundle whose Core ML package, or with `core_ai` Core AI asset, must be made and proved first.

    Raises:
        MienError: `core_ai`, and what makes such assets is not installed.
        BadVersion: the version is damaged.
        ProofFailed: the package does not answer as PyTorch does.
        DiskError: `path` cannot be written.
        RuntimeError: a fault of Mien's own.
    """
    if core_ai and importlib.util.find_spec("coreai_torch") is None:
        raise MienError(NO_CORE_AI)
    request = PackageRequest(
        home=home.path.resolve(),
        version=version.number,
        path=path.resolve(),
        palettize=palettize,
        onnx=onnx,
        core_ai=core_ai,
    )
    made = ask("training.export.make_package", request, PackageAnswer)
    return ProvedKit(path, made.bytes, made.proofs)


def convert_to_onnx(home: Home, version: Version, path: Path) -> ProvedKit:
    """Write the ONNX kit of a version, which has its ONNX model.

    Raises:
        BadVersion: the version is damaged.
        ProofFailed: a model does not answer as PyTorch does.
        DiskError: `path` cannot be written.
        RuntimeError: a fault of Mien's own.
    """
    request = OnnxKitRequest(home=home.path.resolve(), version=version.number, path=path.resolve())
    made = ask("training.export.make_onnx_kit", request, PackageAnswer)
    return ProvedKit(path, made.bytes, made.proofs)


def convert_to_web(home: Home, version: Version, path: Path, looks: Mapping[str, WebLook]) -> ProvedKit:
    """Write the web kit of a version; `looks`: how its page shows each label.

    Its models are proved where they run: on the page, and by `npm test`.

    Raises:
        MienError: the version is damaged.
        DiskError: `path` cannot be written.
        RuntimeError: a fault of Mien's own.
    """
    request = WebKitRequest(home=home.path.resolve(), version=version.number, path=path.resolve(), looks=dict(looks))
    made = ask("training.export.make_web_kit", request, PackageAnswer)
    return ProvedKit(path, made.bytes, made.proofs)
