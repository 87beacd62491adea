"""The JSON that commands print with `--json`."""

from __future__ import annotations

from models.card import Card, Proof
from webapp.answer_model import AnswerModel
from webapp.named_face import NamedFace


class PredictedPicture(AnswerModel):
    """`mien predict`: one a picture, boxes in its pixels."""

    path: str
    faces: list[NamedFace]


class CountedLabel(AnswerModel):
    """`mien labels`: one a label."""

    name: str
    images: int
    enabled: bool


class TrashContents(AnswerModel):
    """`mien trash`: images, the bytes of their pictures, and how many of each named person."""

    images: int
    bytes: int
    people: dict[str, int]


class ListedVersion(Card):
    """`mien versions`: one a version, its card and whether it is the one in use; that one has `provider`, what it runs
    on: "cpu", or another of `models.providers.PROVIDERS`."""

    number: int
    active: bool
    provider: str | None = None


class DamagedVersion(AnswerModel):
    """`mien versions`: a version that cannot be read, and why."""

    number: int
    active: bool
    damaged: str


class TrainedVersion(Card):
    """`mien train`: the card of the version that was made; `reason` says why it waits to be chosen, or is empty."""

    version: int
    reason: str


class WrittenBundle(AnswerModel):
    """`mien coreml`, `mien onnx`: where the zip is, of which version, its size, and the proof of each model in it."""

    path: str
    version: int
    bytes: int
    proofs: list[Proof]


class WrittenWebKit(AnswerModel):
    """`mien web`: where the kit is, of which version, and its size."""

    path: str
    version: int
    bytes: int


class InstalledWebKit(AnswerModel):
    """`mien web --install`: where the kit's code is, and its size."""

    path: str
    bytes: int
