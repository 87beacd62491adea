import numpy as np
import pytest
import torch

from training.metrics import calibration_error, fit_temperature, measure

LOGITS = torch.tensor([[3.0, 0.0, 0.0], [0.0, 3.0, 0.0], [3.0, 0.0, 0.0], [0.0, 3.0, 0.0]])
CLASSES = torch.tensor([0, 1, 1, 1])


def test_figures_by_hand() -> None:
    figures = measure(LOGITS, CLASSES, ("a", "b", "c"))
    assert figures.accuracy == 0.75
    assert figures.recall == {"a": 1.0, "b": pytest.approx(2 / 3), "c": None}
    assert figures.mean_recall == pytest.approx(5 / 6)
    assert figures.confusion == [[1, 0, 0], [1, 2, 0], [0, 0, 0]]


def test_nothing_to_measure() -> None:
    figures = measure(LOGITS[:0], CLASSES[:0], ("a", "b", "c"))
    assert figures.faces == 0 and figures.accuracy == 0.0 and figures.recall["a"] is None


def test_calibration_error_of_a_liar_and_an_honest_one() -> None:
    sure = np.tile(np.array([[1.0, 0.0]], np.float32), (10, 1))
    assert calibration_error(sure, np.array([0] * 5 + [1] * 5)) == pytest.approx(0.5)
    fair = np.tile(np.array([[0.7, 0.3]], np.float32), (10, 1))
    assert calibration_error(fair, np.array([0] * 7 + [1] * 3)) == pytest.approx(0, abs=1e-6)


def test_temperature_cools_overconfidence() -> None:
    torch.manual_seed(0)
    true = torch.randn(4000, 4)
    classes = torch.distributions.Categorical(logits=true).sample()
    assert fit_temperature(true * 2.5, classes) == pytest.approx(2.5, rel=0.15)


def test_a_face_of_twice_the_weight_counts_as_two() -> None:
    torch.manual_seed(0)
    classes = torch.arange(60) % 4
    logits = 2 * torch.randn(60, 4) + 3 * torch.nn.functional.one_hot(classes)
    twice = fit_temperature(torch.cat([logits, logits[:20]]), torch.cat([classes, classes[:20]]))
    weights = torch.cat([torch.full((20,), 2.0), torch.ones(40)])
    assert fit_temperature(logits, classes, weights) == twice != fit_temperature(logits, classes)
    assert fit_temperature(logits[:0], classes[:0]) == 1
