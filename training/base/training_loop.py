"""A base training step after step, with checkpoints and a line of figures after each epoch."""

from __future__ import annotations

import time
from collections.abc import Callable

import torch

from training.base.base_training import BaseTraining
from training.metrics import measure, predict_logits

SAVED_EVERY = 500
"""Steps after which a checkpoint is written within an epoch."""


def train(
    run: BaseTraining,
    saved_every: int = SAVED_EVERY,
    seen: Callable[[int, float], None] = lambda step, loss: None,
    say: Callable[[str], None] = print,
) -> None:
    """Train `run` to its end. The first worker writes the checkpoints and says how it goes.

    `seen` gets the number of each step that is done, and its loss.
    """
    losses: list[float] = []
    began = time.monotonic()
    while not run.done:
        losses.append(run.train_step())
        at_end = run.step % run.steps == 0
        if run.workers.first and (at_end or run.step % saved_every == 0):
            run.save()
        seen(run.step, losses[-1])
        if at_end:
            if run.workers.first:
                say(f"{_figures(run, losses)}, {time.monotonic() - began:.0f} s")
            losses, began = [], time.monotonic()


def _figures(run: BaseTraining, losses: list[float]) -> str:
    said = f"epoch {round(run.epochs)} of {run.recipe.epochs}: loss {sum(losses) / len(losses):.4f}"
    if not len(run.faces.held_crops):
        return said
    network, device = run.average.fold().to(memory_format=torch.channels_last), run.workers.device
    logits = predict_logits(network, torch.tensor(run.faces.held_crops, device=device)[:, None]).cpu()
    figures = measure(logits, torch.tensor(run.faces.held_classes), run.faces.labels)
    return f"{said}, held out: accuracy {figures.accuracy:.4f}, mean recall {figures.mean_recall:.4f}"
