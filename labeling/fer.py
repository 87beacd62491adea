"""FER-2013's CSV (Goodfellow et al., 2013), with FER+ votes (Barsoum et al., 2016) where they stand beside it."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TextIO

import cv2
import numpy as np

from labeling.cells import BadRow, text_in
from labeling.reports import ExchangeError, readable
from labeling.sources import Entry

SIDE = 48
EMOTIONS = ("anger", "disgust", "fear", "happiness", "sadness", "surprise", "neutral", "contempt")
"""FER-2013's numbers 0…6; 7 is added for what it lacks."""
VOTED = ("neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt")
VOTES = "fer2013new.csv"
NUMBER = re.compile("[0-9]{1,9}")


@contextmanager
def open_fer(path: Path) -> Iterator[tuple[int, Iterator[Entry]]]:
    """The number of rows, and the rows as 48×48 PNG pictures.

    Raises:
        ExchangeError: it is no FER-2013 CSV, or the votes beside it do not belong to it.
    """
    with ExitStack() as stack:
        rows = stack.enter_context(_open_table(path))
        missing = {"emotion", "pixels"}.difference(rows.columns)
        if missing:
            shown = ", ".join(rows.columns)[:100] or "none"
            raise ExchangeError(
                f"{path.name} is no FER-2013 CSV: it lacks {' and '.join(sorted(missing))} (its columns: {shown})."
            )
        beside = path.with_name(VOTES)
        votes = None
        if beside.is_file() and beside != path:
            votes = stack.enter_context(_open_table(beside))
            if not set(VOTED).issubset(votes.columns):
                raise ExchangeError(f"{VOTES} beside {path.name} lacks the columns of FER+'s votes.")
        yield rows.lines - 1, _rows(path.name, rows, votes)


class _Table:
    """A CSV file's columns, how many lines it has, and its rows, one after another."""

    def __init__(self, path: Path, file: TextIO) -> None:
        self.path = path
        with self._explained():
            self.lines = max(1, sum(1 for _ in file))
            file.seek(0)
            self._rows = csv.DictReader(file)
            self.columns = tuple(self._rows.fieldnames or ())

    def __iter__(self) -> Iterator[dict[str, str]]:
        return self

    def __next__(self) -> dict[str, str]:
        with self._explained():
            return next(self._rows)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            with readable(self.path):
                yield
        except (UnicodeDecodeError, csv.Error) as error:
            raise ExchangeError(f"{self.path.name} cannot be read: it is no CSV in UTF-8.") from error


@contextmanager
def _open_table(path: Path) -> Iterator[_Table]:
    with readable(path):
        file = path.open(newline="", encoding="utf-8-sig")
    with file:
        yield _Table(path, file)


def _rows(name: str, rows: _Table, votes: _Table | None) -> Iterator[Entry]:
    for number, row in enumerate(rows, start=2):
        vote = next(votes, None) if votes is not None else None
        title = f"{name}, line {number}"
        try:
            label, answer = _voted(vote) if vote is not None else (_emotion(row), "")
            png = _png(row.get("pixels") or "")
        except BadRow as error:
            yield Entry(title, bytes, problem=str(error))
            continue
        yield Entry(title, lambda png=png: png, label, True, source="fer", answer=answer)  # type: ignore[misc]


def _emotion(row: dict[str, str]) -> str | None:
    label = text_in(row, "label")
    if label is not None:
        return label
    text = (row.get("emotion") or "").strip()
    if not text:
        return None
    if not NUMBER.fullmatch(text) or int(text) >= len(EMOTIONS):
        raise BadRow(f"“{text[:20]}” is no emotion of FER-2013 (0 to {len(EMOTIONS) - 1}).")
    return EMOTIONS[int(text)]


def _voted(row: dict[str, str]) -> tuple[str | None, str]:
    """The label by FER+'s own rule: the top vote, if two raters at least gave it; otherwise none."""
    counts = {column: _count((row.get(column) or "").strip() or "0") for column in (*VOTED, "unknown", "NF")}
    top = max(counts, key=lambda column: counts[column])
    if top == "NF":
        return None, "not_a_face"
    return (top, "") if top in VOTED and counts[top] >= 2 else (None, "")


def _count(text: str) -> int:
    if not NUMBER.fullmatch(text):
        raise BadRow(f"“{text[:20]}” in {VOTES} is no number of votes.")
    return int(text)


def _png(text: str) -> bytes:
    values = text.split(maxsplit=SIDE**2)
    if len(values) > SIDE**2:
        raise BadRow(f"It has more than {SIDE**2:,} pixels.")
    if len(values) < SIDE**2:
        raise BadRow(f"It has {len(values):,} pixels, expected {SIDE**2:,}.")
    try:
        numbers = np.array(values, dtype=np.int64)
    except (ValueError, OverflowError) as error:
        raise BadRow("A pixel is no whole number between 0 and 255.") from error
    if numbers.min() < 0 or numbers.max() > 255:
        raise BadRow("A pixel is not between 0 and 255.")
    _, data = cv2.imencode(".png", numbers.astype(np.uint8).reshape(SIDE, SIDE))
    return data.tobytes()
