"""Cells of CSV files: text that no spreadsheet takes for a formula, and rows from outside, however odd."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from typing import Any

from models.errors import MienError


class BadRow(MienError):
    """A row of a table says what cannot be; the message is about the row, for people to read."""


# With Python's own limit, 128 KiB, one long cell would make a whole table unreadable.
csv.field_size_limit(64 * 2**20)

NUL = "\udc00"
"""In the place of NUL, which Python 3.10 cannot read in a CSV file; no text in UTF-8 has this character."""

FORMULA_STARTS = tuple("=+-@\t\r")
ESCAPED_STARTS = (*FORMULA_STARTS, "'")
ESCAPES = tuple(f"'{start}" for start in ESCAPED_STARTS)


def as_cell(text: str) -> str:
    """`text` as a cell that a spreadsheet shows as it stands: no formula; `from_cell` gives the text back."""
    return f"'{text}" if text.startswith(ESCAPED_STARTS) else text


def from_cell(cell: str) -> str:
    """The text of a cell; a leading apostrophe stays unless `as_cell` may have put it there."""
    return cell[1:] if cell.startswith(ESCAPES) else cell


def as_path_cell(path: str) -> str:
    """A relative path as a cell that is no formula and still leads to the file."""
    return f"./{path}" if path.startswith(FORMULA_STARTS) else path


def text_in(row: Mapping[Any, Any], column: str) -> str | None:
    """What a row says in `column`, trimmed; None where that is nothing."""
    cell = row.get(column)
    return from_cell(cell.strip()) or None if isinstance(cell, str) else None


def check_row(row: Mapping[Any, Any]) -> None:
    """Raises BadRow: the cells of this row, read by `csv.DictReader`, cannot be told apart or stored."""
    surplus = row.get(None) or []
    if any(cell.strip() for cell in surplus):
        raise BadRow("it has more cells than the table has columns.")
    if any(isinstance(cell, str) and ("\0" in cell or NUL in cell) for cell in row.values()):
        raise BadRow("it has a NUL character.")
