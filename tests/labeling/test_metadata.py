from __future__ import annotations

import csv
import io
import zipfile
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labeling.cells import BadRow
from labeling.exchange import import_path
from labeling.metadata import box_in, read_table, time_in
from labeling.reports import ExchangeError
from models.box import Box
from models.pictures import encode_jpeg
from tests.labeling.face_patterns import open_store, picture

COLUMNS = ("file_name", "label", "subject", "session", "source", "box", "points", "time")


def import_rows(folder: Path, *rows: dict[str, str], surplus: str = "") -> tuple[dict[str, str], dict[str, int]]:
    """Imports a picture for each row, and the reasons and label counts that gives."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS)
    writer.writeheader()
    with zipfile.ZipFile(folder / "in.zip", "w") as archive:
        for number, row in enumerate(rows):
            archive.writestr(f"{number}.jpg", encode_jpeg(picture(number, 100)))
            writer.writerow({"file_name": f"{number}.jpg", **row})
        table = text.getvalue().replace("␀", "\0")  # Python 3.10 writes no NUL
        archive.writestr("metadata.csv", table.rstrip("\r\n") + surplus)
    store = open_store(folder)
    report = import_path(store, folder / "in.zip")
    counts = store.overview.label_counts()
    store.close()
    return {refusal.name: refusal.reason for refusal in report.refused}, counts


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        ({"box": "[" * 100_000}, f"box is “{'[' * 40}”, expected [x, y, width, height]."),
        ({"box": "[" * 100_000 + "]" * 100_000}, f"box is “{'[' * 40}”, expected [x, y, width, height]."),
        ({"box": "1"}, "box is “1”, expected [x, y, width, height]."),
        ({"box": '["0", 0, true, null]'}, 'box is “["0", 0, true, null]”, expected [x, y, width, height].'),
        ({"box": "[0, 0, NaN, 5]"}, "box is “[0, 0, NaN, 5]”, expected [x, y, width, height]."),
        ({"box": f"[0, 0, {'9' * 5000}, 5]"}, "expected finite numbers and a size of up to 6,000 pixels."),
        ({"box": "[0, 0, 1e400, 5]"}, "expected finite numbers and a size of up to 6,000 pixels."),
        ({"box": "[0, 0, 90, 1e9]"}, "expected finite numbers and a size of up to 6,000 pixels."),
        ({"points": "[" * 100_000}, f"points is “{'[' * 40}”, expected five pairs of finite numbers, [[x, y], …]."),
        ({"points": "[[1, 2], [3, 4]]"}, "expected five pairs"),
        ({"points": "[[1, 2], [3, 4], [5, 6], [7, 8], [9, NaN]]"}, "expected five pairs"),
        ({"points": "[[1, 2], [3, 4], [5, 6], [7, 8], [9, 1e300]]"}, "expected five pairs"),
        ({"points": '[[1, 2], [3, 4], [5, 6], [7, 8], [9, "x"]]'}, "expected five pairs"),
        ({"points": "{}"}, "expected five pairs"),
        ({"time": "0001-01-01T00:00:00+14:00"}, "time is “0001-01-01T00:00:00+14:00”, expected a time such as"),
        ({"time": "9999-12-31T23:59:59-14:00"}, "time is “9999-12-31T23:59:59-14:00”, expected a time such as"),
        ({"time": "2026-05-04T03:02:61"}, "time is “2026-05-04T03:02:61”, expected a time such as"),
        ({"time": "x" * 100_000}, f"time is “{'x' * 40}”, expected a time such as"),
        ({"source": "up␀load"}, "it has a NUL character."),
    ],
)
def test_a_row_that_is_wrong_costs_its_picture_and_no_other(tmp_path: Path, cells: dict[str, str], says: str) -> None:
    refused, counts = import_rows(tmp_path, {"label": "wink", **cells}, {"label": "wink"})
    assert list(refused) == ["0.jpg"]
    assert refused["0.jpg"].startswith("Its row in metadata.csv is wrong: ")
    assert says in refused["0.jpg"]
    assert len(refused["0.jpg"]) < 200
    assert counts == {"wink": 1}


def test_a_row_with_too_many_cells_is_refused(tmp_path: Path) -> None:
    refused, counts = import_rows(tmp_path, {"label": "wink"}, {"label": "wink"}, surplus=",Ada")
    assert refused == {"1.jpg": "Its row in metadata.csv is wrong: it has more cells than the table has columns."}
    assert counts == {"wink": 1}


def test_a_cell_longer_than_pythons_limit_leaves_the_table_readable(tmp_path: Path) -> None:
    refused, counts = import_rows(tmp_path, {"label": "x" * 200_000}, {"label": "wink", "subject": "y" * 200_000})
    assert list(refused) == ["0.jpg"]
    assert counts == {"wink": 1}


@pytest.mark.parametrize(
    ("table", "says"),
    [
        (b"file_name,label\na.jpg,\xff\n", r"metadata\.csv cannot be read: it is not in UTF-8 \(line 2\)\."),
        (b'file_name,label\na.jpg,x\nb.jpg,"x"y\n', r"metadata\.csv cannot be read: it is no CSV \(line 3; .*quote"),
    ],
)
def test_a_table_that_is_no_csv_says_where(tmp_path: Path, table: bytes, says: str) -> None:
    with zipfile.ZipFile(tmp_path / "in.zip", "w") as archive:
        archive.writestr("metadata.csv", table)
    with pytest.raises(ExchangeError, match=says):
        import_path(open_store(tmp_path), tmp_path / "in.zip")


@settings(deadline=None)
@given(st.text() | st.text(st.sampled_from("[]0123456789.eE+-, ")) | st.from_regex(r"\[-?\d{1,400}(, ?-?\d+e\d+){3}\]"))
def test_any_box_is_read_or_refused(text: str) -> None:
    try:
        box = box_in(text)
    except BadRow as error:
        assert str(error).startswith("box is “")
    else:
        assert box is not None


@settings(deadline=None)
@given(st.tuples(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6), st.floats(1e-3, 6000), st.floats(1e-3, 6000)))
def test_a_box_comes_back_as_it_was_written(values: tuple[float, float, float, float]) -> None:
    assert box_in(str(list(values))) == Box(*values)


@settings(deadline=None)
@given(st.text() | st.datetimes(timezones=st.timezones() | st.just(timezone(timedelta(hours=-14)))).map(str))
def test_any_time_is_refused_or_in_utc(text: str) -> None:
    try:
        moment = time_in(text)
    except BadRow as error:
        assert str(error).startswith("time is “")
    else:
        assert moment is not None and moment.tzinfo is timezone.utc


def test_a_time_without_a_zone_is_utc() -> None:
    assert time_in("2026-05-04T03:02:01") == time_in("2026-05-04T05:02:01+02:00") == time_in("2026-05-04T03:02:01Z")
    assert time_in("0001-01-01T00:00:00") == datetime(1, 1, 1, tzinfo=timezone.utc)


def test_a_table_without_the_column_of_names_is_no_fault_of_ours_whatever_is_in_it() -> None:
    with pytest.raises(ExchangeError, match=r"has no column “file_name” \(its columns: a\0b, c\)\."):
        read_table(b"a\0b,c\n1,2\n", "metadata.csv")
