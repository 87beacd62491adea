"""The zip for whoever runs ONNX: the version's model, the same in half precision, examples and README."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from models.card import Proof
from models.versions import MODEL, Version
from training.export.kit_zip import KITS, ProvedKit, filled, public_card, write_kit
from training.export.modelcard import model_card

ONNX = KITS / "onnx"
ONNX_NAME, HALF_NAME = "mien.onnx", "mien-fp16.onnx"
EXAMPLES = {"python": "name.py", "javascript": "name.mjs"}
"""Programs that name a face, which the README shows as well, by what stands in their place there."""


def write_onnx_kit(path: Path, version: Version, half: bytes, proofs: Sequence[Proof]) -> ProvedKit:
    """Write the kit of `version` to `path`, whole or not at all: its model, the `half` one, and their proofs.

    Raises:
        DiskError: `path` cannot be written.
    """
    return ProvedKit(path, write_kit(path, onnx_files(version, half, proofs)), tuple(proofs))


def onnx_files(version: Version, half: bytes, proofs: Sequence[Proof]) -> Iterator[tuple[str, bytes]]:
    """Each file of the kit: its path inside, and its bytes."""
    yield (
        "README.md",
        filled((ONNX / "README.md").read_text("utf-8").lstrip(), version, proofs, **example_code()).encode(),
    )
    yield HALF_NAME, half
    yield from model_files(version)
    yield "MODEL_CARD.md", model_card(version, proofs).encode()
    yield "card.json", public_card(version).encode()


def model_files(version: Version) -> Iterator[tuple[str, bytes]]:
    """The version's own ONNX model, and the examples that run it."""
    yield ONNX_NAME, (version.path / MODEL).read_bytes()
    for name in EXAMPLES.values():
        yield name, (ONNX / name).read_bytes()


def example_code() -> dict[str, str]:
    """The examples, by what stands in their place in the README."""
    return {place: (ONNX / name).read_text("utf-8").rstrip() for place, name in EXAMPLES.items()}
