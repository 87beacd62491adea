"""One worker of `tests.bench.bench_workers`: `workers_alone FOLDER STEPS` under `torchrun`; the first prints JSON."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch

from training.base.base_recipe import BaseRecipe
from training.base.base_training import BaseTraining
from training.base.face_map import NO_SQUARE, SourceFace, open_map, write_map
from training.base.ferplus import EXPRESSIONS
from training.base.workers import joined


def faces(count: int = 2000) -> Iterator[SourceFace]:
    random = np.random.default_rng(0)
    for row in range(count):
        pixels = random.integers(0, 256, (48, 48), np.uint8)
        yield SourceFace(pixels, np.eye(8, dtype=np.float32)[row % 8], False, NO_SQUARE)


def main() -> None:
    folder, steps = Path(sys.argv[1]), int(sys.argv[2])
    torch.set_num_threads(1)
    with joined() as workers:
        if workers.first:
            write_map(folder / "faces", "random", EXPRESSIONS, 48, faces(), [])
        workers.wait()
        random = open_map(folder / "faces", "random")
        assert random is not None
        run = BaseTraining(BaseRecipe(), random, workers, folder / "checkpoint.safetensors")
        run.train_step()
        workers.wait()
        began, busy = time.monotonic(), time.process_time()
        for _ in range(steps):
            run.train_step()
        faces_seen = steps * run.recipe.batch
        if workers.first:
            figures = {
                "faces_a_second": faces_seen / (time.monotonic() - began),
                "faces_a_core_second": faces_seen / workers.count / (time.process_time() - busy),
            }
            print(json.dumps(figures))


if __name__ == "__main__":
    main()
