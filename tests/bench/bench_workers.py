"""How many faces a second the base model's training learns from, by one worker and by two.

    python -m tests.bench workers

Each is a process of its own with one thread, started by `torchrun`, with the shipped recipe: 128 faces a step in parts
of 64, random pixels instead of faces, since it is their number that takes time. On a machine with two cores two workers
have one each. Where something else runs beside them, faces a second of a core's own time are what compares.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.bench.targets import machine

ROOT = Path(__file__).parents[2]


def measure(arguments: list[str]) -> dict[str, Any]:
    parser = argparse.ArgumentParser(prog="python -m tests.bench workers")
    parser.add_argument("--steps", type=int, default=6, help="that are timed (%(default)s)")
    chosen = parser.parse_args(arguments)
    before = machine()
    figures = {}
    for count in (1, 2):
        with tempfile.TemporaryDirectory(prefix="mien-bench-") as name:
            measured = at_work(Path(name), count, chosen.steps)
        figures |= {f"{key}_{count}_workers": value for key, value in measured.items()}
    return {"machine": before, "figures": {key: round(value, 1) for key, value in figures.items()}}


def at_work(folder: Path, workers: int, steps: int) -> dict[str, float]:
    """Faces a second of all workers, and a second of a core's time of the first, once they are at work."""
    command = [
        *(sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", str(workers)),
        *("-m", "tests.bench.workers_alone", str(folder), str(steps)),
    ]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, check=True)
    return dict(json.loads(done.stdout))
