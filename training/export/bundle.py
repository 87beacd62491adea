"""The zip that an iOS developer takes home: an app that runs as it is, a Swift package for other apps, README and card.

The app has all sources and the model, since Swift Playgrounds opens none whose sources lie outside; the package around
it has its targets in the app's folder, so that the zip holds the model once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from models.card import Proof
from models.versions import Version
from training.export.kit_zip import KITS, ProvedKit, filled, public_card, write_kit
from training.export.model_names import BUNDLED
from training.export.modelcard import model_card
from training.export.onnx_kit import example_code, model_files
from training.export.package_labels import check_labels
from training.export.proved_package import ProvedAsset, ProvedPackage
from training.export.swift_constants import constants_swift, sureness_swift, version_swift
from training.export.swift_names import labels_swift
from training.export.swift_vectors import vectors

SWIFT = KITS / "swift"
APP = "Mien.swiftpm"
"""The app: a folder of the zip, which itself is the Swift package for other apps."""
RESOURCES = "Sources/Mien/Resources"
LABELS_SWIFT = "Sources/MienCore/ExpressionLabel.swift"


def write_bundle(
    path: Path, version: Version, package: ProvedPackage, *, onnx: bool = False, asset: ProvedAsset | None = None
) -> ProvedKit:
    """Write the bundle of `version` with this package to `path`, whole or not at all.

    `onnx` puts the version's ONNX model, which it must have, beside the Swift packages, and what it takes and gives
    into the README. `asset` is a Core AI model that is put beside it as well.

    Raises:
        BadVersion: the labels of the package are not those of the Swift that is written with it.
        DiskError: `path` cannot be written.
    """
    proofs = [package.proof]
    if onnx and version.card.onnx_proof:
        proofs.append(version.card.onnx_proof)
    if asset:
        proofs.append(asset.proof)
    check_labels(package.files, labels_swift(version.labels))
    files = [*texts(version, proofs, palettized=package.palettized, onnx=onnx, core_ai=bool(asset))]
    files += swift_files(version, package.files, package.self_test)
    if onnx:
        files += model_files(version)
    if asset:
        files += [(f"{asset.path.name}/{file.name}", file.read_bytes()) for file in sorted(asset.path.iterdir())]
    return ProvedKit(path, write_kit(path, files), tuple(proofs))


def texts(
    version: Version, proofs: Sequence[Proof], *, palettized: bool = False, onnx: bool = False, core_ai: bool = False
) -> Iterator[tuple[str, bytes]]:
    """README and cards of a bundle."""
    parts = [SWIFT, *([KITS / "onnx"] if onnx else []), *([KITS / "core_ai"] if core_ai else [])]
    precision = "half precision with 8-bit palettised weights" if palettized else "half precision"
    readme = "".join((part / "README.md").read_text("utf-8") for part in parts)
    yield "README.md", filled(readme, version, proofs, precision=precision, **example_code()).encode()
    yield "MODEL_CARD.md", model_card(version, proofs).encode()
    yield "card.json", public_card(version).encode()


def swift_files(version: Version, model: Mapping[str, bytes], self_test: str) -> Iterator[tuple[str, bytes]]:
    """The files of the app and of the Swift package, around the files of a Core ML package and its self-test."""
    written = {
        LABELS_SWIFT: labels_swift(version.labels),
        "Sources/MienCore/ModelSureness.swift": sureness_swift(version.card.sureness),
        "Sources/MienCore/Constants.swift": constants_swift(),
        "Sources/Mien/ModelVersion.swift": version_swift(contents_name(model)),
        f"{RESOURCES}/SelfTest.json": self_test,
    }
    app = {
        **_files(SWIFT / "App", "Package.swift"),
        **_files(SWIFT, "Sources"),
        **{inside: text.encode() for inside, text in written.items()},
        **{f"{RESOURCES}/{BUNDLED}.mlpackage/{inside}": data for inside, data in model.items()},
        **{f"Sources/{inside}": data for inside, data in _files(SWIFT / "App", "MienApp").items()},
    }
    tests = {f"Tests/MienCoreTests/Resources/{name}": text.encode() for name, text in vectors(version.labels).items()}
    yield from ((f"{APP}/{inside}", data) for inside, data in app.items())
    yield from (_files(SWIFT, "Package.swift") | _files(SWIFT, "Tests") | tests).items()


def contents_name(files: Mapping[str, bytes]) -> str:
    """Sixteen digits that any change of these files, or of their names, changes."""
    digest = hashlib.sha256()
    for name, data in sorted(files.items()):
        digest.update(f"{name}\0{len(data)}\0".encode() + data)
    return digest.hexdigest()[:16]


def _files(kit: Path, inside: str) -> dict[str, bytes]:
    """The file or the files of the folder `inside` a kit, by their paths in the kit."""
    found = [kit / inside, *sorted((kit / inside).rglob("*"))]
    return {file.relative_to(kit).as_posix(): file.read_bytes() for file in found if file.is_file()}
