"""The zip that a web developer takes home: a page, an ES module with types, the networks, and tests against Mien."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from labeling.export_formats import written_whole
from models import crop
from models.card import Sureness
from models.onnx_model import load_model
from models.quality import FAULTS
from models.versions import MODEL, Version
from models.yunet import yunet_model
from training.export.kit_zip import EPOCH, KITS, PRIVATE
from training.export.modelcard import model_card
from training.export.web_settings import CLASSIFIER, FINDER, WebLook, web_settings
from training.export.web_vectors import web_vectors

WEB = KITS / "web"
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
    files = list(kit_files(version, looks))
    with (
        written_whole(path) as partial,
        zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive,
    ):
        for inside, data in files:
            entry = zipfile.ZipInfo(inside, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, data)
    return WrittenKit(path, path.stat().st_size)


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
            data = file.read_bytes()
            yield inside.as_posix(), _filled(data.decode(), version).encode() if inside.name == "README.md" else data
    yield "MODEL_CARD.md", model_card(version).encode()
    public = {name: value for name, value in version.card.as_json().items() if name not in PRIVATE}
    yield "card.json", (json.dumps(public, indent=2, ensure_ascii=False) + "\n").encode()
    yield f"models/{CLASSIFIER}", classifier
    yield f"models/{FINDER}", finder
    yield "models/mien.json", web_settings(version, looks, classifier, finder).encode()
    yield "test/vectors.json", web_vectors(version, session).encode()


def _filled(readme: str, version: Version) -> str:
    """The README, about this version."""
    facts = {
        "count": len(version.labels),
        "labels": ", ".join(version.labels),
        "side": version.card.network.size,
        "sureness": _sureness(version.card.sureness),
        "faults": ", ".join(FAULTS),
        "crop_side": crop.SIDE,
        "crop_down": crop.DOWN,
    }
    return re.sub(r"\{(\w+)\}", lambda found: str(facts[found[1]]), readme)


def _sureness(sureness: Sureness | None) -> str:
    if sureness is None:
        return "Where this model should doubt was not measured, so it never does."
    return (
        f"The limits were chosen on faces of FER+ and damaged copies of them: {sureness.answered:.0%} of these are "
        f"answered, and {sureness.right:.0%} of the answers are right."
    )
