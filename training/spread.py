"""Which of many rows to look at, where a few will do."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def spread(length: int, count: int) -> NDArray[np.int64]:
    """`count` of the numbers below `length`, spread evenly; all of them where there are no more."""
    rows: NDArray[np.int64] = np.linspace(0, length - 1, min(length, count)).round().astype(np.int64)
    return rows
