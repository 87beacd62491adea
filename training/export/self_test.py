"""The self-test that goes home with a model: pictures made here, no photograph, and what PyTorch says of them."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from models.card import CORE_ML, MAX_DIFFERENCE
from models.network import Network
from training.export.classifier import Classifier

FINE = 4
"""Drawn faces are the mean of so many samples a pixel, across and down."""


def self_test(network: Network, labels: Sequence[str], temperature: float, side: int) -> str:
    """`SelfTest.json`: pictures of `side` × `side` grey pixels, and the probability of each label that the network
    gives, in PyTorch.
    """
    pictures = dict(made_pictures(side))
    pixels = torch.from_numpy(np.stack(list(pictures.values()))[:, None].astype(np.float32))
    with torch.inference_mode():
        answers = Classifier(network.cpu(), temperature)(pixels).double().numpy()
    content = {
        "side": side,
        "allowed": MAX_DIFFERENCE[CORE_ML],
        "labels": list(labels),
        "pictures": [
            {"name": name, "grey": base64.b64encode(grey.tobytes()).decode(), "probabilities": answer.tolist()}
            for (name, grey), answer in zip(pictures.items(), answers, strict=True)
        ],
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def made_pictures(side: int) -> Iterator[tuple[str, NDArray[np.uint8]]]:
    """Noise, gradients and drawn faces by name, each (side, side) grey, the same every time."""
    random = np.random.default_rng(0)
    yield "noise", random.integers(0, 256, (side, side), dtype=np.uint8)
    yield "black and white noise", 255 * random.integers(0, 2, (side, side), dtype=np.uint8)
    yield "dim noise", random.integers(0, 40, (side, side), dtype=np.uint8)
    ramp = np.linspace(0, 255, side).round().astype(np.uint8)
    yield "gradient across", np.tile(ramp, (side, 1))
    yield "gradient down", np.tile(ramp[:, None], (1, side))
    yield "gradient aslant", ((ramp[:, None].astype(int) + ramp) // 2).astype(np.uint8)
    for name, (smile, mouth, eyes, brows) in _FACES.items():
        yield f"drawn face, {name}", _face(side, smile, mouth, eyes, brows)


_FACES = {
    "calm": (0.0, 0.012, 0.035, 0.0),
    "smiling": (0.07, 0.02, 0.03, 0.0),
    "laughing": (0.07, 0.06, 0.02, -0.02),
    "sad": (-0.06, 0.012, 0.03, -0.03),
    "angry": (-0.03, 0.012, 0.025, 0.05),
    "astonished": (0.0, 0.08, 0.055, -0.05),
}
"""How far the mouth's corners lie above its middle, half of its height, half of the eyes', and how far the brows' inner
ends lie below the outer ones, in sides of the picture."""


def _face(side: int, smile: float, mouth: float, eyes: float, brows: float) -> NDArray[np.uint8]:
    down, across = (np.mgrid[0 : side * FINE, 0 : side * FINE] + 0.5) / (side * FINE)
    grey = np.full(across.shape, 70.0)
    inside = ((across - 0.5) / 0.44) ** 2 + ((down - 0.52) / 0.56) ** 2 < 1
    grey[inside] = (205 - 60 * abs(across - 0.42) - 30 * down)[inside]
    for middle in (0.3, 0.7):
        way = abs(across - middle)
        grey[(way / 0.085) ** 2 + ((down - 0.38) / eyes) ** 2 < 1] = 240
        grey[(way / 0.03) ** 2 + ((down - 0.38) / min(0.03, eyes)) ** 2 < 1] = 25
        inward = (across - middle) * (1 if middle < 0.5 else -1)
        grey[(way < 0.11) & (abs(down - 0.27 - brows * inward / 0.11) < 0.018)] = 60
    grey[(abs(across - 0.5) < 0.05) & (abs(down - 0.58) < 0.012)] = 120
    curve = 0.76 + smile - smile * ((across - 0.5) / 0.17) ** 2
    grey[(abs(across - 0.5) < 0.17) & (abs(down - curve) < mouth)] = 55
    pixels: NDArray[np.uint8] = grey.reshape(side, FINE, side, FINE).mean((1, 3)).round().astype(np.uint8)
    return pixels
