from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from models.crop import resize
from training import copies
from training.copies import COPY_DIFFERENCE, copies_of


def compared_with_all(pictures: NDArray[np.uint8]) -> list[int]:
    """What `copies_of` promises, in the plain way: every picture is compared with all others."""
    means = pictures.reshape(len(pictures), 16, 3, 16, 3).mean((2, 4)).reshape(len(pictures), -1)
    firsts: list[int] = []
    for number, mean in enumerate(means):
        alike = np.abs(means[: number + 1] - mean).mean(1) < COPY_DIFFERENCE - 1e-9
        other = int(alike.argmax())
        firsts.append(firsts[other] if other < number else number)
    return firsts


def pictures(seed: int, count: int, kinds: int, noise: float, shift: float) -> NDArray[np.uint8]:
    """`count` pictures (count, 1, 48, 48) of so many kinds, each a little different and lighter or darker."""
    rng = np.random.default_rng(seed)
    kind = rng.uniform(80, 160, (kinds, 1, 6, 6)).repeat(8, 2).repeat(8, 3)[rng.integers(0, kinds, count)]
    grain, light = rng.normal(0, noise, kind.shape), rng.uniform(-shift, shift, (count, 1, 1, 1))
    return (kind + grain + light).round().clip(0, 255).astype(np.uint8)


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 2**16),
    st.integers(1, 90),
    st.integers(1, 6),
    st.floats(0, 12),
    st.floats(0, 4),
)
def test_copies_are_those_that_comparing_with_all_finds(
    seed: int, count: int, kinds: int, noise: float, shift: float
) -> None:
    many = pictures(seed, count, kinds, noise, shift)
    assert copies_of(many) == compared_with_all(many)


@pytest.mark.parametrize("kinds", [1, 40], ids=["all alike", "of many kinds"])
def test_pieces_do_not_change_what_is_found(kinds: int, monkeypatch: pytest.MonkeyPatch) -> None:
    many = pictures(3, 300, kinds, 4, 3)
    whole = compared_with_all(many)
    assert 1 < len(set(whole)) < 300
    for piece in (7, 64, 1000):
        for name in ("ROWS", "OTHERS", "PAIRS"):
            monkeypatch.setattr(copies, name, piece)
        assert copies_of(many) == whole


@pytest.mark.parametrize("side", [16, 50, 64])
def test_pictures_may_have_any_side(side: int) -> None:
    coarse = np.random.default_rng(2).uniform(0, 255, (12, 6, 6)).astype(np.uint8)
    sized = np.stack([resize(picture, side)[None] for picture in [*coarse, coarse[3]]])
    assert copies_of(sized) == [*range(12), 3]


def test_none_and_one() -> None:
    assert copies_of(np.zeros((0, 1, 48, 48), np.uint8)) == []
    assert copies_of(np.zeros((1, 1, 48, 48), np.uint8)) == [0]


def test_most_pictures_are_never_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    compared = 0
    alike = copies._alike

    def counted(rows: copies.Numbers, others: copies.Numbers, *rest: Any) -> Iterator[tuple[Any, Any]]:
        nonlocal compared
        compared += len(rows) * len(others)
        return alike(rows, others, *rest)

    monkeypatch.setattr(copies, "_alike", counted)
    many = pictures(5, 2000, 2000, 0, 40)
    assert len(set(copies_of(many))) > 1800
    assert 0 < compared < 2000**2 / 5
