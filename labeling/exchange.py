"""Exchange: a data set in from a zip, a folder or FER's CSV, and out again without loss.

The zip has one folder a label and a metadata.csv (file_name, label, subject, session, source, box, time, answer):
Hugging Face's `imagefolder` loads it, and Create ML opens it, unpacked, as an image classifier's data. Images without
a label stand in folders that begin with an underscore.
"""

from __future__ import annotations

import csv
import io
import json
import os
import zipfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from sqlalchemy import select

from labeling.fer import EMOTIONS, SIDE, open_fer
from labeling.images import NewFace
from labeling.intake import new_faces, whole_crop
from labeling.labels import LabelError, checked_name
from labeling.schema import ImageData, ImageRow, LabelRow
from labeling.sources import ANSWER_FOLDERS, TABLE, Entry, ExchangeError, open_source
from labeling.store import Store, StoreError
from models.faces import Box, crop
from models.images import BadImage, decode

BATCH = 32
WORKERS = min(4, os.cpu_count() or 1)
COLUMNS = ("file_name", "label", "subject", "session", "source", "box", "time", "answer")
SYNONYMS = {
    **{"happy": "happiness", "sad": "sadness", "angry": "anger", "surprised": "surprise"},
    **{"disgusted": "disgust", "fearful": "fear", "scared": "fear", "contemptuous": "contempt"},
}
"""Folder names of well-known data sets; only folder names are translated, never a table's labels."""

Progress = Callable[[int, int], object]
Cancelled = Callable[[], bool]


@dataclass(frozen=True)
class Refusal:
    """A file that was not taken, and why."""

    name: str
    reason: str


@dataclass
class ImportReport:
    """What an import did. `several` counts faces of pictures with several: stored unlabelled, for a person to say."""

    added: int = 0
    already_there: int = 0
    several: int = 0
    refused: list[Refusal] = field(default_factory=list)
    cancelled: bool = False

    def as_dict(self) -> dict[str, Any]:
        refused = [{"name": refusal.name, "reason": refusal.reason} for refusal in self.refused]
        return {
            "added": self.added,
            "already_there": self.already_there,
            "several": self.several,
            "refused": refused,
            "cancelled": self.cancelled,
        }

    def __str__(self) -> str:
        lines = [f"{self.added} added, {self.already_there} already there, {len(self.refused)} refused"]
        if self.several:
            lines.append(f"{self.several} of them from pictures with several faces: unlabelled, review them")
        if self.cancelled:
            lines.append("cancelled: what was added stays; import again to go on")
        lines += [f"  {refusal.name}: {refusal.reason}" for refusal in self.refused[:20]]
        if len(self.refused) > 20:
            lines.append(f"  … and {len(self.refused) - 20} more")
        return "\n".join(lines)


def import_path(
    store: Store,
    path: Path,
    label: str | None = None,
    subject: str | None = None,
    find_faces: bool | None = None,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> ImportReport:
    """Imports a folder, a zip, a picture or FER's CSV; each picture wholly or not at all, and it can be run again.

    `label` and `subject` are for what has none of its own; missing labels are made. `find_faces`: cut the faces out of
    each picture (True), take each picture as a face crop (False), or as it looks (None): what has a box in the table or
    is at most 128 pixels large is a crop. `progress(done, total)` is called for each picture, and `cancelled()` asked.

    Raises:
        ExchangeError: nothing there can be imported.
        LabelError: `label` cannot be used.
        StoreError: the database cannot be written; what was imported before stays.
    """
    if label is not None:
        label = checked_name(label)
    path = Path(path)
    opened = open_fer(path) if path.suffix.lower() == ".csv" else open_source(path)
    try:
        with opened as (total, entries):
            return _import(store, entries, total, _Wishes(label, subject, find_faces), progress, cancelled)
    except OSError as error:
        raise ExchangeError(f"{path} cannot be read: {error.strerror or error}.") from error


@dataclass(frozen=True)
class _Wishes:
    label: str | None
    subject: str | None
    find_faces: bool | None


def _import(
    store: Store,
    entries: Iterator[Entry],
    total: int,
    wishes: _Wishes,
    progress: Progress | None,
    cancelled: Cancelled | None,
) -> ImportReport:
    report = ImportReport()
    own = {known.name.casefold() for known in store.labels(all=True)}
    batch: list[NewFace] = []
    for done, (name, outcome) in enumerate(_prepared(entries, wishes, own), start=1):
        if isinstance(outcome, str):
            report.refused.append(Refusal(name, outcome))
        else:
            batch += outcome
            report.several += len(outcome) if len(outcome) > 1 else 0
        if len(batch) >= BATCH:
            _write(store, batch, report)
            batch = []
        if progress is not None:
            progress(done, total)
        if cancelled is not None and cancelled():
            report.cancelled = True
            break
    if batch:
        _write(store, batch, report)
    return report


def _prepared(entries: Iterator[Entry], wishes: _Wishes, own: set[str]) -> Iterator[tuple[str, list[NewFace] | str]]:
    """Each entry's faces, or why it is refused, in order; decoded by several threads, a few ahead."""
    ahead: deque[tuple[str, Future[list[NewFace] | str]]] = deque()
    with ThreadPoolExecutor(WORKERS, "import") as pool:
        for entry in entries:
            if entry.problem:
                data = b""
            else:
                try:
                    data = entry.read()
                except (OSError, ValueError, EOFError, zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
                    entry, data = replace(entry, problem=_reason(error)), b""
            ahead.append((entry.name, pool.submit(_faces_of, entry, data, wishes, own)))
            if len(ahead) > 2 * WORKERS:
                name, future = ahead.popleft()
                yield name, future.result()
        while ahead:
            name, future = ahead.popleft()
            yield name, future.result()


def _faces_of(entry: Entry, data: bytes, wishes: _Wishes, own: set[str]) -> list[NewFace] | str:
    if entry.problem:
        return entry.problem
    label = entry.label
    if label is not None and not entry.from_table and label.casefold() not in own:
        label = SYNONYMS.get(label.casefold(), label)
    if label is None and not entry.answer:
        label = wishes.label
    subject = entry.subject or wishes.subject
    source = entry.source or "import"
    try:
        label = checked_name(label) if label is not None else None
        if entry.from_table and wishes.find_faces is not True and (entry.box is not None or entry.source == "fer"):
            crop = whole_crop(data, entry.box)
            return [NewFace(crop, label, subject, entry.session, source, entry.created, answer=entry.answer)]
        faces = new_faces(data, label, subject, entry.session, source, wishes.find_faces)
        return [replace(face, created=entry.created, answer=entry.answer) for face in faces]
    except (BadImage, LabelError) as error:
        return str(error)


def _write(store: Store, batch: list[NewFace], report: ImportReport) -> None:
    try:
        results = store.add_faces(batch, new_labels=True)
    except StoreError as error:
        raise StoreError(f"{error} {report.added} pictures were imported before; import again to go on.") from error
    report.added += sum(result.state == "added" for result in results)
    report.already_there += sum(result.state != "added" for result in results)


def export_zip(store: Store, path: Path, progress: Progress | None = None, cancelled: Cancelled | None = None) -> int:
    """Writes every image that is not deleted into a zip (see above). Returns how many; 0 where it was cancelled.

    Raises:
        ExchangeError: the file cannot be written; an older one in its place stays.
    """
    rows = _rows_to_export(store)
    table = io.StringIO(newline="")
    writer = csv.DictWriter(table, COLUMNS)
    writer.writeheader()
    with written_whole(Path(path)) as part, zipfile.ZipFile(part, "w", zipfile.ZIP_STORED) as archive:
        for done, (row, data) in enumerate(_with_data(store, rows), start=1):
            kind = "png" if data[:4] == b"\x89PNG" else "jpg"
            name = f"{_folder(row)}/{row.sha256[:24]}.{kind}"
            archive.writestr(name, data)
            writer.writerow(_cells(row, name))
            if progress is not None:
                progress(done, len(rows))
            if cancelled is not None and cancelled():
                part.unlink()
                return 0
        archive.writestr(TABLE, table.getvalue(), zipfile.ZIP_DEFLATED)
    return len(rows)


def export_csv(store: Store, path: Path, progress: Progress | None = None, cancelled: Cancelled | None = None) -> int:
    """Writes the labelled faces as FER-2013's CSV: emotion, pixels (48×48 grey), Usage, and the label's name beside.

    FER-2013 knows seven emotions, 0…6; contempt is 7, and labels of one's own follow from 8 in their order. Returns
    how many rows.

    Raises:
        ExchangeError: the file cannot be written; an older one in its place stays.
    """
    from models.predictor import grey_pixels

    names = [*EMOTIONS, *(label.name for label in store.labels(all=True) if label.name not in EMOTIONS)]
    rows = [row for row in _rows_to_export(store) if row.answer == "label" and row.label]
    with written_whole(Path(path)) as part, part.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("emotion", "pixels", "Usage", "label"))
        for done, (row, data) in enumerate(_with_data(store, rows), start=1):
            face = crop(decode(data), Box(row.box_x, row.box_y, row.box_width, row.box_height))
            pixels = grey_pixels([face])[0, 0].round().int().flatten().tolist()
            assert len(pixels) == SIDE**2
            writer.writerow((names.index(row.label), " ".join(map(str, pixels)), "Training", row.label))
            if progress is not None:
                progress(done, len(rows))
            if cancelled is not None and cancelled():
                file.close()
                part.unlink()
                return 0
    return len(rows)


def _rows_to_export(store: Store) -> list[Any]:
    columns = (
        *(ImageRow.id, ImageRow.sha256, ImageRow.answer, LabelRow.name.label("label"), ImageRow.subject),
        *(ImageRow.session, ImageRow.source, ImageRow.created),
        *(ImageRow.box_x, ImageRow.box_y, ImageRow.box_width, ImageRow.box_height),
    )
    query = select(*columns).outerjoin(LabelRow, LabelRow.id == ImageRow.label_id)
    with store.reading() as connection:
        return list(connection.execute(query.where(ImageRow.deleted.is_(None)).order_by(ImageRow.id)))


def _with_data(store: Store, rows: Iterable[Any]) -> Iterator[tuple[Any, bytes]]:
    for row in rows:
        with store.reading() as connection:
            data = connection.scalar(select(ImageData.data).where(ImageData.image_id == row.id))
        if data is not None:  # purged in the meantime
            yield row, data


def _folder(row: Any) -> str:
    if row.answer == "label" and row.label:
        return str(row.label)
    return next(folder for folder, answer in ANSWER_FOLDERS.items() if answer == (row.answer or ""))


def _cells(row: Any, name: str) -> dict[str, str]:
    box = [row.box_x, row.box_y, row.box_width, row.box_height]
    return {
        "file_name": name,
        "label": row.label or "",
        "subject": row.subject or "",
        "session": row.session or "",
        "source": row.source,
        "box": json.dumps(box),
        "time": row.created.isoformat(),
        "answer": "" if row.answer == "label" else row.answer,
    }


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """A file beside `path` that takes its place when the block ends, unless it is gone or the block raised.

    Raises:
        ExchangeError: it cannot be written; an older file at `path` stays.
    """
    part = path.with_name(path.name + ".part")
    try:
        yield part
        if part.exists():
            with part.open("rb") as file:
                os.fsync(file.fileno())
            part.replace(path)
    except OSError as error:
        raise ExchangeError(f"{path} cannot be written: {error.strerror or error}.") from error
    finally:
        part.unlink(missing_ok=True)


def _reason(error: Exception) -> str:
    if isinstance(error, ExchangeError):
        return str(error)
    if isinstance(error, OSError):
        return f"It cannot be read ({error.strerror or error})."
    return "It is damaged and cannot be unpacked."
