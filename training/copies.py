"""Copies: pictures that look the same, such as two frames of a still face."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from models.crop import resize

COPY_DIFFERENCE = 1.5
"""Two pictures whose grey values at 16×16 differ by less than this on average (0…255) count as copies."""
GRID = 16
ROWS, OTHERS, PAIRS = 256, 512, 8192
"""How many pictures are compared with how many at once, and of how many pairs all values are held."""

Numbers = NDArray[np.int64]
Sums = NDArray[np.int32]


def copies_of(pictures: NDArray[np.uint8]) -> list[int]:
    """For each grey picture (N, 1, S, S) the number of the first one that looks the same, itself if none does.

    No picture is compared with all: where two differ by little in every part, so do they as a whole, and one that has
    a copy looks for no other.
    """
    fine, pixels = _sums(pictures)
    limit = COPY_DIFFERENCE * GRID**2 * pixels
    coarse = fine.reshape(-1, 4, 4, 4, 4).sum((2, 4), dtype=np.int32).reshape(-1, 16)
    total = coarse.sum(1, dtype=np.int64)
    by_total = total.argsort(kind="stable")
    sorted_totals = total[by_total]
    earliest = np.arange(len(fine))
    for start in range(0, len(fine), ROWS):
        rows = by_total[start : start + ROWS]
        low, high = sorted_totals.searchsorted([total[rows[0]] - limit, total[rows[-1]] + limit])
        window = np.sort(by_total[low:high])
        for first in range(0, len(window), OTHERS):
            rows = rows[earliest[rows] == rows]
            for row, other in _alike(rows, window[first : first + OTHERS], coarse, fine, limit):
                np.minimum.at(earliest, row, other)
    firsts: list[int] = []
    for number, other in enumerate(earliest.tolist()):
        firsts.append(firsts[other] if other < number else number)
    return firsts


def _sums(pictures: NDArray[np.uint8]) -> tuple[Sums, int]:
    """The sums of grey values in the fields of a 16×16 grid, (N, 256), and how many pixels a field has."""
    side = pictures.shape[-1]
    field = -(-side // GRID)
    sums = np.empty((len(pictures), GRID**2), np.int32)
    for number, picture in enumerate(pictures[:, 0]):
        whole = picture if side == GRID * field else resize(picture, GRID * field)
        fields = whole.reshape(GRID, field, GRID, field)
        sums[number] = fields.sum((1, 3), dtype=np.int32).ravel()
    return sums, field**2


def _alike(rows: Numbers, others: Numbers, coarse: Sums, fine: Sums, limit: float) -> Iterator[tuple[Numbers, Numbers]]:
    """Pairs of `rows` and earlier `others` that are copies."""
    distance = np.abs(coarse[rows, None] - coarse[None, others]).sum(2)
    at_row, at_other = np.nonzero((distance < limit) & (others < rows[:, None]))
    for start in range(0, len(at_row), PAIRS):
        row, other = rows[at_row[start : start + PAIRS]], others[at_other[start : start + PAIRS]]
        alike = np.abs(fine[row] - fine[other]).sum(1) < limit
        yield row[alike], other[alike]
