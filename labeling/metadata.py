"""metadata.csv: what a data set's zip or folder says of its pictures, a row each; written and read here."""

from __future__ import annotations

import csv
import io
import json
import math
import re
from datetime import datetime, timezone
from pathlib import PurePosixPath
from typing import Any

from labeling.cells import NUL, BadRow, as_cell, as_path_cell
from labeling.face_points import points_in, points_text
from labeling.reports import ExchangeError
from labeling.stored_faces import ImageRecord, Points
from models.box import Box

TABLE = "metadata.csv"
COLUMNS = ("file_name", "label", "subject", "session", "source", "box", "points", "time", "answer")
ANSWER_FOLDERS = {"_unlabelled": "", "_skipped": "skip", "_not_a_face": "not_a_face"}
MAX_BOX = 6000
"""Pixels; the largest picture that is taken, of 20 megapixels, has room for no larger face."""

_NUMBER = r"\s*(-?\d+(?:\.\d*)?(?:[eE][-+]?\d+)?)\s*"
_BOX = re.compile(rf"\[{','.join([_NUMBER] * 4)}\]", re.ASCII)

Row = dict[str | Any, str | Any]


def read_table(data: bytes, name: str) -> dict[str, Row]:
    """The rows of a metadata.csv by their file_name.

    Raises:
        ExchangeError: it is no CSV, or has no column file_name.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ExchangeError(f"{name} cannot be read: it is not in UTF-8 (line {line}).") from error
    rows = csv.DictReader(io.StringIO(text.replace("\0", NUL), newline=""), strict=True)
    try:
        columns = rows.fieldnames or []
        if "file_name" not in columns:
            shown = ", ".join(columns)[:100].replace(NUL, "\0") or "none"
            raise ExchangeError(f"{name} has no column “file_name” (its columns: {shown}).")
        return {_path_in(row["file_name"] or ""): row for row in rows}
    except csv.Error as error:
        line = rows.reader.line_num
        raise ExchangeError(f"{name} cannot be read: it is no CSV (line {line}; look for a stray quote).") from error


def box_in(text: str | None) -> Box | None:
    """The box that a cell gives. Raises BadRow: it gives none."""
    if text is None:
        return None
    found = _BOX.fullmatch(text)
    if found is None:
        raise BadRow(f"box is “{text[:40]}”, expected [x, y, width, height].")
    box = Box(*map(float, found.groups()))
    finite = all(map(math.isfinite, box.as_tuple()))
    if not finite or not 0 < box.width <= MAX_BOX or not 0 < box.height <= MAX_BOX:
        raise BadRow(f"box is “{text[:40]}”, expected finite numbers and a size of up to {MAX_BOX:,} pixels.")
    return box


def face_points_in(text: str | None) -> Points | None:
    """The points that a cell gives. Raises BadRow: it gives none."""
    if text is None:
        return None
    points = points_in(text)
    if points is None:
        raise BadRow(f"points is “{text[:40]}”, expected five pairs of finite numbers, [[x, y], …].")
    return points


def time_in(text: str | None) -> datetime | None:
    """The moment that a cell gives, in UTC. Raises BadRow: it gives none."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
        # In other time zones the first and the last day of the calendar have hours that UTC lacks.
        return (moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)).astimezone(timezone.utc)
    except (ValueError, OverflowError) as error:
        raise BadRow(f"time is “{text[:40]}”, expected a time such as 2026-05-04T03:02:01+00:00.") from error


def answer_in(text: str | None) -> str:
    """The answer that a cell gives, "" for none. Raises BadRow: there is no such answer."""
    if (text or "") not in ANSWER_FOLDERS.values():
        raise BadRow(f"“{(text or '')[:40]}” is no answer.")
    return text or ""


def folder_of(image: ImageRecord) -> str:
    """The folder in which an image of the store is exported."""
    if image.answer == "label":
        return str(image.label)
    return next(folder for folder, answer in ANSWER_FOLDERS.items() if answer == image.answer)


def cells_of(image: ImageRecord, path: str) -> dict[str, str]:
    """The table's row for an image of the store that is exported as `path`."""
    return {
        "file_name": as_path_cell(path),
        "label": as_cell(image.label or ""),
        "subject": as_cell(image.subject or ""),
        "session": as_cell(image.session or ""),
        "source": as_cell(image.source),
        "box": json.dumps(list(image.box.as_tuple())),
        "points": points_text(image.points),
        "time": image.created.isoformat(),
        "answer": "" if image.answer == "label" else image.answer,
    }


def _path_in(cell: str) -> str:
    return str(PurePosixPath(cell.replace("\\", "/")))
