"""Versions of the model on disk: weights as safetensors and a card that says what they are."""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from pydantic import JsonValue, ValidationError
from safetensors import SafetensorError
from safetensors.torch import load_file
from safetensors.torch import save as to_bytes

from models.card import FORMAT, Card, NetworkShape
from models.errors import MienError, disk_error
from models.network import Network, NetworkConfig

BASE_FOLDER = Path(__file__).parent / "base"
WEIGHTS, CARD = "weights.safetensors", "card.json"
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

    def network(self) -> Network:
        """The network with this version's weights, folded, in evaluation mode.

        Raises:
            BadVersion: the weights are missing, no safetensors, or of other shapes than the card says.
        """
        shape = self.card.network
        network = Network(NetworkConfig(shape.classes, shape.widths, shape.depths, shape.size))
        path = self.path / WEIGHTS
        try:
            network.load_state_dict({name: tensor.float() for name, tensor in load_file(path).items()})
        except (OSError, SafetensorError) as error:
            raise BadVersion(f"{path} is missing or no safetensors file ({_first_line(error)}).") from error
        except RuntimeError as error:
            raise BadVersion(f"{path} does not fit its card ({_first_line(error)}).") from error
        if not all(bool(torch.isfinite(tensor).all()) for tensor in network.state_dict().values()):
            raise BadVersion(f"{path} holds weights that are not numbers.")
        return network.eval()


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

    def write(self, number: int, network: Network, card: Card, beside: Sequence[Path] = ()) -> Version:
        """Save a folded network as version `number`, which no version had before.

        The files and folders in `beside` are moved into the version's folder.

        Raises:
            OSError: the disk is full or cannot be written, or there is a version of that number; then nothing is left
                behind.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        partial = Path(tempfile.mkdtemp(prefix=".partial-", dir=self.folder))
        try:
            save(network, card, partial)
            for path in beside:
                shutil.move(path, partial / path.name)
            partial.rename(self.folder / str(number))
        except BaseException:
            shutil.rmtree(partial, ignore_errors=True)
            raise
        return Version(number, self.folder / str(number), card)

    def update_card(self, number: int, *, name: str, note: str) -> Version:
        """Give a version a name and a note; its card is changed as a whole or not at all.

        Raises:
            BadVersion: there is no such version, or it is the base model.
            DiskError: the card cannot be written.
        """
        version = self.get(number)
        if number == 0:
            raise BadVersion("The base model is read only.")
        card = version.card.model_copy(update={"name": name, "note": note})
        try:
            _write_card(card, version.path / CARD)
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


def save(network: Network, card: Card, folder: Path) -> None:
    """Write weights (half precision) and card into `folder`."""
    weights = {name: tensor.detach().to(torch.float16).contiguous() for name, tensor in network.state_dict().items()}
    # safetensors' own writer hides what the system said, such as that the disk is full.
    _write(to_bytes(weights), folder / WEIGHTS)
    _write_card(card, folder / CARD)


def shape_of(network: Network) -> NetworkShape:
    """The shape that a card says of `network`."""
    config = network.config
    return NetworkShape(classes=config.classes, widths=config.widths, depths=config.depths, size=config.size)


def read_card(path: Path) -> Card:
    """A version's card, checked.

    Raises:
        BadVersion: it is missing, no JSON, of a newer Mien, or lacks what a version needs.
    """
    try:
        card = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise BadVersion(f"{path} is missing or no JSON ({_first_line(error)}).") from error
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
    if not sane or min(*widths, *depths, shape.size, shape.classes) < 1:
        raise BadVersion(f"A card describes a network that cannot be built: {shape!r}.")
    return shape


def _write_card(card: Card, path: Path) -> None:
    partial = path.with_suffix(".partial")
    _write(json.dumps(card.as_json(), indent=2, ensure_ascii=False).encode() + b"\n", partial)
    partial.replace(path)


def _write(data: bytes, path: Path) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _first_line(error: BaseException) -> str:
    return next(iter(str(error).strip().splitlines()), type(error).__name__)[:200]


def _first_fault(error: ValidationError) -> str:
    fault = error.errors(include_url=False, include_context=False)[0]
    where = ".".join(map(str, fault["loc"]))
    return f"{where}: {fault['msg']}" if where else fault["msg"]
