"""The zip that an iOS developer takes home: the Core ML package, a Swift package around it, README and model card."""

from __future__ import annotations

import json
import re
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
from training.export.coreml import MODEL_NAME, prove, size_of, write_package
from training.export.modelcard import facts, model_card
from training.export.onnx_export import prove_onnx, write_onnx

SWIFT = Path(__file__).parent.parent / "kits" / "swift"
PACKAGE = f"{MODEL_NAME}.mlpackage"
RESOURCES = "Sources/Mien/Resources"
PRIVATE = ("wrong", "held_out_ids", "run")
"""Entries of the card that point into the user's own data set."""
EPOCH = (1980, 1, 1, 0, 0, 0)

_KEYWORDS = frozenset(
    """
    as associatedtype await break case catch class continue default defer deinit do else enum extension
    fallthrough false fileprivate for func guard if import in init inout internal is let nil open operator
    precedencegroup private protocol public repeat rethrows return self Self static struct subscript super
    switch throw throws true try typealias var where while Any Type Protocol some allCases rawValue hashValue
    """.split()  # noqa: SIM905
)


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


def expression_swift(labels: Sequence[str]) -> str:
    """`Expression.swift`: an enumeration with a case for each label, its raw value the label itself."""
    cases = "\n".join(
        f"    case {name} = {_swift_string(label)}" for name, label in zip(swift_names(labels), labels, strict=True)
    )
    return (
        "// Written by Mien with the model: the labels of Mien.mlpackage, in its order.\n\n"
        "/// An expression that the model names.\n"
        "public enum Expression: String, CaseIterable, Sendable, Codable {\n"
        f"{cases}\n"
        "}\n"
    )


def swift_names(labels: Iterable[str]) -> list[str]:
    """A Swift identifier for each label, in lower camel case, no two alike: `raised eyebrow` → `raisedEyebrow`."""
    names: list[str] = []
    for number, label in enumerate(labels, 1):
        words = re.findall(r"[A-Za-z0-9]+", label)
        name = "".join([*[word.lower() for word in words[:1]], *[word[:1].upper() + word[1:] for word in words[1:]]])
        if not name or not name.isascii():
            name = f"expression{number}"
        if name[0].isdigit():
            name = f"expression{name}"
        while name in names:
            name += "Too"
        names.append(name)
    return [f"`{name}`" if name in _KEYWORDS else name for name in names]


def _swift_string(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() else f"\\u{{{ord(c):x}}}" for c in escaped) + '"'


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
