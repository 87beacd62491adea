"""Accuracy against mean recall: how much more readily than they come rare labels are named."""

from __future__ import annotations

from torch import Tensor

from training.metrics import fit_temperature


def recall_shift(logits: Tensor, classes: Tensor, shares: Tensor, worth: float) -> Tensor:
    """What to add to logits, (C,), so that accuracy and `worth` times mean recall make the most together.

    A right answer on a face of one of C classes then counts 1 + worth / (C · share of the class), and naming the class
    that has the highest calibrated probability times that is the best that can be done (Narasimhan et al., 2015,
    http://proceedings.mlr.press/v37/narasimhanb15.html). Adding a multiple of the logarithm of each class's share
    instead, as logit adjustment does, moves frequent classes against each other too, at the cost of both.

    `logits` (N, C) of held-out faces and their `classes` (N,) say at which temperature the logits are calibrated, 1
    where there are none; `shares` (C,) say how often each class comes. One that never comes is not shifted.
    """
    temperature = fit_temperature(logits, classes)
    known = shares > 0
    recall_gain = worth / (known.sum() * shares.where(known, 1.0))
    return temperature * recall_gain.where(known, 0.0).log1p()
