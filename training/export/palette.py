"""Palettised weights: 256 values that stand for all of them, so that each is stored in a byte."""

from __future__ import annotations

import heapq
from typing import Any

import numpy as np
from numpy.typing import NDArray


def eight_bit_palette(weights: NDArray[Any], rounds: int = 30) -> tuple[NDArray[Any], NDArray[np.uint8]]:
    """The 256 values that stand for `weights` with the least square error (1-D k-means), and each weight's position.

    coremltools' own k-means needs scikit-learn and takes ten times as long.
    """
    flat = weights.flatten().astype(np.float64)
    ordered = np.sort(flat)
    sums, squares = (np.concatenate([[0.0], np.cumsum(ordered**power)]) for power in (1, 2))

    def part(start: int, end: int) -> tuple[float, float, int, int]:
        total = sums[end] - sums[start]
        error = squares[end] - squares[start] - total**2 / (end - start)
        return -error, total / (end - start), start, end

    parts = [part(0, len(ordered))]
    while len(parts) < 256 and parts[0][0] < -1e-12:  # split the part with the greatest error at its mean
        _, mean, start, end = heapq.heappop(parts)
        middle = min(max(int(np.searchsorted(ordered, mean, "right")), start + 1), end - 1)
        heapq.heappush(parts, part(start, middle))
        heapq.heappush(parts, part(middle, end))
    palette = np.sort([mean for _, mean, _, _ in parts] + [ordered[-1]] * (256 - len(parts)))
    for _ in range(rounds):
        edges = np.searchsorted(ordered, (palette[1:] + palette[:-1]) / 2)
        bounds = np.concatenate([[0], edges, [len(ordered)]])
        counts = np.diff(bounds)
        palette = np.where(counts, np.diff(sums[bounds]) / np.maximum(counts, 1), palette)
    indices = np.searchsorted((palette[1:] + palette[:-1]) / 2, flat).astype(np.uint8)
    return palette.astype(weights.dtype), indices
