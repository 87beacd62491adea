"""How much of the machine training takes, so that the live view stays lively beside it."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path

from models.home import Home

LIVE_LASTS = 3.0
"""Seconds after its last frame for which the live view counts as in use."""
NICE = 1


def threads(home: Home) -> int:
    """How many threads a run should train with now: half the processors while someone looks at the live view."""
    processors = min(8, os.cpu_count() or 1)
    try:
        live = time.time() - home.live.stat().st_mtime < LIVE_LASTS
    except OSError:
        live = False
    return max(1, processors // 2) if live else processors


def give_way() -> None:
    """Lets other processes go first, from now on.

    Linux weighs sessions first and processes within them after, so both are told.
    """
    if hasattr(os, "nice"):
        os.nice(NICE)
    with suppress(OSError):
        Path("/proc/self/autogroup").write_text(str(NICE))
