"""`models/mien.json` of the web kit: a version's labels and limits, and the rules that Mien itself goes by."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from models import crop, finder, quality, steady_doubt, yunet
from models.quality import Limits
from models.sureness import REASONS
from models.tracker import LEAST_OVERLAP, TREMBLING, Tracker
from models.versions import Version

CLASSIFIER, HALF, FINDER = "mien.onnx", "mien-fp16.onnx", "yunet.onnx"


class WebPart(BaseModel):
    """A part of the JSON; names are in camel case there."""

    model_config = ConfigDict(frozen=True, alias_generator=to_camel, populate_by_name=True)


class WebLook(WebPart):
    """How a label is shown: "#rrggbb", and a pattern ("stripes", "dots", "grid") or ""."""

    color: str
    pattern: str


class WebNetwork(WebPart):
    """A network's file beside the JSON, and its hash."""

    file: str
    sha256: str

    @classmethod
    def of(cls, file: str, model: bytes) -> WebNetwork:
        return cls(file=file, sha256=hashlib.sha256(model).hexdigest())


class WebSureness(WebPart):
    margin: float
    quality: float


class WebRules(WebPart):
    crop: dict[str, float]
    finder: dict[str, float | list[int]]
    quality: dict[str, float | dict[str, dict[str, float]]]
    tracker: dict[str, float]
    doubts: dict[str, float]
    reasons: dict[str, str]


class WebSettings(WebPart):
    """All of it. `side`: pixels a side of the crops that the classifier takes; `half`: the same in half precision."""

    version: int
    labels: tuple[str, ...]
    looks: dict[str, WebLook]
    side: int
    sureness: WebSureness | None
    classifier: WebNetwork
    half: WebNetwork | None
    finder: WebNetwork
    rules: WebRules


def web_settings(
    version: Version, looks: Mapping[str, WebLook], classifier: bytes, finder_model: bytes, half: bytes | None = None
) -> str:
    """The JSON for a version's `classifier` and the face finder's model, which stand beside it; `half` may too."""
    sureness = version.card.sureness
    settings = WebSettings(
        version=version.number,
        labels=version.labels,
        looks=dict(looks),
        side=version.card.network.size,
        sureness=WebSureness(margin=sureness.margin, quality=sureness.quality) if sureness else None,
        classifier=WebNetwork.of(CLASSIFIER, classifier),
        half=None if half is None else WebNetwork.of(HALF, half),
        finder=WebNetwork.of(FINDER, finder_model),
        rules=web_rules(),
    )
    return settings.model_dump_json(by_alias=True, indent=2) + "\n"


def web_rules() -> WebRules:
    """The constants of `models`: the kit finds, cuts out, judges and follows faces by the same numbers and words."""
    found, tracker = finder.FaceFinder(), Tracker()
    limits = {
        name.lower().replace("_", " "): {"fine": value.fine, "hopeless": value.hopeless}
        for name, value in vars(quality).items()
        if isinstance(value, Limits)
    }
    return WebRules(
        crop={"side": crop.SIDE, "down": crop.DOWN, "farthest": crop.FARTHEST, "samples": crop.SAMPLES},
        finder={
            "live": finder.LIVE_SIDE,
            "still": finder.STILL_SIDE,
            "thinnest": finder.THINNEST,
            "certainty": found.certainty,
            "strides": list(yunet.STRIDES),
            "same": yunet.SAME,
            "most": yunet.MOST,
        },
        quality={"side": quality.SIDE, "face": quality.FACE, "toSigma": quality.TO_SIGMA, "limits": limits},
        tracker={
            "settle": tracker.settle,
            "settlePlace": tracker.settle_place,
            "patience": tracker.patience,
            "trembling": TREMBLING,
            "leastOverlap": LEAST_OVERLAP,
        },
        doubts={"comes": steady_doubt.COMES, "goes": steady_doubt.GOES, "surer": steady_doubt.SURER},
        reasons={str(fault): reason for fault, reason in REASONS.items()},
    )
