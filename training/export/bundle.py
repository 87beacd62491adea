"""The zip that an iOS developer takes home: an app that runs as it is, a Swift package for other apps, README and card.

Both hold the model, so that each works wherever it is moved: Swift Playgrounds opens no app whose sources lie outside.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from labeling.export_formats import written_whole
from models import crop
from models.card import CORE_ML, MAX_DIFFERENCE, Proof, Sureness
from models.onnx_model import OPSET
from models.quality import FAULTS
from models.versions import MODEL, Version
from training.export.model_names import BUNDLED, PACKAGE, SELF_TEST
from training.export.modelcard import model_card
from training.export.swift_constants import constants_swift, sureness_swift, version_swift
from training.export.swift_names import labels_swift
from training.export.swift_vectors import vectors

KITS = Path(__file__).parent.parent / "kits"
SWIFT = KITS / "swift"
LIBRARY, APP = "Mien", "Mien.swiftpm"
"""The Swift package for another app, and the app: folders of the zip."""
RESOURCES = "Sources/Mien/Resources"
ONNX_NAME = "mien.onnx"
PRIVATE = ("wrong", "held_out_ids", "held_out_people", "run")
"""Entries of the card that point into the user's own data set."""
EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class ProvedPackage:
    """A Core ML package on disk, its proof, and its self-test's JSON; `palettized`: its weights have 8 bits."""

    path: Path
    proof: Proof
    self_test: str
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
    """The Core ML package that the version's training run made and proved; None where there is none, or an earlier Mien
    made it without a self-test.
    """
    path, self_test, proof = version.path / PACKAGE, version.path / SELF_TEST, version.card.proof
    if not (proof and path.is_dir() and self_test.is_file()):
        return None
    return ProvedPackage(path, proof, self_test.read_text("utf-8"))


def write_bundle(
    path: Path, version: Version, package: ProvedPackage, *, onnx: bool = False, asset: ProvedAsset | None = None
) -> Bundle:
    """Write the bundle of `version` with this package to `path`, whole or not at all.

    `onnx` puts the version's ONNX model, which it must have, beside the Swift packages, and what it takes and gives
    into the README. `asset` is a Core AI model that is put beside it as well.

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
        for inside, text in _texts(version, proofs, palettized=package.palettized, onnx=onnx).items():
            _add(archive, inside, text.encode())
        for folder, files in _swift(version, package).items():
            for inside, data in files.items():
                _add(archive, f"{folder}/{inside}", data)
        if onnx:
            _add(archive, ONNX_NAME, (version.path / MODEL).read_bytes())
        if asset:
            for file in sorted(asset.path.iterdir()):
                _add(archive, f"{asset.path.name}/{file.name}", file.read_bytes())
    return Bundle(path, path.stat().st_size, tuple(proofs))


def _texts(version: Version, proofs: Sequence[Proof], *, palettized: bool, onnx: bool) -> dict[str, str]:
    labels = version.labels
    kits = (SWIFT, KITS / "onnx") if onnx else (SWIFT,)
    public = {name: value for name, value in version.card.as_json().items() if name not in PRIVATE}
    readme = (
        "".join((kit / "README.md").read_text("utf-8") for kit in kits)
        .replace("{count}", str(len(labels)))
        .replace("{precision}", "half precision with 8-bit palettised weights" if palettized else "half precision")
        .replace("{side}", str(version.card.network.size))
        .replace("{opset}", str(OPSET))
        .replace("{proof}", "; ".join(map(str, proofs)))
        .replace("{allowed}", str(MAX_DIFFERENCE[CORE_ML]))
        .replace("{sureness}", _sureness(version.card.sureness))
        .replace("{faults}", ", ".join(FAULTS))
        .replace("{crop_side}", str(crop.SIDE))
        .replace("{crop_down}", str(crop.DOWN))
        .replace("{labels}", ", ".join(labels))
    )
    return {
        "README.md": readme,
        "MODEL_CARD.md": model_card(version, proofs),
        "card.json": json.dumps(public, indent=2, ensure_ascii=False) + "\n",
    }


def _swift(version: Version, package: ProvedPackage) -> dict[str, dict[str, bytes]]:
    """The files of the Swift package and of the app, by their folders."""
    model = {
        file.relative_to(package.path).as_posix(): file.read_bytes()
        for file in sorted(package.path.rglob("*"))
        if file.is_file()
    }
    written = {
        "Sources/MienCore/ExpressionLabel.swift": labels_swift(version.labels),
        "Sources/MienCore/ModelSureness.swift": sureness_swift(version.card.sureness),
        "Sources/MienCore/Constants.swift": constants_swift(),
        "Sources/Mien/ModelVersion.swift": version_swift(contents_name(model)),
        f"{RESOURCES}/SelfTest.json": package.self_test,
    }
    sources = {
        **_files(SWIFT, "Sources"),
        **{inside: text.encode() for inside, text in written.items()},
        **{f"{RESOURCES}/{BUNDLED}.mlpackage/{inside}": data for inside, data in model.items()},
    }
    tests = {f"Tests/MienCoreTests/Resources/{name}": text.encode() for name, text in vectors(version.labels).items()}
    library = {"Package.swift": (SWIFT / "Package.swift").read_bytes(), **sources, **_files(SWIFT, "Tests"), **tests}
    app = {f"Sources/{inside}": data for inside, data in _files(SWIFT / "App", "MienApp").items()}
    return {LIBRARY: library, APP: {"Package.swift": (SWIFT / "App/Package.swift").read_bytes(), **sources, **app}}


def contents_name(files: Mapping[str, bytes]) -> str:
    """Sixteen digits that any change of these files, or of their names, changes."""
    digest = hashlib.sha256()
    for name, data in sorted(files.items()):
        digest.update(f"{name}\0{len(data)}\0".encode() + data)
    return digest.hexdigest()[:16]


def _files(kit: Path, folder: str) -> dict[str, bytes]:
    files = (file for file in sorted((kit / folder).rglob("*")) if file.is_file())
    return {file.relative_to(kit).as_posix(): file.read_bytes() for file in files}


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
