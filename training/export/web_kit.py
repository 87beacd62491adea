"""The zip that a web developer takes home: a page, an ES module with types, the networks, and tests against Mien."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import onnxruntime

from models.versions import Version
from models.yunet import yunet_model
from training.export.kit_zip import KITS, filled, public_card
from training.export.modelcard import model_card
from training.export.web_settings import CLASSIFIER, FINDER, HALF, WebLook, web_settings
from training.export.web_vectors import web_vectors

WEB, README = KITS / "web", "README.md"
LEFT_OUT = {"node_modules", "dist"}
"""What npm makes in the kit's folder."""
LIVE_TAB = Path(__file__).parents[2] / "webapp" / "static" / "shared"
DRAWING = (
    *("chip-layout.js", "colors.js", "draw-face.js", "face-name.js", "label-look.js", "numbers.js"),
    "favicon.svg",
)
"""What there the kit's page has as well: how faces, their names and labels are drawn, and Mien's mark."""


def web_sources() -> Iterator[tuple[str, bytes]]:
    """The kit's own files, without models and what is so of one version: each one's path inside, and its bytes."""
    for file in sorted(WEB.rglob("*")):
        inside = file.relative_to(WEB)
        if file.is_file() and not LEFT_OUT & set(inside.parts):
            yield inside.as_posix(), file.read_bytes()
    for name in DRAWING:
        yield f"page/{name}", (LIVE_TAB / name).read_bytes()


def web_files(
    version: Version, session: onnxruntime.InferenceSession, model: bytes, half: bytes, looks: Mapping[str, WebLook]
) -> Iterable[tuple[str, bytes]]:
    """Each file of the kit of `version`: its path inside, and its bytes.

    `model`: the version's in ONNX, open in `session`; `half`: the same in half precision; `looks`: how the page shows
    each label.
    """
    finder = yunet_model()
    for inside, data in web_sources():
        yield inside, filled(data.decode(), version, ()).encode() if inside == README else data
    yield "MODEL_CARD.md", model_card(version).encode()
    yield "card.json", public_card(version).encode()
    yield f"models/{CLASSIFIER}", model
    yield f"models/{HALF}", half
    yield f"models/{FINDER}", finder
    yield "models/mien.json", web_settings(version, looks, model, finder, half).encode()
    yield "test/vectors.json", web_vectors(version, session).encode()
