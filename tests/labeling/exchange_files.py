"""Files to import for these tests, and faults to put deep inside."""

from __future__ import annotations

import csv
import errno
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path

import numpy as np

from labeling.store import Store
from labeling.stored_faces import NewFace
from models.pictures import encode_jpeg
from tests.labeling.face_patterns import face, open_store, picture

TIME = datetime(2026, 5, 4, 3, 2, 1, 987654, tzinfo=timezone.utc)
FAULTS = [KeyError("deep"), ValueError("deep"), OSError("deep"), OSError(errno.EINVAL, "deep")]


def filled(folder: Path) -> Store:
    folder.mkdir(parents=True)
    store = open_store(folder)
    store.labels.add("raised brow ☺")
    faces = [
        NewFace(face(1), "fear", "Ada, “the first”", "s1", "camera", TIME),
        NewFace(replace(face(2), box=face(3, 50).box), "raised brow ☺", "=1+1", None, "live", TIME),
        NewFace(face(3, 48), None, None, None, "upload", TIME),
        NewFace(face(4), None, None, "s2", "upload", TIME, answer="skip"),
        NewFace(face(5), None, None, "s2", "upload", TIME, answer="not_a_face"),
    ]
    store.images.add_all(faces)
    return store


def jpeg(number: int) -> bytes:
    return encode_jpeg(picture(number, 100))


def zipped(path: Path, entries: dict[str | zipfile.ZipInfo, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return path


def fer_rows(count: int) -> list[tuple[str, str, str]]:
    rng = np.random.default_rng(0)
    return [(str(n % 7), " ".join(map(str, rng.integers(0, 256, 48 * 48))), "Training") for n in range(count)]


def write_csv(path: Path, rows: list[tuple]) -> Path:
    with path.open("w", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def raising(fault: Exception) -> Callable[..., None]:
    def raises(*_: object, **__: object) -> None:
        raise fault

    return raises
