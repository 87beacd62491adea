import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from training.balance import class_prior
from training.base.recall_shift import recall_shift

NO_LOGITS, NO_CLASSES = torch.zeros(0, 3), torch.zeros(0, dtype=torch.long)
SHARPNESS = 2
"""By so much the logits below should be multiplied to be calibrated."""


def drawn(faces: int = 20_000) -> tuple[Tensor, Tensor]:
    """Logits of faces, and classes drawn by what they say once they are calibrated: the third one is rare."""
    generator = torch.Generator().manual_seed(0)
    logits = torch.randn(faces, 3, generator=generator) * 1.5 + torch.tensor([1.0, 0.5, -3.0])
    classes = torch.multinomial(logits.softmax(1), 1, generator=generator)[:, 0]
    return logits / SHARPNESS, classes


def expected(logits: Tensor, shift: Tensor, worth: float) -> float:
    """Accuracy and `worth` times mean recall that the shifted answers have on average over all draws of classes."""
    true = (SHARPNESS * logits).softmax(1).double()
    right = true * F.one_hot((logits + shift).argmax(1), 3)
    return float(right.sum() / len(true) + worth * (right.sum(0) / true.sum(0)).mean())


@pytest.mark.parametrize("worth", [0.1, 0.5, 2.0])
def test_no_other_shift_makes_more_of_accuracy_and_mean_recall(worth: float) -> None:
    logits, classes = drawn()
    shares = class_prior(classes, 3)
    shift = recall_shift(logits, classes, shares, worth)
    shifted = expected(logits, shift, worth)
    assert shifted > expected(logits, torch.zeros(3), worth) + 0.001
    random = torch.Generator().manual_seed(0)
    others = [shift + 0.3 * torch.randn(3, generator=random) for _ in range(50)]
    by_share = [-part * shares.log() for part in torch.linspace(0, 0.5, 26)]
    assert max(expected(logits, other, worth) for other in [*others, *by_share]) < shifted + 1e-4


def test_frequent_labels_keep_their_order_and_rare_ones_gain() -> None:
    first, second, rare = recall_shift(NO_LOGITS, NO_CLASSES, torch.tensor([0.5, 0.49, 0.01]), 0.3).tolist()
    assert 0 < first < second < first + 0.005 and rare > 2
    torch.testing.assert_close(
        recall_shift(NO_LOGITS, NO_CLASSES, torch.tensor([1 / 3, 1 / 3, 1 / 3]), 0.3), torch.full((3,), 1.3).log()
    )


def test_a_label_that_never_comes_is_not_shifted() -> None:
    shift = recall_shift(NO_LOGITS, NO_CLASSES, torch.tensor([0.75, 0.25, 0]), 1.0)
    torch.testing.assert_close(shift, torch.tensor([1 + 1 / 1.5, 1 + 1 / 0.5, 1.0]).log())


def test_the_shift_is_in_the_measure_of_the_logits() -> None:
    logits, classes = drawn()
    shift = recall_shift(logits, classes, class_prior(classes, 3), 0.3)
    sharper = recall_shift(logits * 2, classes, class_prior(classes, 3), 0.3)
    torch.testing.assert_close(sharper, 2 * shift, rtol=0.05, atol=0.0)
