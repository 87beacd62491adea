"""What every benchmark says beside its figures: the machine, and whether a figure is as wanted."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

Targets = Mapping[str, tuple[str, float]]
"""By a figure's name: "at least" or "at most", and the limit."""


def machine() -> dict[str, Any]:
    load = os.getloadavg()[0]
    return {
        "cores": os.cpu_count(),
        "processor": platform.processor() or platform.machine(),
        "load_before": round(load, 2),
    }


def verdict(name: str, figures: Mapping[str, float], targets: Targets) -> dict[str, Any]:
    kind, limit = targets[name]
    met = figures[name] >= limit if kind == "at least" else figures[name] <= limit
    return {kind: limit, "measured": round(figures[name], 2), "met": bool(met)}


def percentile(values: Sequence[float], share: float) -> float:
    return float(np.percentile(values, share)) if values else float("nan")
