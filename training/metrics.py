"""How good a classifier is: accuracy, recall, calibration, confusion."""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

from models.card import Metrics

CALIBRATION_BINS = 15


@torch.inference_mode()
def predict_logits(network: nn.Module, pixels: Tensor, batch: int = 256) -> Tensor:
    """Logits (N, classes) float32 for pixels (N, 1, H, W) of any number type, 0…255."""
    network.eval()
    parts = torch.split(pixels, batch) if len(pixels) else (torch.zeros(1, *pixels.shape[1:]),)
    logits = torch.cat([network(part.float()).float() for part in parts])
    return logits[: len(pixels)]


def measure(logits: Tensor, classes: Tensor, labels: tuple[str, ...], temperature: float = 1.0) -> Metrics:
    """Metrics of logits (N, C) against true classes (N,). A label that no face has gets the recall None."""
    return measure_answers(F.softmax(logits / temperature, 1).numpy(), classes.numpy(), labels)


def measure_answers(probabilities: NDArray[np.float32], true: NDArray[np.int64], labels: tuple[str, ...]) -> Metrics:
    """As `measure`, of probabilities (N, C)."""
    predicted = probabilities.argmax(1)
    confusion = np.zeros((len(labels), len(labels)), dtype=np.int64)
    np.add.at(confusion, (true, predicted), 1)
    totals = confusion.sum(1)
    recalls = [float(confusion[i, i] / totals[i]) if totals[i] else None for i in range(len(labels))]
    known = [recall for recall in recalls if recall is not None]
    return Metrics(
        faces=len(true),
        accuracy=float((true == predicted).mean()) if len(true) else 0.0,
        mean_recall=float(np.mean(known)) if known else 0.0,
        recall=dict(zip(labels, recalls, strict=True)),
        calibration_error=calibration_error(probabilities, true),
        confusion=confusion.tolist(),
    )


def calibration_error(probabilities: NDArray[np.float32], classes: NDArray[np.int64]) -> float:
    """Expected calibration error (Guo et al., 2017): |certainty - accuracy| over equal bins of certainty, weighted."""
    which, gap = calibration_bins(probabilities, classes)
    gaps = [abs(gap[which == each].sum()) for each in range(CALIBRATION_BINS)]
    return float(sum(gaps) / max(1, len(classes)))


def calibration_bins(
    probabilities: NDArray[np.float32], classes: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """For each face (N,) the bin of its certainty, and how far that is above 1 (right) or 0 (wrong)."""
    certainty, right = probabilities.max(1), probabilities.argmax(1) == classes
    which = np.minimum((certainty * CALIBRATION_BINS).astype(np.int64), CALIBRATION_BINS - 1)
    return which, np.asarray(certainty - right, np.float32)


def fit_temperature(logits: Tensor, classes: Tensor, weights: Tensor | None = None) -> float:
    """The temperature that gives the least log loss on held-out faces (Guo et al., 2017), between 0.25 and 4.

    `logits` are (N, C), `classes` (N,), and so are `weights`: how much each face counts, all alike without them. Where
    there are no faces it is 1.
    """
    if not len(classes):
        return 1.0
    counts = torch.ones(len(classes)) if weights is None else weights
    candidates = torch.logspace(-2, 2, 401, base=2)
    losses = [F.cross_entropy(logits / temperature, classes, reduction="none") @ counts for temperature in candidates]
    return float(candidates[torch.stack(losses).argmin()])
