"""A data set out: as a zip of folders, or as FER's CSV.

The zip has one folder a label and a metadata.csv (file_name, label, subject, session, source, box, points, time,
answer): Hugging Face's `imagefolder` loads it, and Create ML opens it, unpacked, as an image classifier's data. Images
without a label stand in folders that begin with an underscore. What a damaged database does not give is left out by
name.
"""

from __future__ import annotations

import csv
import io
import math
import os
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from labeling.cells import as_cell
from labeling.fer import EMOTIONS, SIDE
from labeling.metadata import COLUMNS, MAX_BOX, TABLE, cells_of, folder_of
from labeling.reports import Cancelled, ExportReport, Progress, Refusal
from labeling.salvage import DamagedImage, read_bytes, readable_images
from labeling.second_look import points_near
from labeling.store import Store
from labeling.stored_faces import ImageRecord
from models.crop import face_crop
from models.errors import disk_error
from models.pictures import BadImage, decode


def export_zip(
    store: Store, path: Path, progress: Progress | None = None, cancelled: Cancelled | None = None
) -> ExportReport:
    """Writes every image that is not deleted and can be read into a zip (see above).

    Raises:
        DiskError: the file cannot be written; an older one in its place stays, as it does after `cancelled`.
        StoreError: the database cannot be read at all.
    """
    export = _Export(store, progress, cancelled)
    table = io.StringIO(newline="")
    writer = csv.DictWriter(table, COLUMNS)
    writer.writeheader()
    try:
        with written_whole(Path(path)) as part, zipfile.ZipFile(part, "w", zipfile.ZIP_STORED) as archive:
            for image, data in export.images():
                kind = "png" if data[:4] == b"\x89PNG" else "jpg"
                name = f"{folder_of(image)}/{image.sha256[:24]}.{kind}"
                archive.writestr(name, data)
                writer.writerow(cells_of(image, name))
                export.written += 1
            archive.writestr(TABLE, table.getvalue(), zipfile.ZIP_DEFLATED)
    except _Stopped:
        return export.report(cancelled=True)
    return export.report()


def export_csv(
    store: Store, path: Path, progress: Progress | None = None, cancelled: Cancelled | None = None
) -> ExportReport:
    """Writes the labelled faces that can be read as FER-2013's CSV: emotion, pixels (48×48 grey), Usage; and `label`.

    FER-2013 knows seven emotions, 0…6; contempt is 7, and labels of one's own follow from 8 in their order.

    Raises:
        DiskError: the file cannot be written; an older one in its place stays, as it does after `cancelled`.
        StoreError: the database cannot be read at all.
    """
    export = _Export(store, progress, cancelled)
    own = [label.name for label in store.labels.list(all=True) if label.name not in EMOTIONS]
    numbers = {name: number for number, name in enumerate((*EMOTIONS, *own))}
    try:
        with written_whole(Path(path)) as part, part.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(("emotion", "pixels", "Usage", "label"))
            for image, data in export.images(labelled=True):
                try:
                    pixels = _pixels(image, data)
                except DamagedImage as error:
                    export.leave_out(image, error)
                    continue
                label = image.label or ""
                number = numbers.setdefault(label, len(numbers))  # it may be renamed by now
                writer.writerow((number, " ".join(map(str, pixels)), "Training", as_cell(label)))
                export.written += 1
    except _Stopped:
        return export.report(cancelled=True)
    return export.report()


class _Stopped(Exception):
    """Whoever asked for the export wants it no more."""


class _Export:
    """An export under way: what it has written, and what it could not read."""

    def __init__(self, store: Store, progress: Progress | None, cancelled: Cancelled | None) -> None:
        self.store, self.progress, self.cancelled = store, progress, cancelled
        self.written = 0
        self.unreadable: list[Refusal] = []

    def images(self, labelled: bool = False) -> Iterator[tuple[ImageRecord, bytes]]:
        """Each image with its bytes; with `labelled` only of those that have a label."""
        images, self.unreadable = readable_images(self.store)
        images = [image for image in images if image.answer == "label" or not labelled]
        for done, image in enumerate(images, start=1):
            try:
                data = read_bytes(self.store, image)
            except DamagedImage as error:
                self.leave_out(image, error)
            else:
                if data is not None:
                    yield image, data
            if self.progress is not None:
                self.progress(done, len(images))
            if self.cancelled is not None and self.cancelled():
                raise _Stopped

    def leave_out(self, image: ImageRecord, error: DamagedImage) -> None:
        self.unreadable.append(Refusal(f"image {image.id}", str(error)))

    def report(self, cancelled: bool = False) -> ExportReport:
        return ExportReport(0 if cancelled else self.written, self.unreadable, cancelled)


def _pixels(image: ImageRecord, data: bytes) -> list[int]:
    """An image's face as FER-2013 has it. Raises DamagedImage: there is no face to cut out."""
    if not all(math.isfinite(number) and abs(number) <= MAX_BOX for number in image.box.as_tuple()):
        raise DamagedImage("its face's box is damaged in the database.")
    try:
        rgb = decode(data)
        points = points_near(rgb, image.box) if image.points is None else image.points
        face = face_crop(rgb, points, SIDE, image.box)
    except BadImage as error:
        raise DamagedImage(f"its picture cannot be decoded: {error}") from error
    pixels: list[int] = face.ravel().tolist()
    assert len(pixels) == SIDE**2
    return pixels


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """A file beside `path` that takes its place when the block ends, unless it is gone or the block raised.

    Raises:
        DiskError: it cannot be written; an older file at `path` stays.
    """
    part = path.with_name(path.name + ".part")
    try:
        yield part
        if part.exists():
            with part.open("rb") as file:
                os.fsync(file.fileno())
            part.replace(path)
    except OSError as error:
        raise disk_error(error, f"{path} cannot be written") from error
    finally:
        part.unlink(missing_ok=True)
