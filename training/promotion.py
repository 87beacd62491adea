"""The promotion rule: whether a new version takes the place of the one in use by itself."""

from __future__ import annotations

from collections.abc import Collection

from models.card import Metrics, Verdict

MAX_BASE_LOSS = 0.03
"""How much accuracy on the built-in expressions a version may lose against the base model, 0…1."""


def verdict(
    before: Metrics | None,
    after: Metrics | None,
    base_before: Metrics,
    base_after: Metrics,
    same_take: Collection[int] = (),
) -> Verdict:
    """Whether the new version becomes active by itself; the reason where it does not.

    `before` and `after` are the version in use and the new one on the held-out faces. Those of the classes `same_take`
    do not count, since they come from a take that was trained on. Where none count, nothing speaks against the new
    version but what it forgot.
    """
    lost = base_before.accuracy - base_after.accuracy
    if lost > MAX_BASE_LOSS:
        return _waits(
            f"It forgot too much of the built-in expressions: {base_after.accuracy:.0%} right, {100 * lost:.1f} points "
            f"less than the base model; {100 * MAX_BASE_LOSS:.0f} are allowed."
        )
    was, now = _accuracy(before, same_take), _accuracy(after, same_take)
    if was is not None and now is not None and now < was:
        faces = "held-out faces of other takes" if same_take else "held-out faces"
        return _waits(f"It is worse on the {faces}: {now:.1%} right, and {was:.1%} with the version in use.")
    return Verdict(activate=True, reason="")


def _accuracy(metrics: Metrics | None, same_take: Collection[int]) -> float | None:
    """The share of faces that count that were named right, 0…1; None where there are none."""
    rows = [] if metrics is None else [row for row in enumerate(metrics.confusion) if row[0] not in same_take]
    faces = sum(sum(counts) for _, counts in rows)
    return sum(counts[true] for true, counts in rows) / faces if faces else None


def _waits(reason: str) -> Verdict:
    return Verdict(activate=False, reason=reason)
