"""Exports from database files of which some pages are overwritten."""

from __future__ import annotations

import csv
import hashlib
import io
import random
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path

import pytest

from labeling import sqlite_file
from labeling.export_formats import export_csv, export_zip
from labeling.reports import ExportReport, Refusal
from labeling.sqlite_file import PAGE_BYTES
from labeling.store import Store
from labeling.store_errors import StoreError
from labeling.stored_faces import NewFace, StoredCrop
from tests.labeling.face_patterns import face, open_store

IMAGES = 200
DELETED = 120
LARGE = 17
TABLE_LEAF = 0x0D


@cache
def stored(number: int) -> StoredCrop:
    return face(number, 200 if number == LARGE else 48)


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A database of 200 faces, of which one is deleted softly."""
    folder = tmp_path_factory.mktemp("sound")
    store = open_store(folder)
    store.images.add_all([NewFace(stored(number), "fear", f"Ada {number}") for number in range(1, IMAGES + 1)])
    store.deletion.delete([DELETED])
    store.close()
    return (folder / "mien.db").read_bytes()


@pytest.fixture(autouse=True)
def unchecked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_file, "CHECKED_BYTES", 0)


@contextmanager
def opened(folder: Path, data: bytes | bytearray) -> Iterator[Store]:
    (folder / "mien.db").write_bytes(data)
    store = open_store(folder)
    yield store
    store.close()


def garbage(data: bytes, page: int, start: int = 0, count: int = PAGE_BYTES) -> bytes:
    """`data` with `count` bytes of a page overwritten; pages are counted from 0."""
    at = page * PAGE_BYTES + start
    return data[:at] + random.Random(page).randbytes(count) + data[at + count :]


def overflow_page(data: bytes, image_id: int) -> int:
    """A page in the middle of those on which an image's bytes stand."""
    picture = stored(image_id).data
    assert len(picture) > 3 * PAGE_BYTES
    return data.index(picture[len(picture) // 2 :][:100]) // PAGE_BYTES


def row_page(data: bytes, image_id: int) -> int:
    """The page of the images table on which an image's row stands: an index has its hash, too."""
    sha256, at = stored(image_id).sha256.encode(), -1
    while data[(page := (at := data.index(sha256, at + 1)) // PAGE_BYTES) * PAGE_BYTES] != TABLE_LEAF:
        pass
    return page


def rows_on(data: bytes, page: int) -> list[int]:
    content = data[page * PAGE_BYTES :][:PAGE_BYTES]
    return [number for number in range(1, IMAGES + 1) if stored(number).sha256.encode() in content]


def indexes(data: bytes, folder: Path) -> list[int]:
    """The first page of each index of the images table."""
    (folder / "look.db").write_bytes(data)
    with closing(sqlite3.connect(folder / "look.db")) as connection:
        query = "SELECT rootpage - 1 FROM sqlite_master WHERE name LIKE 'ix_images_%'"
        return [page for (page,) in connection.execute(query)]


def changed(data: bytes, folder: Path, *statements: str) -> bytes:
    (folder / "look.db").write_bytes(data)
    with closing(sqlite3.connect(folder / "look.db")) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    return (folder / "look.db").read_bytes()


def exported(folder: Path) -> set[str]:
    """The hashes of the pictures in the zip; its table names each of them."""
    with zipfile.ZipFile(folder / "out.zip") as archive:
        rows = csv.DictReader(io.TextIOWrapper(archive.open("metadata.csv"), "utf-8", newline=""))
        return {hashlib.sha256(archive.read(row["file_name"])).hexdigest() for row in rows}


def all_but(*lost: int) -> set[str]:
    return {stored(number).sha256 for number in range(1, IMAGES + 1) if number not in (DELETED, *lost)}


@pytest.mark.parametrize(("start", "count"), [(0, PAGE_BYTES), (0, 4), (100, 50)])
def test_a_damaged_page_of_a_pictures_bytes_costs_that_picture_alone(
    tmp_path: Path, sound: bytes, start: int, count: int
) -> None:
    with opened(tmp_path, garbage(sound, overflow_page(sound, LARGE), start, count)) as store:
        for export, name in ((export_zip, "out.zip"), (export_csv, "out.csv")):
            report = export(store, tmp_path / name)
            assert report == ExportReport(198, [Refusal("image 17", "its bytes are damaged in the database.")])
    assert str(report) == "198 images written; 1 could not be read:\n  image 17: its bytes are damaged in the database."
    assert exported(tmp_path) == all_but(LARGE)
    assert len((tmp_path / "out.csv").read_text().splitlines()) == 199


@pytest.mark.parametrize("image_id", [1, 90, DELETED + 1, IMAGES])
def test_a_damaged_page_of_rows_costs_the_images_that_were_on_it(tmp_path: Path, sound: bytes, image_id: int) -> None:
    page = row_page(sound, image_id)
    lost = [number for number in rows_on(sound, page) if number != DELETED]
    assert image_id in lost
    with opened(tmp_path, garbage(sound, page)) as store:
        report = export_zip(store, tmp_path / "out.zip")
    assert report.unreadable == [Refusal(f"image {number}", "its row is damaged in the database.") for number in lost]
    assert report.written == IMAGES - 1 - len(lost)
    assert exported(tmp_path) == all_but(*lost)


def test_where_no_index_tells_which_images_there_were_their_range_is_named(tmp_path: Path, sound: bytes) -> None:
    data = garbage(sound, page := row_page(sound, 90))
    for index in indexes(sound, tmp_path):
        data = garbage(data, index)
    lost = rows_on(sound, page)
    with opened(tmp_path, data) as store:
        report = export_zip(store, tmp_path / "out.zip")
    (refusal,) = report.unreadable
    assert refusal.name == f"images {lost[0]} to {lost[-1]}"
    assert exported(tmp_path) == all_but(*lost)


def test_damaged_indexes_alone_cost_nothing(tmp_path: Path, sound: bytes) -> None:
    data = sound
    for index in indexes(sound, tmp_path):
        data = garbage(data, index)
    with opened(tmp_path, data) as store:
        assert export_zip(store, tmp_path / "out.zip") == ExportReport(199)
    assert exported(tmp_path) == all_but()


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("UPDATE images SET created = 9223372036854775807 WHERE id = 17", "its row is damaged in the database."),
        ("UPDATE images SET subject = X'00ff' WHERE id = 17", "its row is damaged in the database."),
        ("UPDATE images SET subject = CAST(X'ff' AS TEXT) WHERE id = 17", "its row is damaged in the database."),
        ("UPDATE images SET answer = 'lobel' WHERE id = 17", "its row is damaged in the database."),
        ("UPDATE image_data SET data = 'text' WHERE image_id = 17", "its bytes are damaged in the database."),
        ("DELETE FROM image_data WHERE image_id = 17", "its bytes are missing in the database."),
    ],
)
def test_a_page_that_passes_for_another_is_found_out(tmp_path: Path, sound: bytes, statement: str, reason: str) -> None:
    with opened(tmp_path, changed(sound, tmp_path, statement)) as store:
        assert export_zip(store, tmp_path / "out.zip") == ExportReport(198, [Refusal("image 17", reason)])
    assert exported(tmp_path) == all_but(LARGE)


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        (
            f"UPDATE image_data SET data = CAST('hello' AS BLOB) WHERE image_id = 17; UPDATE images SET sha256 = "
            f"'{hashlib.sha256(b'hello').hexdigest()}' WHERE id = 17",
            "its picture cannot be decoded: This is not a picture in a known format",
        ),
        ("UPDATE images SET box_height = 1e300 WHERE id = 17", "its face's box is damaged in the database."),
        ("UPDATE images SET box_x = 9e999 WHERE id = 17", "its face's box is damaged in the database."),
    ],
)
def test_a_face_that_cannot_be_cut_out_is_left_out_of_the_csv_by_name(
    tmp_path: Path, sound: bytes, statement: str, reason: str
) -> None:
    with opened(tmp_path, changed(sound, tmp_path, *statement.split(";"))) as store:
        report = export_csv(store, tmp_path / "out.csv")
    assert (report.written, [refusal.name for refusal in report.unreadable]) == (198, ["image 17"])
    assert report.unreadable[0].reason.startswith(reason)


def test_what_is_purged_meanwhile_is_not_missed(tmp_path: Path, sound: bytes) -> None:
    with opened(tmp_path, sound) as store:
        report = export_zip(
            store, tmp_path / "out.zip", lambda done, _: store.deletion.purge([DELETED]) if done == 9 else None
        )
        assert report == ExportReport(199)

        def purge(done: int, total: int) -> None:
            if done == 9:
                store.deletion.delete([17])
                store.deletion.purge([17])

        steps: list[tuple[int, int]] = []
        report = export_zip(store, tmp_path / "out.zip", lambda *step: (purge(*step), steps.append(step)))
    assert report == ExportReport(198)
    assert steps[-1] == (199, 199)


@pytest.mark.parametrize("name", ["labels", "images"])
def test_where_the_labels_or_every_row_cannot_be_read_nothing_is_written(
    tmp_path: Path, sound: bytes, name: str
) -> None:
    (tmp_path / "out.zip").write_bytes(b"older")
    (tmp_path / "look.db").write_bytes(sound)
    with closing(sqlite3.connect(tmp_path / "look.db")) as connection:
        ((root,),) = connection.execute("SELECT rootpage - 1 FROM sqlite_master WHERE name = ?", (name,))
    with opened(tmp_path, garbage(sound, root)) as store, pytest.raises(StoreError, match=r"mien\.db is damaged"):
        export_zip(store, tmp_path / "out.zip")
    assert (tmp_path / "out.zip").read_bytes() == b"older"
