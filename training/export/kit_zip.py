"""A zip that is taken home: what all kits have in common."""

from __future__ import annotations

import errno
import json
import os
import re
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from labeling.export_formats import written_whole
from models import crop
from models.card import CORE_ML, MAX_DIFFERENCE, Proof, Sureness
from models.onnx_model import OPSET
from models.quality import FAULTS
from models.versions import Version

KITS = Path(__file__).parent.parent / "kits"
"""What goes into the zips as it is."""
PRIVATE = ("wrong", "held_out_ids", "held_out_people", "run")
"""Entries of the card that point into the user's own data set."""
EPOCH = (1980, 1, 1, 0, 0, 0)
LEVEL = 6
"""Of compression."""
ZIP_ENTRY, ZIP_END, ZLIB_FRAME = 30 + 46, 22, 6
"""Bytes of both headers of a file in a zip without its name, of a zip's end, and of what zlib adds to deflated data."""

Files = Iterable[tuple[str, bytes]]
"""Of a zip: each one's path inside, and its bytes."""


@dataclass(frozen=True)
class ProvedKit:
    """A zip that was written: where, how large, and the proof of each model in it."""

    path: Path
    bytes: int
    proofs: tuple[Proof, ...]


def check_place(path: Path) -> None:
    """Before something is made that takes long: see that a file can be written at `path`.

    Raises:
        DiskError: it cannot.
    """
    with written_whole(path) as partial:
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        partial.touch()
        partial.unlink()


def write_kit(path: Path, files: Files) -> int:
    """Write these files into a zip at `path`, whole or not at all; its size in bytes.

    The same files give the same bytes.

    Raises:
        DiskError: `path` cannot be written.
    """
    with (
        written_whole(path) as partial,
        zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL) as archive,
    ):
        for name, data in files:
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, data)
    return path.stat().st_size


def packed_size(files: Files) -> int:
    """The bytes of the zip that `write_kit` would write; what is in several kits is packed once."""
    return ZIP_END + sum(ZIP_ENTRY + 2 * len(name.encode()) + _deflated(data) for name, data in files)


@lru_cache(maxsize=256)
def _deflated(data: bytes) -> int:
    return len(zlib.compress(data, LEVEL)) - ZLIB_FRAME


def public_card(version: Version) -> str:
    """`card.json` without what points into the user's own data set."""
    public = {name: value for name, value in version.card.as_json().items() if name not in PRIVATE}
    return json.dumps(public, indent=2, ensure_ascii=False) + "\n"


def filled(text: str, version: Version, proofs: Sequence[Proof], **texts: str) -> str:
    """A kit's text with what is so of this version, and `texts`, in the place of `{count}`, `{labels}` and so on."""
    facts = {
        "count": len(version.labels),
        "labels": ", ".join(version.labels),
        "side": version.card.network.size,
        "opset": OPSET,
        "proof": "; ".join(map(str, proofs)),
        "allowed": MAX_DIFFERENCE[CORE_ML],
        "sureness": _sureness(version.card.sureness),
        "faults": ", ".join(FAULTS),
        "crop_side": crop.SIDE,
        "crop_down": crop.DOWN,
        **texts,
    }
    return re.sub(r"\{([a-z_]+)\}", lambda found: str(facts[found[1]]), text)


def _sureness(sureness: Sureness | None) -> str:
    if sureness is None:
        return "Where this model should doubt was not measured, so it never does."
    return (
        f"The limits were chosen on faces of FER+ and damaged copies of them: {sureness.answered:.0%} of these are "
        f"answered, and {sureness.right:.0%} of the answers are right."
    )
