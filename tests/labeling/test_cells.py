from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labeling.cells import BadRow, as_cell, as_path_cell, check_row, from_cell, text_in

ODD_TEXTS = st.text(st.sampled_from("=+-@\t\r' a1")) | st.text()


@settings(deadline=None)
@given(ODD_TEXTS)
def test_text_comes_back_from_a_cell_that_is_no_formula(text: str) -> None:
    cell = as_cell(text)
    assert from_cell(cell) == text
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))


@pytest.mark.parametrize("cell", ["'tis", "'", "wink", "", "a=b", "' =1", "5"])
def test_what_others_wrote_stays_as_it_is(cell: str) -> None:
    assert from_cell(cell) == cell
    assert text_in({"label": f" {cell}\n"}, "label") == (cell or None)


def test_a_path_that_would_be_a_formula_starts_where_it_is() -> None:
    assert [as_path_cell(path) for path in ("=1+1/a.jpg", "@home/a.jpg", "'=x/a.jpg", "wink/a.jpg")] == (
        ["./=1+1/a.jpg", "./@home/a.jpg", "'=x/a.jpg", "wink/a.jpg"]
    )


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ({"file_name": "a.jpg", None: ["", "Ada"]}, "more cells"),
        ({"file_name": "a.jpg", "source": "up\0load", "subject": None}, "NUL"),
    ],
)
def test_a_row_that_cannot_be_told_apart_is_refused(row: dict, says: str) -> None:
    with pytest.raises(BadRow, match=says):
        check_row(row)


def test_a_comma_at_a_rows_end_is_no_cell() -> None:
    check_row({"file_name": "a.jpg", None: ["", " "]})
