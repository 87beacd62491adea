from __future__ import annotations

import pytest

from models.card import Metrics, Verdict
from training.promotion import verdict

USED = Verdict(activate=True, reason="")


def metrics(right: int, of: int = 20, other: int = 0, other_of: int = 0) -> Metrics:
    """`right` of so many faces of class 0, and `other` of class 1."""
    faces = max(1, of + other_of)
    return Metrics(
        faces=of + other_of,
        accuracy=(right + other) / faces,
        mean_recall=0.5,
        recall={},
        calibration_error=0.1,
        confusion=[[right, of - right], [other_of - other, other]],
    )


BASE = metrics(850, 1000)


@pytest.mark.parametrize("right", [12, 13, 20])
def test_better_or_equal_and_nothing_forgotten_becomes_active(right: int) -> None:
    assert verdict(metrics(12), metrics(right), BASE, metrics(830, 1000)) == USED


def test_worse_waits_and_says_why() -> None:
    said = verdict(metrics(12), metrics(11), BASE, BASE)
    assert said.reason == "It is worse on the held-out faces: 55.0% right, and 60.0% with the version in use."
    assert not said.activate


@pytest.mark.parametrize("measured", [None, metrics(20)])
def test_what_forgot_too_much_waits_whatever_else_it_can(measured: Metrics | None) -> None:
    said = verdict(measured, measured, BASE, metrics(810, 1000))
    assert not said.activate
    assert said.reason.startswith("It forgot too much of the built-in expressions: 81% right, 4.0 points less")


def test_without_anything_to_measure_on_it_is_used() -> None:
    assert verdict(None, None, BASE, BASE) == USED


def test_faces_of_the_same_take_do_not_count() -> None:
    assert verdict(metrics(20), metrics(1), BASE, BASE, same_take=[0]) == USED
    was, now = metrics(10, other=8, other_of=10), metrics(20, other=7, other_of=10)
    assert now.accuracy > was.accuracy
    said = verdict(was, now, BASE, BASE, same_take=[0])
    assert "worse on the held-out faces of other takes: 70.0% right, and 80.0%" in said.reason
    assert verdict(now, was, BASE, BASE, same_take=[0]) == USED
