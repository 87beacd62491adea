"""How far a figure could be off by the luck of which faces were drawn: the bootstrap (Efron, 1979)."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import NDArray

from models.card import Estimate
from training.metrics import CALIBRATION_BINS, calibration_bins

Weights = NDArray[np.float32]
"""How often each of N faces was drawn, (R, N): a row a draw."""
Statistic = Callable[[Weights], NDArray[np.float64]]
"""A figure of each draw, (R,)."""

DRAWS, SURE = 1000, 95


class Bootstrap:
    """Draws of as many faces as there are, with replacement; the same for the same number of faces."""

    def __init__(self, faces: int, draws: int = DRAWS) -> None:
        self._faces = faces
        random = np.random.default_rng(0)
        self._drawn = random.multinomial(faces, np.full(faces, 1 / faces), draws).astype(np.float32)

    def estimate(self, statistic: Statistic) -> Estimate:
        """The figure of the faces as they are, and between which values it lies in 95 % of the draws."""
        value = statistic(np.ones((1, self._faces), np.float32))[0]
        low, high = np.percentile(statistic(self._drawn), [(100 - SURE) / 2, (100 + SURE) / 2])
        return Estimate(value=float(value), low=float(low), high=float(high))


def share(hits: NDArray[np.bool_], among: NDArray[np.bool_] | None = None) -> Statistic:
    """The share of `hits` (N,) among all faces, or among those of `among` (N,)."""
    counted = np.ones(len(hits), bool) if among is None else among
    return lambda drawn: _sums(drawn, hits & counted) / np.maximum(_sums(drawn, counted), 1)


def mean_recall(right: NDArray[np.bool_], classes: NDArray[np.int64], chosen: Iterable[int] | None = None) -> Statistic:
    """The mean over the classes `chosen`, or all there are, of the share of faces (N,) of a class that are right."""
    averaged = np.unique(classes) if chosen is None else chosen
    recalls = [share(right, classes == each) for each in averaged]
    return lambda drawn: np.asarray(np.mean([recall(drawn) for recall in recalls], axis=0))


def calibration(probabilities: NDArray[np.float32], classes: NDArray[np.int64]) -> Statistic:
    """The expected calibration error, as `training.metrics.calibration_error`, of probabilities (N, C).

    That is a sum of absolute values, which chance makes larger and never smaller: its draws lie higher than it does.
    """
    which, gap = calibration_bins(probabilities, classes)

    def error(drawn: Weights) -> NDArray[np.float64]:
        gaps = [np.abs(_sums(drawn[:, which == each], gap[which == each])) for each in range(CALIBRATION_BINS)]
        return np.asarray(np.sum(gaps, axis=0) / drawn.sum(1))

    return error


def _sums(drawn: Weights, values: NDArray[np.bool_] | NDArray[np.float32]) -> NDArray[np.float64]:
    return (drawn @ values.astype(np.float32)).astype(np.float64)
