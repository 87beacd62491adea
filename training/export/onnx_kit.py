"""The zip for whoever runs ONNX: the version's model, the same in half precision, README, model card and card."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from models.card import Proof
from models.versions import Version
from training.export.bundle import KITS, ONNX_NAME, Bundle
from training.export.kit_zip import filled, public_card, write_kit
from training.export.modelcard import model_card

HALF_NAME = "mien-fp16.onnx"


def write_onnx_kit(path: Path, version: Version, model: bytes, half: bytes, proofs: Sequence[Proof]) -> Bundle:
    """Write the kit of `version` to `path`, whole or not at all: its `model`, the `half` one, and their proofs.

    Raises:
        DiskError: `path` cannot be written.
    """
    size = write_kit(path, _files(version, model, half, proofs))
    return Bundle(path, size, tuple(proofs))


def _files(version: Version, model: bytes, half: bytes, proofs: Sequence[Proof]) -> Iterator[tuple[str, bytes]]:
    readme = (KITS / "onnx" / "README.md").read_text("utf-8").lstrip()
    yield "README.md", filled(readme, version, proofs).encode()
    yield ONNX_NAME, model
    yield HALF_NAME, half
    yield "MODEL_CARD.md", model_card(version, proofs).encode()
    yield "card.json", public_card(version).encode()
