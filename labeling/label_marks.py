"""What tells labels apart: a colour, with a pattern once the colours are used up, and the key that picks a label."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

PALETTE = (
    # Okabe and Ito (2008), grey in place of black so that it shows on dark pages too; then Tol's muted scheme.
    *("#999999", "#e69f00", "#f0e442", "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9"),
    *("#882255", "#44aa99", "#999933", "#aa4499", "#117733", "#6699cc", "#cc6677", "#ddcc77", "#661100", "#332288"),
)
PATTERNS = ("", "stripes", "dots", "grid")
LOOKS = tuple((color, pattern) for pattern in PATTERNS for color in PALETTE)
"""Colours and patterns in the order in which labels get them."""

DIGITS = "123456789"
LETTERS = "abdefghijklopqrtvwxyz"
"""All but c, m, n, s and u, which are commands of the page."""
KEYS = DIGITS + LETTERS + LETTERS.upper() + '0,.-+;:=!*#%&()"<>@$_'
"""Every key that a label can have; the last ones stand on any Latin keyboard."""

Mark = TypeVar("Mark")


def keys_for(name: str) -> Iterator[str]:
    """The keys in the order in which the label `name` gets one: the digits, its own letters, the others."""
    yield from DIGITS
    yield from (letter for letter in name.casefold() if letter in LETTERS)
    yield from KEYS


def first_free(marks: Iterable[Mark], taken: Sequence[tuple[Mark, bool]]) -> Mark | None:
    """The first of `marks` that no label has, else the first that only labels have which are switched off.

    `taken` are the other labels' marks and whether each label is switched on.
    """
    candidates = list(marks)
    by_anyone, by_those_in_use = {mark for mark, _ in taken}, {mark for mark, in_use in taken if in_use}
    unclaimed = (mark for claimed in (by_anyone, by_those_in_use) for mark in candidates if mark not in claimed)
    return next(unclaimed, None)
