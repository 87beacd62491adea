import numpy as np
import pytest

from models.card import Sureness
from models.quality import Quality
from models.sureness import doubt
from training.base.scored_answers import Answers, together
from training.base.selective import choose_sureness, risk_coverage

N = 4000


def made(seed: int = 0) -> Answers:
    """Answers right the more often the wider their margin, never where the quality is low; one in ten has no majority,
    and is wrong.
    """
    random = np.random.default_rng(seed)
    top = random.uniform(0.5, 1, N)
    quality = random.uniform(0, 1, N)
    majority = random.uniform(size=N) > 0.1
    right = (random.uniform(size=N) < top) & (quality > 0.3) & majority
    probabilities = np.stack([top, 1 - top], 1).astype(np.float32)
    return Answers(probabilities, np.where(right, 0, 1), majority, quality.astype(np.float32))


def test_the_limits_give_as_many_answers_as_can_be_had_with_so_many_right() -> None:
    answers = made()
    chosen = choose_sureness(answers)
    answered, right = answers.answered_and_right(chosen)
    assert right >= 0.95 and chosen.quality == pytest.approx(0.35, abs=0.06) and chosen.margin > 0.5
    assert (chosen.answered, chosen.right) == pytest.approx((answered, right))
    looser = chosen.model_copy(update={"margin": chosen.margin - 0.05})
    assert answers.answered_and_right(looser)[1] < 0.95
    other = made(seed=1)
    assert other.answered_and_right(chosen)[1] == pytest.approx(0.95, abs=0.03)


def test_where_nothing_is_good_enough_the_best_is_chosen() -> None:
    answers = made()
    hopeless = Answers(answers.probabilities, 1 - answers.classes, answers.majority, answers.quality)
    assert 0 < choose_sureness(hopeless).right < 0.95


def test_the_curve_ends_with_every_face_answered_and_passes_the_chosen_point() -> None:
    answers = together([made(), made(seed=2)])
    chosen = choose_sureness(answers)
    curve = risk_coverage(answers, chosen)
    assert len(curve) == 50 and [answered for answered, _ in curve] == sorted(answered for answered, _ in curve)
    known = answers.majority
    assert curve[-1] == pytest.approx((1.0, answers.right[known].mean()), abs=1e-4)
    answered, right = answers.answered_and_right(chosen)
    nearest = min(curve, key=lambda point: abs(point[0] - answered))
    assert nearest[1] == pytest.approx(right, abs=0.02)


def test_given_is_what_the_server_gives() -> None:
    answers = made()
    sureness = Sureness(margin=0.4, quality=0.5, right=0, answered=0)
    for row in range(50):
        quality = Quality(float(answers.quality[row]), ("dark",))
        said = doubt(answers.probabilities[row], quality, sureness, ("a", "b"))
        assert (said == "") == answers.given(sureness)[row]
