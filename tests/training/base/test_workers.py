"""Training shared out to processes over gloo, started by torchrun as a person starts them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
import torch

from tests.training.base.train_small import ALONE, CHECKPOINT, RECIPE, in_single_precision, small_map
from training.base import base_training
from training.base.base_recipe import BadRecipe
from training.base.base_training import BaseTraining
from training.base.checkpoint import Checkpoint, read_checkpoint, stable_path
from training.base.training_loop import train

ROOT = Path(__file__).parents[3]
STEPS = 3 * 4


def torchrun(workers: int, out: Path, *options: str) -> str:
    """What `torchrun` says of a small training by so many workers."""
    command = [
        *(sys.executable, "-m", "torch.distributed.run", "--standalone", "--max-restarts", "1"),
        *("--monitor-interval", "0.1", "--nproc-per-node", str(workers)),
        *("-m", "tests.training.base.train_small", str(out), *options),
    ]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", "MIEN_DEVICE": "cpu"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stderr
    return done.stderr


def losses(out: Path) -> list[tuple[int, float]]:
    lines = (json.loads(line) for line in (out / "losses.jsonl").read_text().splitlines())
    return [(step, loss) for step, loss, _ in lines]


def same(one: Checkpoint, other: Checkpoint) -> None:
    assert one.step == other.step
    for part in ("network", "average", "momentum"):
        for name, tensor in getattr(one, part).items():
            torch.testing.assert_close(getattr(other, part)[name], tensor, rtol=1e-3, atol=1e-4, msg=f"{part}.{name}")


@dataclass(frozen=True)
class Run:
    losses: list[float]
    last: Checkpoint


@pytest.fixture
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """What one worker learns, in this process."""
    monkeypatch.setattr(base_training, "quick_arithmetic", base_training.quick_arithmetic)  # and back again
    in_single_precision()
    curve: list[float] = []
    run = BaseTraining(RECIPE, small_map(tmp_path / "alone"), ALONE, tmp_path / "alone.safetensors")
    train(run, seen=lambda step, loss: curve.append(loss))
    return Run(curve, read_checkpoint(tmp_path / "alone.safetensors"))


def test_two_workers_one_of_them_killed_learn_what_one_does(tmp_path: Path, alone: Run) -> None:
    said = torchrun(2, tmp_path, "--die-at", "7")
    assert "exitcode: -9" in said
    lives = losses(tmp_path)
    steps = [step for step, _ in lives]
    assert steps == [1, 2, 3, 4, 5, 6, 7, *range(7, STEPS + 1)], "it goes on from the checkpoint after step 6"
    for step, loss in lives:
        assert loss == pytest.approx(alone.losses[step - 1], rel=1e-3), step
    assert alone.losses[-1] < alone.losses[0]
    same(read_checkpoint(tmp_path / CHECKPOINT), alone.last)
    # What two began one finishes.
    stable_path(tmp_path / CHECKPOINT).replace(tmp_path / CHECKPOINT)
    run = BaseTraining(RECIPE, small_map(tmp_path / "faces"), ALONE, tmp_path / CHECKPOINT)
    assert run.step == 8
    train(run)
    same(read_checkpoint(tmp_path / CHECKPOINT), alone.last)


def test_a_batch_that_cannot_be_shared_out() -> None:
    with pytest.raises(BadRecipe, match="parts of 8 cannot be shared out evenly to 3 workers: choose --batch"):
        RECIPE.check(3)
