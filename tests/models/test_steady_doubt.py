from __future__ import annotations

from itertools import pairwise

import numpy as np

from models.card import Sureness
from models.quality import Quality
from models.steady_doubt import SteadyDoubts

LIMITS = Sureness(margin=0.3, quality=0.5, right=0.95, answered=0.8)
LABELS = ("neutral", "fear", "surprise")
FRAME = 1 / 30


def followed(gaps: list[float], scores: list[float] | None = None) -> list[str]:
    """What is said in each frame, 30 a second, of a face whose two highest probabilities differ by `gaps`."""
    doubts = SteadyDoubts(LIMITS, LABELS)
    said = []
    for frame, gap in enumerate(gaps):
        score = 1.0 if scores is None else scores[frame]
        quality = Quality(score, () if score == 1 else ("dark",))
        row = np.array([0, (1 + gap) / 2, (1 - gap) / 2], np.float32)
        said.append(doubts.update(7, row, quality, frame * FRAME))
    return said


def changes(said: list[str]) -> int:
    return sum(one != other for one, other in pairwise(said))


def test_a_new_face_is_told_at_once() -> None:
    assert followed([0.1]) == ["fear or surprise"] and followed([0.9]) == [""]


def test_a_doubt_of_a_moment_is_not_told() -> None:
    assert set(followed([0.9] * 30 + [0.1] * 5 + [0.9] * 30)) == {""}


def test_a_doubt_that_lasts_is_told_within_half_a_second() -> None:
    said = followed([0.9] * 30 + [0.1] * 15)
    assert said[29] == "" and said[-1] == "fear or surprise" and changes(said) == 1


def test_it_goes_once_the_answer_is_sure_for_a_while() -> None:
    said = followed([0.1] * 10 + [0.9] * 20)
    assert said[20] == "fear or surprise" and said[-1] == "" and changes(said) == 1


def test_noise_around_the_limit_does_not_flicker() -> None:
    rng = np.random.default_rng(0)
    for middle in (0.28, 0.3, 0.32):
        assert changes(followed(list(middle + 0.04 * rng.standard_normal(300)))) <= 1
    dim = list(np.clip(0.5 + 0.05 * rng.standard_normal(300), 0, 0.99))
    assert changes(followed([0.9] * 300, dim)) <= 1


def test_a_slow_drift_around_the_limit_does_not_flicker() -> None:
    drift = list(0.3 + 0.02 * np.sin(np.arange(600) / 30 * 2))  # a turn in three seconds
    assert changes(followed(drift)) <= 1


def test_two_that_are_close_do_not_change_places_all_the_time() -> None:
    gaps = [0.05 * (-1) ** (frame // 3) for frame in range(90)]
    assert set(followed(gaps)) == {"fear or surprise"}


def test_another_reason_is_told_once_it_lasts() -> None:
    said = followed([0.1] * 60, [1.0] * 20 + [0.2] * 40)
    assert said[19] == "fear or surprise" and said[-1] == "too dark" and changes(said) == 1


def test_faces_that_left_begin_anew() -> None:
    doubts = SteadyDoubts(LIMITS, LABELS)
    close, clear = np.array([0, 0.5, 0.5], np.float32), np.array([0, 1, 0], np.float32)
    doubts.update(1, close, Quality(1.0), 0)
    doubts.forget_others([2])
    assert doubts.update(1, clear, Quality(1.0), 0.01) == ""


def test_a_version_without_limits_has_no_doubts() -> None:
    assert SteadyDoubts(None, LABELS).update(1, np.array([0.3, 0.3, 0.4], np.float32), Quality(0.1, ("dark",)), 0) == ""
