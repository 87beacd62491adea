"""The proof that an exported model, read back from disk, answers as PyTorch does."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from models.card import MAX_DIFFERENCE, MIN_EQUAL_LABELS, Proof
from models.errors import MienError
from models.network import Network
from training.export.classifier import Classifier
from training.spread import spread

PROOF_FACES = 200
BATCH = 32


class ProofFailed(MienError):
    """The exported model does not answer as PyTorch does; the message says by how much."""


@dataclass(frozen=True)
class Reference:
    """What an exported model is held against: `probabilities` (N, C) that PyTorch gives for `pictures`, uint8
    (N, 1, side, side).

    Worked out once, it serves for every form of the same network.
    """

    pictures: Tensor
    probabilities: NDArray[np.float32]

    def some(self, count: int) -> Reference:
        """`count` of its pictures, spread evenly."""
        rows = spread(len(self.pictures), count)
        return Reference(self.pictures[torch.from_numpy(rows)], self.probabilities[rows])


def reference(network: Network, temperature: float, faces: Tensor, count: int = PROOF_FACES) -> Reference:
    """The folded `network`'s answers on `proof_pictures` of `faces`, grey pixels (N, 1, side, side), 0…255."""
    pictures = proof_pictures(faces, network.config.size, count)
    with torch.inference_mode():
        parts = [Classifier(network.cpu(), temperature)(part.float()) for part in torch.split(pictures, BATCH)]
    return Reference(pictures, torch.cat(parts).numpy())


def proof_pictures(faces: Tensor, side: int, count: int) -> Tensor:
    """`count` grey pictures (count, 1, side, side) uint8 from `faces`, and edge cases after them.

    Faces are taken spread evenly; when there are too few, they come again mirrored and dimmed, and where there is none,
    soft random blotches stand in. The edge cases are black, white, grey, a ramp, and two kinds of noise.
    """
    generator = torch.Generator().manual_seed(0)
    flat = torch.stack([torch.full((1, side, side), value, dtype=torch.uint8) for value in (0, 255, 128)])
    ramp = torch.linspace(0, 255, side).round().to(torch.uint8).expand(1, 1, side, side)
    noise = torch.randint(0, 256, (2, 1, side, side), generator=generator, dtype=torch.uint8)
    speckle = 255 * torch.randint(0, 2, (2, 1, side, side), generator=generator, dtype=torch.uint8)
    edge_cases = torch.cat([flat, ramp, noise, speckle])
    if len(faces) == 0:
        faces = torch.cat([_blotches(count // 4, grid, side, generator) for grid in (4, 6, 9, 14)])
    faces = faces[spread(len(faces), count)]
    rounds = -(-count // len(faces))
    varied = [(faces.flip(3) if turn % 2 else faces).float() * 0.85**turn for turn in range(rounds)]
    pool = torch.cat(varied).round().clamp(0, 255).to(torch.uint8)
    return torch.cat([pool[:count], edge_cases])


def _blotches(count: int, grid: int, side: int, generator: torch.Generator) -> Tensor:
    """Random light and shade, as coarse as `grid` points a side: (count, 1, side, side) uint8."""
    points = 255 * torch.rand(count, 1, grid, grid, generator=generator)
    return F.interpolate(points, size=(side, side), mode="bicubic").round().clamp(0, 255).to(torch.uint8)


def compare(
    form: str,
    runner: str,
    answers: NDArray[np.float32],
    expected: Reference,
    size: int,
) -> Proof:
    """The proof for `answers` (N, C) that an exported model gave for the pictures of `expected`.

    Raises:
        ProofFailed: a probability differs by more than `MAX_DIFFERENCE` of that form, fewer labels agree than
            `MIN_EQUAL_LABELS`, or the answers are no probabilities.
    """
    right = expected.probabilities
    if answers.shape != right.shape or not np.isfinite(answers).all():
        raise ProofFailed(f"The {form} model does not give {right.shape[1]} finite probabilities for each face.")
    equal = answers.argmax(1) == right.argmax(1)
    proof = Proof(
        format=form,
        runner=runner,
        faces=len(answers),
        max_difference=float(np.abs(answers - right).max()),
        equal_labels=float(equal.mean()),
        bytes=size,
    )
    if not proof.holds:
        raise ProofFailed(
            f"The exported model was refused, since it does not answer as the trained one does. {proof}; "
            f"allowed: {MAX_DIFFERENCE[form]} and {100 * MIN_EQUAL_LABELS[form]:.0f} %."
        )
    return proof


def size_of(path: Path) -> int:
    """Bytes of a file, or of all files in a folder."""
    return sum(each.stat().st_size for each in [path, *path.rglob("*")] if each.is_file())
