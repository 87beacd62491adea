"""Exchange: a data set in from a zip, a folder or FER's CSV, without loss of what `export_formats` wrote."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from labeling.fer import open_fer
from labeling.intake import new_faces, whole_crop
from labeling.labels import LabelError, checked_name
from labeling.path_reading import PathReading
from labeling.reports import Cancelled, ExchangeError, ImportReport, Progress, Refusal
from labeling.sources import Entry, open_source
from labeling.store import Store
from labeling.store_errors import StoreError
from labeling.stored_faces import NewFace
from labeling.synonyms import meant_by
from models.pictures import BadImage, decode

BATCH = 32
WORKERS = min(4, os.cpu_count() or 1)


def import_path(
    store: Store,
    path: Path,
    label: str | None = None,
    subject: str | None = None,
    find_faces: bool | None = None,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
    reading: PathReading | None = None,
) -> ImportReport:
    """Imports a folder, a zip, a picture or FER's CSV; each picture wholly or not at all, and it can be run again.

    `label` and `subject` are for what has none of its own; missing labels are made. `find_faces`: cut the faces out of
    each picture (True), take each picture as a face crop (False), or as it looks (None): what has a box in the table or
    is at most 128 pixels large is a crop. `reading` says what paths mean; a table's label is taken as it
    stands. `progress(done, total)` is called for each picture, and `cancelled()` asked.

    Raises:
        ExchangeError: nothing there can be imported.
        LabelError: `label` cannot be used.
        StoreError: the database cannot be written; what was imported before stays.
    """
    if label is not None:
        label = checked_name(label)
    path = Path(path)
    reading = reading or PathReading()
    opened = open_fer(path) if path.suffix.lower() == ".csv" else open_source(path, reading.people_from)
    with opened as (total, entries):
        return _import(store, entries, total, _Wishes(label, subject, find_faces, reading), progress, cancelled)


@dataclass(frozen=True)
class _Wishes:
    label: str | None
    subject: str | None
    find_faces: bool | None
    reading: PathReading


def _import(
    store: Store,
    entries: Iterator[Entry],
    total: int,
    wishes: _Wishes,
    progress: Progress | None,
    cancelled: Cancelled | None,
) -> ImportReport:
    report = ImportReport()
    own = {known.name.casefold() for known in store.labels.list(all=True)}
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
                except ExchangeError as error:
                    entry, data = replace(entry, problem=str(error)), b""
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
    if label is not None and not entry.from_table:
        kept = {name.casefold() for name in wishes.reading.kept}
        label = meant_by(label, own, kept) if wishes.reading.by_folder else None
    if label is None and not entry.answer:
        label = wishes.label
    subject = entry.subject or wishes.subject
    source = entry.source or "import"
    try:
        label = checked_name(label) if label is not None else None
        if entry.from_table and wishes.find_faces is not True and (entry.box is not None or entry.source == "fer"):
            crop = whole_crop(data, decode(data), entry.box, entry.points)
            return [NewFace(crop, label, subject, entry.session, source, entry.created, answer=entry.answer)]
        faces = new_faces(data, label, subject, entry.session, source, wishes.find_faces)
        return [replace(face, created=entry.created, answer=entry.answer) for face in faces]
    except (BadImage, LabelError) as error:
        return str(error)


def _write(store: Store, batch: list[NewFace], report: ImportReport) -> None:
    try:
        results = store.images.add_all(batch, new_labels=True)
    except StoreError as error:
        raise StoreError(f"{error} {report.added} pictures were imported before; import again to go on.") from error
    report.added += sum(result.state == "added" for result in results)
    report.already_there += sum(result.state != "added" for result in results)
