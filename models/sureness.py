"""When an answer is not sure enough to be given, and why, in words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from models.card import Sureness
from models.quality import Fault, Quality

REASONS: dict[Fault, str] = {
    "small": "too small",
    "blurred": "blurred",
    "dark": "too dark",
    "noisy": "too noisy",
    "turned away": "turned away",
    "covered": "partly covered",
    "cut off": "cut off",
}


def doubt(
    probabilities: NDArray[np.float32], quality: Quality, sureness: Sureness | None, labels: Sequence[str]
) -> str:
    """Why an answer is not sure: "too dark", "fear or surprise"; "" where it is, or where no limits are known.

    `probabilities` (C,) are those of `labels`.
    """
    if sureness is None:
        return ""
    if quality.score < sureness.quality and quality.faults:
        return REASONS[quality.faults[0]]
    if len(labels) < 2:
        return ""
    second, first = np.argsort(probabilities, kind="stable")[-2:]
    sure = float(probabilities[first] - probabilities[second]) >= sureness.margin
    return "" if sure else f"{labels[first]} or {labels[second]}"
