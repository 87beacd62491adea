"""Pieces of Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def percent(share: float | None) -> str:
    """A share, 0…1, in per cent."""
    return "–" if share is None else f"{100 * share:.1f} %"


def cell(text: str) -> str:
    """Text that cannot break out of a table's cell."""
    return "".join(f"\\{c}" if c in "\\|*_`<>[]#" else c for c in text)
