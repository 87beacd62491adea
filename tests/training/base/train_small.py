"""A small base training for tests, by itself or under `torchrun`: `train_small.py OUT [--epochs N] [--die-at STEP]`.

Writes each step's loss to OUT/losses.jsonl, one line a step, and leaves checkpoints in OUT.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import numpy as np
import torch

from training.base import base_training
from training.base.base_recipe import BaseRecipe
from training.base.base_training import BaseTraining
from training.base.face_map import NO_SQUARE, FaceMap, SourceFace, open_map, write_map
from training.base.training_loop import train
from training.base.workers import Workers, joined

LABELS = ("dark", "middle", "bright")
RECIPE = BaseRecipe(
    widths=(6, 8), depths=(1, 1), epochs=3, cool_down=1, warm_up=1, batch=32, part=8, learning_rate=0.05
)
ALONE = Workers(0, 1, torch.device("cpu"))
CHECKPOINT = "c.safetensors"


def in_single_precision() -> None:
    """From now on: products in bfloat16 would round what differs in a float's last places to something to be seen."""
    base_training.quick_arithmetic = lambda device: nullcontext()  # type: ignore[assignment,misc]


def small_faces() -> Iterator[SourceFace]:
    """Grey squares whose brightness is the label, 140 to learn from and 20 held out; some have a square inside."""
    random = np.random.default_rng(0)
    for row in range(160):
        label = row % 3
        crop = (60 + 60 * label + random.integers(0, 40, (24, 24))).astype(np.uint8)
        square = np.array([12, 12, 18, 0.2], np.float32) if row % 2 else NO_SQUARE
        yield SourceFace(crop, np.eye(3, dtype=np.float32)[label], row >= 140, square)


def small_map(folder: Path) -> FaceMap:
    return open_map(folder, "small") or write_map(folder, "small", LABELS, 24, small_faces(), [])


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("out", type=Path)
    parser.add_argument("--epochs", type=int, default=RECIPE.epochs)
    parser.add_argument("--die-at", type=int)
    chosen = parser.parse_args()
    torch.set_num_threads(1)
    in_single_precision()
    with joined() as workers:
        if workers.first:
            small_map(chosen.out / "faces")
        workers.wait()
        recipe = BaseRecipe(**{**vars(RECIPE), "epochs": chosen.epochs})
        run = BaseTraining(recipe, small_map(chosen.out / "faces"), workers, chosen.out / CHECKPOINT)

        def seen(step: int, loss: float) -> None:
            if workers.first:
                with (chosen.out / "losses.jsonl").open("a") as file:
                    file.write(json.dumps([step, loss, workers.count]) + "\n")
            first_life = os.environ.get("TORCHELASTIC_RESTART_COUNT", "0") == "0"
            if step == chosen.die_at and workers.rank == workers.count - 1 and first_life:
                os.kill(os.getpid(), signal.SIGKILL)

        train(run, saved_every=3, seen=seen)


if __name__ == "__main__":
    main()
