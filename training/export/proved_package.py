"""A version's Core ML package with what proves it, as its training run left it."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from models.card import Proof
from models.versions import BadVersion, Version
from training.export.model_names import PACKAGE, SELF_TEST
from training.export.package_labels import package_labels


@dataclass(frozen=True)
class ProvedPackage:
    """A Core ML package on disk, its proof, and its self-test's JSON; `palettized`: its weights have 8 bits."""

    path: Path
    proof: Proof
    self_test: str
    palettized: bool = False

    @cached_property
    def files(self) -> dict[str, bytes]:
        """The package's files by their paths inside."""
        found = (file for file in sorted(self.path.rglob("*")) if file.is_file())
        return {file.relative_to(self.path).as_posix(): file.read_bytes() for file in found}


@dataclass(frozen=True)
class ProvedAsset:
    """A Core AI model on disk, a folder of files, with its proof."""

    path: Path
    proof: Proof


class SelfTestPicture(BaseModel):
    model_config = ConfigDict(allow_inf_nan=False)

    name: str
    grey: str
    probabilities: list[float]


class SelfTestContent(BaseModel):
    """What `training.export.self_test` writes."""

    model_config = ConfigDict(allow_inf_nan=False)

    side: int
    allowed: float
    labels: tuple[str, ...]
    pictures: list[SelfTestPicture]


def own_package(version: Version) -> ProvedPackage | None:
    """The Core ML package that the version's training run made and proved.

    None where there is none, or it is not what was proved any more, or its self-test is damaged or missing, as with an
    earlier Mien: then it is to be made again.
    """
    path, proof = version.path / PACKAGE, version.card.proof
    if not proof:
        return None
    try:
        package = ProvedPackage(path, proof, (version.path / SELF_TEST).read_text("utf-8"))
        whole = sum(map(len, package.files.values())) == proof.bytes and package_labels(package.files) == version.labels
        return package if whole and _sound(package.self_test, version.labels, version.card.network.size) else None
    except (OSError, UnicodeDecodeError, BadVersion):
        return None


def _sound(self_test: str, labels: Sequence[str], side: int) -> bool:
    try:
        content = SelfTestContent.model_validate_json(self_test)
        sizes = {len(base64.b64decode(picture.grey, validate=True)) for picture in content.pictures}
    except (ValidationError, ValueError):
        return False
    rows = [picture.probabilities for picture in content.pictures]
    return (
        (content.side, content.labels, sizes) == (side, tuple(labels), {side * side})
        and all(len(row) == len(labels) for row in rows)
        and all(abs(sum(row) - 1) < 0.01 for row in rows)
    )
