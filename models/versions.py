"""Versions of the model on disk: a folder each, with weights, models to run, and a card that says what they are."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pydantic import JsonValue, ValidationError

from models.card import FORMAT, Card, NetworkShape, Proof
from models.durable import write_durably
from models.errors import MienError, disk_error

BASE_FOLDER = Path(__file__).parent / "base"
WEIGHTS, MODEL, CARD = "weights.safetensors", "model.onnx", "card.json"
MAX_LABELS = 256


class BadVersion(MienError):
    """A version that is missing or cannot be used; the message names it and says why."""


@dataclass(frozen=True)
class Version:
    """One version: number (0 is the base model), folder, card."""

    number: int
    path: Path
    card: Card

    @property
    def labels(self) -> tuple[str, ...]:
        return self.card.labels

    @property
    def temperature(self) -> float:
        """What logits are divided by before the softmax."""
        return self.card.temperature


class Versions:
    """The versions in `folder`, and the base model as version 0."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def numbers(self) -> list[int]:
        """The number of each version there is, damaged ones too, ascending."""
        found = (path.name for path in self.folder.iterdir()) if self.folder.is_dir() else ()
        return [0, *sorted(int(name) for name in found if re.fullmatch(r"[1-9]\d{0,8}", name))]

    def get(self, number: int) -> Version:
        """Version `number`.

        Raises:
            BadVersion: there is none, or its card cannot be read, or a newer Mien wrote it.
        """
        path = BASE_FOLDER if number == 0 else self.folder / str(number)
        if number not in self.numbers():
            raise BadVersion(f"There is no version {number}; there are {', '.join(map(str, self.numbers()))}.")
        return Version(number, path, read_card(path / CARD))

    def list(self) -> tuple[list[Version], dict[int, str]]:
        """Versions that can be read, and for each that cannot, by number, why."""
        readable, damaged = [], {}
        for number in self.numbers():
            try:
                readable.append(self.get(number))
            except BadVersion as error:
                damaged[number] = str(error)
        return readable, damaged

    @contextmanager
    def unfinished(self) -> Iterator[Path]:
        """A new folder for what `write` makes a version of; it is removed where that does not happen.

        Raises OSError where it cannot be made.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        partial = Path(tempfile.mkdtemp(prefix=".partial-", dir=self.folder))
        try:
            yield partial
        finally:
            shutil.rmtree(partial, ignore_errors=True)

    def write(self, number: int, card: Card, unfinished: Path) -> Version:
        """Make the folder `unfinished`, with weights and models in it, version `number`, which no version had before.

        Raises:
            OSError: the disk is full or cannot be written, or there is a version of that number.
        """
        write_card(card, unfinished / CARD)
        unfinished.rename(self.folder / str(number))
        return Version(number, self.folder / str(number), card)

    def add_model(self, number: int, model: Path, proof: Proof) -> Version:
        """Put an ONNX model, a file on the same disk, into a version that was made without one; it is moved.

        Raises:
            BadVersion: there is no such version.
            DiskError: it cannot be written.
        """
        self._put(number, model, MODEL, "ONNX model")
        return self._change_card(number, onnx_proof=proof)

    def add_package(self, number: int, package: Path, self_test: Path, proof: Proof) -> Version:
        """Put a proved Core ML package, a folder on the same disk, and the self-test that goes home with it into a
        version that has none; they are moved.

        Raises:
            BadVersion: there is no such version.
            DiskError: it cannot be written.
        """
        self._put(number, self_test, self_test.name, "self-test")
        self._put(number, package, package.name, "Core ML model")
        return self._change_card(number, proof=proof)

    def note_no_package(self, number: int, reason: str) -> Version:
        """Say on a version's card why its Core ML package could not be made.

        Raises:
            BadVersion: there is no such version.
            DiskError: the card cannot be written.
        """
        return self._change_card(number, package_failed=reason)

    def update_card(self, number: int, *, name: str, note: str) -> Version:
        """Give a version a name and a note; its card is changed as a whole or not at all.

        Raises:
            BadVersion: there is no such version, or it is the base model.
            DiskError: the card cannot be written.
        """
        if number == 0:
            raise BadVersion("The base model is read only.")
        return self._change_card(number, name=name, note=note)

    def _put(self, number: int, made: Path, name: str, what: str) -> None:
        version = self.get(number)
        try:
            made.replace(version.path / name)
        except OSError as error:
            raise disk_error(error, f"The {what} of version {number} cannot be written") from error

    def _change_card(self, number: int, **changes: Proof | str) -> Version:
        version = self.get(number)
        card = version.card.model_copy(update=changes)
        try:
            write_card(card, version.path / CARD)
        except OSError as error:
            raise disk_error(error, f"The card of version {number} cannot be written") from error
        return Version(number, version.path, card)

    def delete(self, number: int) -> None:
        """Remove a version, readable or not.

        Raises:
            BadVersion: there is no such version, or it is the base model.
            DiskError: the folder cannot be changed.
        """
        if number == 0:
            raise BadVersion("The base model cannot be deleted.")
        if number not in self.numbers():
            raise BadVersion(f"There is no version {number}.")
        leaving = self.folder / f".deleted-{number}"
        try:
            (self.folder / str(number)).rename(leaving)
            shutil.rmtree(leaving)
        except OSError as error:
            raise disk_error(error, f"Version {number} cannot be deleted") from error

    def sweep(self) -> None:
        """Remove what a write or a delete that was cut off left behind. Only while nothing is being written."""
        if self.folder.is_dir():
            for path in [*self.folder.glob(".partial-*"), *self.folder.glob(".deleted-*")]:
                shutil.rmtree(path, ignore_errors=True)


def read_card(path: Path) -> Card:
    """A version's card, checked.

    Raises:
        BadVersion: it is missing, no JSON, of a newer Mien, or lacks what a version needs.
    """
    try:
        card = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise BadVersion(f"{path} is missing or no JSON ({first_line(error)}).") from error
    if not isinstance(card, dict):
        raise BadVersion(f"{path} is no card of a version.")
    if isinstance(card.get("format"), int) and card["format"] > FORMAT:
        raise BadVersion(f"{path} was written by a newer Mien; update Mien to use this version.")
    labels, temperature = card.get("labels"), card.get("temperature")
    if not isinstance(labels, list) or not labels or not all(isinstance(label, str) and label for label in labels):
        raise BadVersion(f"{path} names no labels.")
    if not isinstance(temperature, int | float) or not 0.01 <= temperature <= 100:
        raise BadVersion(f"{path} has no temperature between 0.01 and 100.")
    shape = _shape(card.get("network"))
    if shape.classes != len(labels) or len(labels) > MAX_LABELS:
        raise BadVersion(f"{path} has {len(labels)} labels for {shape.classes} outputs.")
    try:
        return Card.model_validate(card)
    except ValidationError as error:
        raise BadVersion(f"{path} is no card of a version ({_first_fault(error)}).") from error


def _shape(described: JsonValue) -> NetworkShape:
    try:
        shape = NetworkShape.model_validate(described)
    except ValidationError as error:
        raise BadVersion(f"A card does not describe its network ({_first_fault(error)}).") from error
    depths, widths = shape.depths, shape.widths
    sane = 1 <= len(widths) == len(depths) <= 8 and max(widths) <= 2048 and max(depths) <= 64 and shape.size <= 512
    sane = sane and shape.first_stride in (1, 2)
    if not sane or min(*widths, *depths, shape.size, shape.classes) < 1:
        raise BadVersion(f"A card describes a network that cannot be built: {shape!r}.")
    return shape


def write_card(card: Card, path: Path) -> None:
    """Write a card, whole or not at all. Raises OSError where the disk does not take it."""
    partial = path.with_suffix(".partial")
    write_durably(json.dumps(card.as_json(), indent=2, ensure_ascii=False).encode() + b"\n", partial)
    partial.replace(path)


def first_line(error: BaseException) -> str:
    """What an error says, short enough for a sentence."""
    return next(iter(str(error).strip().splitlines()), type(error).__name__)[:200]


def _first_fault(error: ValidationError) -> str:
    fault = error.errors(include_url=False, include_context=False)[0]
    where = ".".join(map(str, fault["loc"]))
    return f"{where}: {fault['msg']}" if where else fault["msg"]
