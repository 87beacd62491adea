"""When not to answer: selective prediction (El-Yaniv & Wiener, 2010; Geifman & El-Yaniv, 2017)."""

from __future__ import annotations

import numpy as np

from models.card import Sureness
from training.base.scored_answers import Answers

WANTED = 0.95
"""Share of the answers given that must be right."""
MARGINS, QUALITIES = np.arange(0, 100) / 100, np.arange(5, 20) / 20
"""From which the limits are chosen. One in 500 of the faces that they are chosen on has less quality than all of these:
nothing tells what answers to such faces are worth, so they get none."""


def choose_sureness(answers: Answers, wanted: float = WANTED) -> Sureness:
    """The least margin and quality with which the greatest share of faces is answered and `wanted` of these rightly.

    Faces without a majority, of which nobody knows what is true, do not count. Where no choice is as good as wanted,
    the one that is most often right.
    """
    known = answers.majority
    margin, quality, right = answers.margin[known], answers.quality[known], answers.right[known]
    choices = []
    for least_margin in MARGINS:
        for least_quality in QUALITIES:
            given = (margin >= least_margin) & (quality >= least_quality)
            if given.any():
                choices.append(
                    Sureness(
                        margin=float(least_margin),
                        quality=float(least_quality),
                        right=float(right[given].mean()),
                        answered=float(given.mean()),
                    )
                )
    return max(choices, key=lambda each: (min(each.right, wanted), each.answered))


def risk_coverage(answers: Answers, sureness: Sureness, points: int = 50) -> list[tuple[float, float]]:
    """Points of share answered and share right of these, 0…1, from few answers to all: faces with a majority, those of
    enough quality first, and the widest margin first.
    """
    known = answers.majority
    order = np.lexsort((-answers.margin[known], answers.quality[known] < sureness.quality))
    right = answers.right[known][order].cumsum()
    counts = np.unique(np.linspace(0, len(right), points + 1).round().astype(int))[1:]
    return [(round(count / len(right), 4), round(float(right[count - 1] / count), 4)) for count in counts.tolist()]
