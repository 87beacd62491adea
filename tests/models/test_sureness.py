import numpy as np

from models.card import Sureness
from models.quality import FAULTS, Quality
from models.sureness import REASONS, doubt

LIMITS = Sureness(margin=0.3, quality=0.5, right=0.95, answered=0.8)
LABELS = ("neutral", "fear", "surprise")
CLEAR = Quality(1.0)


def said(*probabilities: float, quality: Quality = CLEAR) -> str:
    return doubt(np.array(probabilities, np.float32), quality, LIMITS, LABELS)


def test_a_clear_answer_is_sure() -> None:
    assert said(0.1, 0.7, 0.2) == ""


def test_two_that_are_close_are_both_named_the_likelier_first() -> None:
    assert said(0.1, 0.5, 0.4) == "fear or surprise"
    assert said(0.1, 0.4, 0.5) == "surprise or fear"


def test_a_low_quality_is_named_by_its_worst_fault() -> None:
    assert said(0.0, 1.0, 0.0, quality=Quality(0.4, ("dark", "noisy"))) == "too dark"
    assert said(0.0, 1.0, 0.0, quality=Quality(0.6, ("dark",))) == ""


def test_every_fault_has_words() -> None:
    assert set(REASONS) == set(FAULTS)


def test_without_limits_every_answer_is_given() -> None:
    assert doubt(np.array([0.5, 0.5], np.float32), Quality(0.0, ("dark",)), None, ("a", "b")) == ""


def test_a_single_label_has_no_rival() -> None:
    assert doubt(np.array([1.0], np.float32), CLEAR, LIMITS, ("a",)) == ""


def test_what_is_no_number_is_not_sure() -> None:
    assert said(np.nan, np.nan, np.nan) != ""
