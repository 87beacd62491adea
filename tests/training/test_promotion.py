from __future__ import annotations

import pytest

from models.card import Metrics, Verdict
from training.promotion import verdict


def metrics(accuracy: float) -> Metrics:
    return Metrics(
        faces=20,
        accuracy=accuracy,
        mean_recall=accuracy,
        recall={"wink": accuracy},
        calibration_error=0.1,
        confusion=[[20]],
    )


def test_better_and_nothing_forgotten_becomes_active() -> None:
    assert verdict(metrics(0.5), metrics(0.6), metrics(0.85), metrics(0.83)) == Verdict(activate=True, reason="")


@pytest.mark.parametrize(
    ("before", "after", "base_after", "reason"),
    [
        (None, None, 0.85, "There is nothing to measure it on"),
        (0.6, 0.6, 0.85, "It is no better on the held-out faces: 60% right, and 60% with the version in use"),
        (0.6, 0.5, 0.85, "It is no better"),
        (0.5, 0.9, 0.81, "It forgot too much: 81% right on the base check, 4.0 points less"),
    ],
)
def test_otherwise_it_waits_and_says_why(
    before: float | None, after: float | None, base_after: float, reason: str
) -> None:
    measured = [None if accuracy is None else metrics(accuracy) for accuracy in (before, after)]
    said = verdict(*measured, metrics(0.85), metrics(base_after))
    assert not said.activate and reason in said.reason
