"""The zip that an iOS developer takes home: the Core ML package, a Swift package around it, README and model card."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from labeling.export_formats import written_whole
from models import crop
from models.card import Proof, Sureness
from models.onnx_model import OPSET
from models.quality import FAULTS
from models.versions import MODEL, Version
from training.export.model_names import PACKAGE
from training.export.modelcard import model_card
from training.export.swift_constants import constants_swift, sureness_swift
from training.export.swift_names import expression_swift

KITS = Path(__file__).parent.parent / "kits"
SWIFT = KITS / "swift"
RESOURCES = "Sources/Mien/Resources"
ONNX_NAME = "mien.onnx"
PRIVATE = ("wrong", "held_out_ids", "held_out_people", "run")
"""Entries of the card that point into the user's own data set."""
EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class ProvedPackage:
    """A Core ML package on disk, with its proof; `palettized`: its weights have 8 bits."""

    path: Path
    proof: Proof
    palettized: bool = False


@dataclass(frozen=True)
class ProvedAsset:
    """A Core AI model on disk, a folder of files, with its proof."""

    path: Path
    proof: Proof


@dataclass(frozen=True)
class Bundle:
    """A zip that was written: where, how large, and the proof of each model in it."""

    path: Path
    bytes: int
    proofs: tuple[Proof, ...]


def own_package(version: Version) -> ProvedPackage | None:
    """The Core ML package that the version's training run made and proved; None where there is none."""
    path, proof = version.path / PACKAGE, version.card.proof
    return ProvedPackage(path, proof) if proof and path.is_dir() else None


def write_bundle(
    path: Path, version: Version, package: ProvedPackage, *, onnx: bool = False, asset: ProvedAsset | None = None
) -> Bundle:
    """Write the bundle of `version` with this package to `path`, whole or not at all.

    `onnx` puts the version's ONNX model, which it must have, beside the Swift package, and what it takes and gives into
    the README. `asset` is a Core AI model that is put beside it as well.

    Raises:
        ExchangeError: `path` cannot be written.
    """
    proofs = [package.proof]
    if onnx and version.card.onnx_proof:
        proofs.append(version.card.onnx_proof)
    if asset:
        proofs.append(asset.proof)
    with (
        written_whole(path) as partial,
        zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive,
    ):
        for inside, text in _texts(version, proofs, palettized=package.palettized, onnx=onnx):
            _add(archive, inside, text.encode())
        for file in sorted(each for each in package.path.rglob("*") if each.is_file()):
            inside = file.relative_to(package.path).as_posix()
            _add(archive, f"{RESOURCES}/{PACKAGE}/{inside}", file.read_bytes())
        if onnx:
            _add(archive, ONNX_NAME, (version.path / MODEL).read_bytes())
        if asset:
            for file in sorted(asset.path.iterdir()):
                _add(archive, f"{asset.path.name}/{file.name}", file.read_bytes())
    return Bundle(path, path.stat().st_size, tuple(proofs))


def _texts(version: Version, proofs: Sequence[Proof], *, palettized: bool, onnx: bool) -> Iterable[tuple[str, str]]:
    labels = version.labels
    kits = (SWIFT, KITS / "onnx") if onnx else (SWIFT,)
    yield (
        "README.md",
        "".join((kit / "README.md").read_text("utf-8") for kit in kits)
        .replace("{count}", str(len(labels)))
        .replace("{precision}", "half precision with 8-bit palettised weights" if palettized else "half precision")
        .replace("{side}", str(version.card.network.size))
        .replace("{opset}", str(OPSET))
        .replace("{proof}", "; ".join(map(str, proofs)))
        .replace("{sureness}", _sureness(version.card.sureness))
        .replace("{faults}", ", ".join(FAULTS))
        .replace("{crop_side}", str(crop.SIDE))
        .replace("{crop_down}", str(crop.DOWN))
        .replace("{labels}", ", ".join(labels)),
    )
    yield "MODEL_CARD.md", model_card(version, proofs)
    yield "Package.swift", (SWIFT / "Package.swift").read_text("utf-8")
    written = {
        "Expression.swift": expression_swift(labels),
        "ModelSureness.swift": sureness_swift(version.card.sureness),
        "Constants.swift": constants_swift(),
    }
    for file in sorted((SWIFT / "Sources").rglob("*.swift")):
        yield file.relative_to(SWIFT).as_posix(), written.get(file.name) or file.read_text("utf-8")
    public = {name: value for name, value in version.card.as_json().items() if name not in PRIVATE}
    yield "card.json", json.dumps(public, indent=2, ensure_ascii=False) + "\n"


def _sureness(sureness: Sureness | None) -> str:
    if sureness is None:
        return "Where this model should doubt was not measured, so it never does."
    return (
        f"The limits were chosen on faces of FER+ and damaged copies of them: {sureness.answered:.0%} of these are "
        f"answered, and {sureness.right:.0%} of the answers are right."
    )


def _add(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    entry = zipfile.ZipInfo(name, EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    archive.writestr(entry, data)
