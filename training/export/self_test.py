"""The self-test that goes home with a model: pictures made here, no photograph, and what PyTorch says of them."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from models.card import CORE_ML, MAX_DIFFERENCE
from models.crop import face_crop
from models.network import Network
from training.export.classifier import Classifier
from training.export.drawn_face import LOOKS, POINTS, drawn_face

FINE = 5
"""Faces are drawn on so many pixels for each of the crop's, across and down."""


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
    for name, look in LOOKS.items():
        drawn = drawn_face(side * FINE, look)
        yield f"drawn face, {name}", face_crop(drawn, POINTS * len(drawn), side)
