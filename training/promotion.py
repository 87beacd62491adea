"""The promotion rule: whether a new version takes the place of the one in use by itself."""

from __future__ import annotations

from models.card import Metrics, Verdict

MAX_BASE_LOSS = 0.03
"""How much accuracy on the base check a version may lose against the base model, 0…1."""


def verdict(before: Metrics | None, after: Metrics | None, base_before: Metrics, base_after: Metrics) -> Verdict:
    """Whether the new version becomes active by itself; the reason where it does not."""
    if before is None or after is None:
        return _waits(
            "There is nothing to measure it on: the images of each label belong together. Capture each expression "
            "again at another moment, then retrain; or choose this version yourself."
        )
    lost = base_before.accuracy - base_after.accuracy
    if after.accuracy <= before.accuracy:
        return _waits(
            f"It is no better on the held-out faces: {after.accuracy:.0%} right, and {before.accuracy:.0%} with the "
            "version in use."
        )
    if lost > MAX_BASE_LOSS:
        return _waits(
            f"It forgot too much: {base_after.accuracy:.0%} right on the base check, {100 * lost:.1f} points less "
            "than the base model; three are allowed."
        )
    return Verdict(activate=True, reason="")


def _waits(reason: str) -> Verdict:
    return Verdict(activate=False, reason=reason)
