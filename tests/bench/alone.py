"""Measuring in a process of its own, so that neither threads nor memory of the benchmark's get into the figures."""

from __future__ import annotations

import json
import os
import subprocess
import sys

ONE_THREAD = {"OMP_NUM_THREADS": "1"}
"""As in the server: a frame is too small to share among cores."""


def measured_alone(module: str, *arguments: object) -> dict[str, float]:
    """What `python -m tests.bench.MODULE ARGUMENTS` prints: figures as JSON."""
    command = [sys.executable, "-m", f"tests.bench.{module}", *map(str, arguments)]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, env={**os.environ, **ONE_THREAD})
    return dict(json.loads(done.stdout))
