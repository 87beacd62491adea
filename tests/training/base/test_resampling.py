import numpy as np
import pytest

from training.base.resampling import Bootstrap, calibration, mean_recall, share
from training.metrics import calibration_error

RANDOM = np.random.default_rng(5)
CLASSES = RANDOM.integers(0, 3, 400)
PROBABILITIES = RANDOM.dirichlet((1, 1, 1), 400).astype(np.float32)
RIGHT = PROBABILITIES.argmax(1) == CLASSES


def test_a_share_and_its_interval_are_those_of_the_binomial_distribution() -> None:
    hits = np.arange(2000) < 1600
    found = Bootstrap(2000).estimate(share(hits))
    assert found.value == pytest.approx(0.8)
    error = 1.96 * (0.8 * 0.2 / 2000) ** 0.5
    assert found.low == pytest.approx(0.8 - error, abs=0.002) and found.high == pytest.approx(0.8 + error, abs=0.002)
    assert Bootstrap(2000).estimate(share(hits)) == found, "the same at every call"


def test_a_share_among_some_counts_only_these() -> None:
    among = np.arange(400) < 100
    found = Bootstrap(400).estimate(share(RIGHT, among))
    assert found.value == pytest.approx(RIGHT[:100].mean())
    assert found.low < found.value < found.high


def test_figures_of_the_faces_as_they_are_equal_those_of_the_metrics() -> None:
    bootstrap = Bootstrap(400)
    error = bootstrap.estimate(calibration(PROBABILITIES, CLASSES))
    assert error.value == pytest.approx(calibration_error(PROBABILITIES, CLASSES), abs=1e-6)
    recalls = [RIGHT[each == CLASSES].mean() for each in range(3)]
    assert bootstrap.estimate(mean_recall(RIGHT, CLASSES)).value == pytest.approx(np.mean(recalls), abs=1e-6)
    assert bootstrap.estimate(mean_recall(RIGHT, CLASSES, [2])).value == pytest.approx(recalls[2], abs=1e-6)
