from __future__ import annotations

import pytest
import torch

from training.balance import balance, class_prior


@pytest.mark.parametrize("counts", [(30, 6), (10, 10), (5, 40, 15)])
@pytest.mark.parametrize("known", [0, 2])
def test_the_prior_is_between_the_persons_and_the_bases(counts: tuple[int, ...], known: int) -> None:
    classes = torch.cat([torch.full((count,), label) for label, count in enumerate(counts)])
    base = torch.tensor([float(label < known) * (label + 1) for label in range(len(counts) + 1)])
    weights, correction = balance(classes, base, 0.5)
    drawn = torch.stack([weights[classes == label].sum() for label in range(len(counts))])
    drawn = drawn / drawn.sum()
    roots = torch.tensor(counts).sqrt()
    torch.testing.assert_close(drawn, roots / roots.sum())
    # A model that answers with the prior between the two has the least loss on what is drawn, once corrected.
    prior = class_prior(classes, len(counts) + 1)[: len(counts)]
    usual = prior.clone()
    usual[:known] = torch.arange(1, known + 1) / sum(range(1, known + 1)) * prior[:known].sum()
    torch.testing.assert_close(torch.softmax(0.75 * prior.log() + 0.25 * usual.log() + correction[:-1], 0), drawn)
    assert float(correction[-1]) == 0 and bool(correction.isfinite().all())
