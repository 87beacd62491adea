"""A zip that is taken home: what all kits have in common."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from labeling.export_formats import written_whole
from models import crop
from models.card import Proof
from models.onnx_model import OPSET
from models.versions import Version

KITS = Path(__file__).parent.parent / "kits"
PRIVATE = ("wrong", "held_out_ids", "held_out_people", "run")
"""Entries of the card that point into the user's own data set."""
EPOCH = (1980, 1, 1, 0, 0, 0)


def write_kit(path: Path, files: Iterable[tuple[str, bytes]]) -> int:
    """Write these files, by name, into a zip at `path`, whole or not at all; its size in bytes.

    The same files give the same bytes.

    Raises:
        DiskError: `path` cannot be written.
    """
    with (
        written_whole(path) as partial,
        zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive,
    ):
        for name, data in files:
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, data)
    return path.stat().st_size


def public_card(version: Version) -> str:
    """`card.json` without what points into the user's own data set."""
    public = {name: value for name, value in version.card.as_json().items() if name not in PRIVATE}
    return json.dumps(public, indent=2, ensure_ascii=False) + "\n"


def filled(text: str, version: Version, proofs: Sequence[Proof]) -> str:
    """A kit's text with what is so of this version in the place of `{count}`, `{labels}` and so on."""
    facts = {
        "count": len(version.labels),
        "side": version.card.network.size,
        "opset": OPSET,
        "proof": "; ".join(map(str, proofs)),
        "crop_side": crop.SIDE,
        "crop_down": crop.DOWN,
        "labels": ", ".join(version.labels),  # the last: a label may be called as one of these
    }
    for name, value in facts.items():
        text = text.replace(f"{{{name}}}", str(value))
    return text
