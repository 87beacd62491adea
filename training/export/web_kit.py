"""The zip that a web developer takes home: a page, an ES module with types, the networks, and tests against Mien."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from models.card import Sureness
from models.onnx_model import load_model
from models.quality import FAULTS
from models.versions import MODEL, Version
from models.yunet import yunet_model
from training.export.kit_zip import KITS, filled, public_card, write_kit
from training.export.modelcard import model_card
from training.export.web_settings import CLASSIFIER, FINDER, WebLook, web_settings
from training.export.web_vectors import web_vectors

WEB, README = KITS / "web", "README.md"
LEFT_OUT = {"node_modules", "dist"}
"""What npm makes in the kit's folder."""


@dataclass(frozen=True)
class WrittenKit:
    """A zip that was written: where, and how large."""

    path: Path
    bytes: int


def write_web_kit(path: Path, version: Version, looks: Mapping[str, WebLook]) -> WrittenKit:
    """Write the web kit of `version`, which must have an ONNX model, to `path`, whole or not at all.

    `looks`: how the page shows each label.

    Raises:
        BadVersion: the version's model is damaged.
        DiskError: `path` cannot be written.
    """
    return WrittenKit(path, write_kit(path, list(kit_files(version, looks))))


def kit_files(version: Version, looks: Mapping[str, WebLook]) -> Iterable[tuple[str, bytes]]:
    """Each file of the kit: its path inside, and its bytes.

    Raises:
        BadVersion: the version's model is damaged.
    """
    session = load_model(version, "cpu")
    classifier, finder = (version.path / MODEL).read_bytes(), yunet_model()
    for file in sorted(WEB.rglob("*")):
        inside = file.relative_to(WEB)
        if file.is_file() and not LEFT_OUT & set(inside.parts):
            yield inside.as_posix(), _readme(version).encode() if inside.name == README else file.read_bytes()
    yield "MODEL_CARD.md", model_card(version).encode()
    yield "card.json", public_card(version).encode()
    yield f"models/{CLASSIFIER}", classifier
    yield f"models/{FINDER}", finder
    yield "models/mien.json", web_settings(version, looks, classifier, finder).encode()
    yield "test/vectors.json", web_vectors(version, session).encode()


def _readme(version: Version) -> str:
    """The README, about this version."""
    text = (WEB / README).read_text("utf-8")
    text = text.replace("{sureness}", _sureness(version.card.sureness)).replace("{faults}", ", ".join(FAULTS))
    return filled(text, version, ())


def _sureness(sureness: Sureness | None) -> str:
    if sureness is None:
        return "Where this model should doubt was not measured, so it never does."
    return (
        f"The limits were chosen on faces of FER+ and damaged copies of them: {sureness.answered:.0%} of these are "
        f"answered, and {sureness.right:.0%} of the answers are right."
    )
