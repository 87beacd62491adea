"""Teachers of a base model (distillation, Hinton et al., 2015): versions whose answers become part of its targets."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from pydantic import JsonValue
from torch import Tensor
from tqdm import tqdm

from models.network import Network
from models.versions import CARD, WEIGHTS, Version, read_card
from models.weights import load_network
from training.arithmetic import quick_arithmetic
from training.augment import GENTLE
from training.base.face_map import BadFaces

VIEWS = 8
"""Of each face: as it is, mirrored, and moved and lit a little otherwise."""


@dataclass(frozen=True)
class Teacher:
    """A trained version in a folder with `card.json` and `weights.safetensors`."""

    version: Version
    network: Network
    digest: str

    def as_json(self) -> dict[str, JsonValue]:
        """What a card says of it."""
        card = self.version.card
        return {
            "name": card.name,
            "created": card.created.isoformat() if card.created else None,
            "network": card.network.as_json(),
            "weights_sha256": self.digest,
            "views": VIEWS,
        }


def read_teacher(folder: Path, labels: Sequence[str], size: int) -> Teacher:
    """Raises BadVersion: it cannot be read; BadFaces: it names other labels, or takes other crops."""
    version = Version(0, folder, read_card(folder / CARD))
    network = load_network(version)
    if set(version.labels) != set(labels):
        raise BadFaces(f"The teacher in {folder} names {', '.join(version.labels)}; the faces {', '.join(labels)}.")
    if network.config.size != size:
        raise BadFaces(f"The teacher in {folder} takes faces of {network.config.size} pixels; these have {size}.")
    return Teacher(version, network, hashlib.sha256((folder / WEIGHTS).read_bytes()).hexdigest())


class Teachers:
    """Teachers that answer together, on one device, in the order of `labels`."""

    def __init__(self, teachers: Sequence[Teacher], labels: Sequence[str], device: torch.device) -> None:
        self._networks = [teacher.network.to(device).to(memory_format=torch.channels_last) for teacher in teachers]
        self._temperatures = [teacher.version.temperature for teacher in teachers]
        self._columns = [[teacher.version.labels.index(label) for label in labels] for teacher in teachers]

    @torch.no_grad()
    def answer(self, pixels: Tensor) -> Tensor:
        """Their mean probabilities (N, C) of faces (N, 1, S, S), 0…255."""
        shown = pixels.to(memory_format=torch.channels_last)
        total = torch.zeros((), device=pixels.device)
        for network, temperature, columns in zip(self._networks, self._temperatures, self._columns, strict=True):
            with quick_arithmetic(pixels.device):
                logits = network(shown)
            total = total + torch.softmax(logits.float() / temperature, 1)[:, columns]
        return total / len(self._networks)


def taught(
    teachers: Sequence[Teacher], labels: Sequence[str], crops: NDArray[np.uint8], device: torch.device, batch: int = 256
) -> NDArray[np.float32]:
    """The teachers' mean probabilities (N, C) of grey crops (N, S, S) in the order of `labels`."""
    together = Teachers(teachers, labels, device)
    generator = torch.Generator().manual_seed(0)
    answers = np.empty((len(crops), len(labels)), np.float32)
    for start in tqdm(range(0, len(crops), batch), desc="teachers", unit="batch", disable=None):
        pixels = torch.tensor(crops[start : start + batch], device=device)[:, None].float()
        said = torch.stack([together.answer(shown) for shown in _views(pixels, generator)]).mean(0)
        answers[start : start + batch] = said.cpu().numpy()
    return answers


def _views(pixels: Tensor, generator: torch.Generator) -> list[Tensor]:
    return [pixels, pixels.flip(3), *(GENTLE(pixels, generator) for _ in range(VIEWS - 2))]
