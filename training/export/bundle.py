"""The zip that an iOS developer takes home: the Core ML package, a Swift package around it, README and model card."""

from __future__ import annotations

import json
import tempfile
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from labeling.export_formats import written_whole
from models.card import Proof
from models.versions import Version
from training.export.coreml import PACKAGE, prove, write_package
from training.export.modelcard import facts, model_card
from training.export.onnx_export import prove_onnx, write_onnx
from training.export.proof import size_of
from training.export.swift_names import expression_swift

SWIFT = Path(__file__).parent.parent / "kits" / "swift"
RESOURCES = "Sources/Mien/Resources"
PRIVATE = ("wrong", "held_out_ids", "run")
"""Entries of the card that point into the user's own data set."""
EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Bundle:
    """A zip that was written: where, how large, and the proof of each model in it."""

    path: Path
    bytes: int
    proofs: tuple[Proof, ...]


def write_bundle(
    path: Path, version: Version, faces: NDArray[np.uint8] | None = None, *, palettize: bool = False, onnx: bool = False
) -> Bundle:
    """Write the bundle of `version` to `path`, whole or not at all.

    The package that the training run made and proved is taken as it is; where there is none (the base model) or
    `palettize` asks for 8-bit weights, it is made and proved now, on `faces` (N, 1, S, S) grey pixels and edge cases.

    Raises:
        BadVersion: the version is damaged.
        ProofFailed: a model does not answer as PyTorch does.
        ExchangeError: `path` cannot be written.
    """
    network, labels, temperature = version.network(), version.labels, version.temperature
    side = network.config.size
    pictures = torch.zeros(0, 1, side, side) if faces is None else torch.from_numpy(faces)
    made = version.path / PACKAGE
    with (
        written_whole(path) as partial,
        zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive,
        tempfile.TemporaryDirectory() as name,
    ):
        folder = Path(name)
        proved = proof_of(version)
        if palettize or proved is None:
            made = folder / PACKAGE
            write_package(made, network, labels, temperature, facts(version.number, version.card), palettize=palettize)
            proofs = [prove(made, network, labels, temperature, pictures)]
        else:
            proofs = [proved]
        if onnx:
            write_onnx(folder / "mien.onnx", network, labels, temperature)
            proofs.append(prove_onnx(folder / "mien.onnx", network, labels, temperature, pictures))
        for inside, text in _texts(version, proofs, side, palettize):
            _add(archive, inside, text.encode())
        for file in sorted(each for each in made.rglob("*") if each.is_file()):
            _add(archive, f"{RESOURCES}/{PACKAGE}/{file.relative_to(made).as_posix()}", file.read_bytes())
        if onnx:
            _add(archive, "mien.onnx", (folder / "mien.onnx").read_bytes())
    return Bundle(path, size_of(path), tuple(proofs))


def proof_of(version: Version) -> Proof | None:
    """The proof of the Core ML package that the version's training run made; None where there is none to take."""
    return version.card.proof if (version.path / PACKAGE).is_dir() else None


def _texts(version: Version, proofs: Sequence[Proof], side: int, palettize: bool) -> Iterable[tuple[str, str]]:
    labels = version.labels
    yield (
        "README.md",
        (SWIFT / "README.md")
        .read_text("utf-8")
        .replace("{count}", str(len(labels)))
        .replace("{labels}", ", ".join(labels))
        .replace("{precision}", "half precision with 8-bit palettised weights" if palettize else "half precision")
        .replace("{side}", str(side))
        .replace("{proof}", "; ".join(map(str, proofs))),
    )
    yield "MODEL_CARD.md", model_card(version, proofs)
    yield "Package.swift", (SWIFT / "Package.swift").read_text("utf-8")
    for file in sorted((SWIFT / "Sources" / "Mien").glob("*.swift")):
        text = expression_swift(labels) if file.name == "Expression.swift" else file.read_text("utf-8")
        yield f"Sources/Mien/{file.name}", text
    public = {name: value for name, value in version.card.as_json().items() if name not in PRIVATE}
    yield "card.json", json.dumps(public, indent=2, ensure_ascii=False) + "\n"


def _add(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    entry = zipfile.ZipInfo(name, EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    archive.writestr(entry, data)
