"""Why a face is taken for what it is taken for: what each cell of the last feature map speaks for.

Behind the last map there is nothing but a weighted sum over its cells, `pool`, and the linear `head`. So a logit is its
bias plus what the cells contribute, exactly, as in class activation maps (Zhou et al., 2016,
https://arxiv.org/abs/1512.04150): no gradient, one multiplication a cell.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open

from models.crop import Square
from models.versions import WEIGHTS, BadVersion, Version, first_line

Floats = NDArray[np.float32]


def contributions(last_map: Floats, pool: Floats, head_rows: Floats) -> Floats:
    """What each cell adds to a logit, (N, h, w); the sum over the cells is the logit without its bias.

    `last_map` is (N, D, h, w), `pool` (D, h, w), `head_rows` (D,), a class's row of the head, or (N, D), one for each.
    """
    weights = np.broadcast_to(head_rows, last_map.shape[:2])
    return np.asarray(np.einsum("ndhw,dhw,nd->nhw", last_map, pool, weights, optimize=True), np.float32)


@dataclass(frozen=True)
class FaceHeat:
    """What spoke for a face's label: `cells` (h, w) of the crop as `HeatMap.of` has them, and where in the picture that
    crop lies, in its pixels.
    """

    cells: Floats
    square: Square


@dataclass(frozen=True)
class HeatMap:
    """The last layers of a version: `pool` (D, h, w), `head` (C, D), and the temperature that logits are divided by."""

    pool: Floats
    head: Floats
    temperature: float

    def of(self, last_map: Floats, probabilities: Floats) -> Floats:
        """What each cell adds to the log odds of each face's likeliest class, (N, h, w); below 0 it speaks against it.

        `last_map` is (N, D, h, w), `probabilities` (N, C).

        The log odds are that class's logit minus those of the others, each weighed by its share of what they have
        together (the derivative of the log odds). Of FER+'s PublicTest, covering the hottest fifth lowers the class's
        probability more so than by the class's logit alone, or by its distance to the mean of the others.
        """
        rows, classes = np.arange(len(probabilities)), probabilities.argmax(1)
        others = probabilities.copy()
        others[rows, classes] = 0
        others /= np.maximum(others.sum(1, keepdims=True), np.finfo(np.float32).tiny)
        return contributions(last_map, self.pool, (self.head[classes] - others @ self.head) / self.temperature)


def read_heat_map(version: Version) -> HeatMap:
    """A version's last layers, from its weights.

    Raises:
        BadVersion: they are missing, no safetensors, not numbers, or of other shapes than the card says.
    """
    path, shape = version.path / WEIGHTS, version.card.network
    try:
        with safe_open(path, "numpy") as weights:
            pool, head = (weights.get_tensor(name).astype(np.float32) for name in ("pool.weight", "head.weight"))
    except (OSError, SafetensorError) as error:
        raise BadVersion(f"{path} is missing or no safetensors file of Mien's ({first_line(error)}).") from error
    channels = shape.widths[-1] * (2 if shape.adapted else 1) + shape.signs
    if head.shape != (shape.classes, channels) or pool.ndim != 4 or pool.shape[:2] != (channels, 1):
        raise BadVersion(f"{path} does not fit its card.")
    if not (np.isfinite(pool).all() and np.isfinite(head).all()):
        raise BadVersion(f"{path} holds weights that are not numbers.")
    return HeatMap(pool[:, 0], head, version.temperature)
