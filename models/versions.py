"""Versions of the model on disk: weights as safetensors and a card that says what they are."""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from safetensors.torch import save as to_bytes

from models.network import Network, NetworkConfig

BASE_FOLDER = Path(__file__).parent / "base"
FORMAT = 1
WEIGHTS, CARD = "weights.safetensors", "card.json"
MAX_LABELS = 256


class BadVersion(ValueError):
    """A version that is missing or cannot be used; the message names it and says why."""


@dataclass(frozen=True)
class Version:
    """One version: number (0 is the base model), folder, card."""

    number: int
    path: Path
    card: dict[str, Any]

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(self.card["labels"])

    @property
    def temperature(self) -> float:
        """What logits are divided by before the softmax."""
        return float(self.card["temperature"])

    def network(self) -> Network:
        """The network with this version's weights, folded, in evaluation mode.

        Raises:
            BadVersion: the weights are missing, no safetensors, or of other shapes than the card says.
        """
        network = Network(network_config(self.card))
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

    def write(self, network: Network, card: dict[str, Any], beside: Sequence[Path] = ()) -> Version:
        """Save a folded network under the next number; `card` needs `labels` and `temperature`.

        The files and folders in `beside` are moved into the version's folder.

        Raises:
            OSError: the disk is full or cannot be written; then nothing is left behind.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        partial = Path(tempfile.mkdtemp(prefix=".partial-", dir=self.folder))
        try:
            card = save(network, card, partial)
            for path in beside:
                shutil.move(path, partial / path.name)
            number = self.numbers()[-1] + 1
            partial.rename(self.folder / str(number))
        except BaseException:
            shutil.rmtree(partial, ignore_errors=True)
            raise
        return Version(number, self.folder / str(number), card)

    def update_card(self, number: int, **changes: Any) -> Version:
        """Change entries of a version's card (a name, a note), whole or not at all."""
        version = self.get(number)
        if number == 0:
            raise BadVersion("The base model is read only.")
        card = version.card | changes
        _write_card(card, version.path / CARD)
        return Version(number, version.path, card)

    def delete(self, number: int) -> None:
        """Remove a version, readable or not.

        Raises:
            BadVersion: there is no such version, or it is the base model.
        """
        if number == 0:
            raise BadVersion("The base model cannot be deleted.")
        if number not in self.numbers():
            raise BadVersion(f"There is no version {number}.")
        leaving = self.folder / f".deleted-{number}"
        (self.folder / str(number)).rename(leaving)
        shutil.rmtree(leaving)

    def sweep(self) -> None:
        """Remove what a write or a delete that was cut off left behind. Only while nothing is being written."""
        if self.folder.is_dir():
            for path in [*self.folder.glob(".partial-*"), *self.folder.glob(".deleted-*")]:
                shutil.rmtree(path, ignore_errors=True)


def save(network: Network, card: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Write weights (half precision) and card into `folder`; the card as written."""
    card = {"format": FORMAT, "network": asdict(network.config)} | card
    weights = {name: tensor.detach().to(torch.float16).contiguous() for name, tensor in network.state_dict().items()}
    # safetensors' own writer hides what the system said, such as that the disk is full.
    _write(to_bytes(weights), folder / WEIGHTS)
    _write_card(card, folder / CARD)
    return card


def read_card(path: Path) -> dict[str, Any]:
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
    if network_config(card).classes != len(labels) or len(labels) > MAX_LABELS:
        raise BadVersion(f"{path} has {len(labels)} labels for {network_config(card).classes} outputs.")
    return card


def network_config(card: dict[str, Any]) -> NetworkConfig:
    """The shape of the network that a card describes.

    Raises:
        BadVersion: the card does not describe one.
    """
    try:
        shape = card["network"]
        widths, depths = tuple(map(int, shape["widths"])), tuple(map(int, shape["depths"]))
        config = NetworkConfig(int(shape["classes"]), widths, depths, int(shape["size"]))
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise BadVersion(f"A card does not describe its network ({_first_line(error)}).") from error
    sane = 1 <= len(widths) == len(depths) <= 8 and max(widths) <= 2048 and max(depths) <= 64 and config.size <= 512
    if not sane or min(*widths, *depths, config.size, config.classes) < 1:
        raise BadVersion(f"A card describes a network that cannot be built: {config}.")
    return config


def _write_card(card: dict[str, Any], path: Path) -> None:
    partial = path.with_suffix(".partial")
    _write(json.dumps(card, indent=2, ensure_ascii=False).encode() + b"\n", partial)
    partial.replace(path)


def _write(data: bytes, path: Path) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _first_line(error: BaseException) -> str:
    return next(iter(str(error).strip().splitlines()), type(error).__name__)[:200]
