"""Deleted for good: not in any file, not held up by readers, and not another server's to do."""

from __future__ import annotations

import errno
import os
import signal
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from labeling.migrations import HEAD
from labeling.schema import ImageRow, now
from labeling.store import Store
from models.errors import DiskError
from tests.labeling.face_patterns import face, open_store


def files_of(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir())


@contextmanager
def reader(path: Path) -> Iterator[None]:
    """Another program's reading transaction, which SQLite's checkpoint has to wait for."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("BEGIN")
        connection.execute("SELECT count(*) FROM images").fetchone()
        yield


def is_in_a_file(folder: Path, piece: bytes) -> bool:
    return any(piece in path.read_bytes() for path in folder.glob("mien*"))


def test_a_reader_does_not_hold_up_a_purge_nor_a_purge_the_writers(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    image = store.images.add(face(1), subject="Zebedee Quillfeather").image_id
    piece = face(1).data[-90:-30]
    store.deletion.delete([image])
    with reader(tmp_path / "mien.db"):
        began = time.monotonic()
        assert store.deletion.purge() == 1
        assert store.deletion.wiping
        waits = []
        for number in range(2, 30):
            one = time.monotonic()
            store.images.add(face(number))
            waits.append(time.monotonic() - one)
            time.sleep(0.05)
        assert max(waits) < 2, waits
        assert time.monotonic() - began < 20
        assert store.deletion.wiping and is_in_a_file(tmp_path, piece)
    for _ in range(200):
        if not store.deletion.wiping:
            break
        time.sleep(0.1)
    assert not store.deletion.wiping
    assert not is_in_a_file(tmp_path, piece) and not is_in_a_file(tmp_path, b"Zebedee Quillfeather")
    assert store.gallery.page().total == 28 and store.database.check() == "ok"


def test_a_store_that_is_closed_while_it_waits_for_a_reader_closes_at_once(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    store.deletion.delete([store.images.add(face(1)).image_id])
    with reader(tmp_path / "mien.db"):
        store.deletion.purge()
        closing = threading.Thread(target=store.close)
        closing.start()
        closing.join(5)
        assert not closing.is_alive()


def test_what_a_killed_server_had_purged_is_wiped_at_the_next_start(tmp_path: Path) -> None:
    pid = os.fork()
    if pid == 0:  # purges, and is killed before it comes to wiping
        store = open_store(tmp_path)
        store.deletion.delete([store.images.add(face(1)).image_id])
        store.deletion._wipe = lambda: os.kill(os.getpid(), signal.SIGKILL)  # type: ignore[method-assign]
        store.deletion.purge()
    os.waitpid(pid, 0)
    piece = face(1).data[-90:-30]
    assert is_in_a_file(tmp_path, piece)
    store = open_store(tmp_path)
    assert store.deletion.purge_left([]) == 0
    assert not is_in_a_file(tmp_path, piece)
    store.close()


def test_a_backup_stays_until_images_are_purged(tmp_path: Path) -> None:
    backup = tmp_path / f"mien.before-{HEAD}-from-0001.db"
    store = open_store(tmp_path)
    backup.write_bytes(b"the data set in its old format")
    assert store.deletion.purge_left([]) == 0 and store.deletion.purge() == 0 and backup.exists()
    store.deletion.delete([store.images.add(face(1)).image_id])
    assert store.deletion.purge() == 1 and not backup.exists()
    store.close()


@pytest.fixture
def two(tmp_path: Path) -> Iterator[tuple[Store, Store]]:
    """The stores of two servers on one database."""
    url = f"sqlite:///{tmp_path / 'mien.db'}"
    first, second = Store(url, server="first"), Store(url, server="second")
    yield first, second
    first.close()
    second.close()


def test_a_second_server_leaves_alone_what_the_first_can_restore(two: tuple[Store, Store]) -> None:
    first, second = two
    image = first.images.add(face(1)).image_id
    first.deletion.delete([image])
    assert second.deletion.purge_left([]) == 0 and second.deletion.purge_own() == 0
    assert first.deletion.restore([image]) == 1
    first.deletion.delete([image])
    assert second.deletion.purge_left(["first"]) == 1
    assert first.deletion.restore([image]) == 0


def test_what_was_deleted_more_than_a_day_ago_is_purged_whoever_did_it(two: tuple[Store, Store]) -> None:
    first, second = two
    ids = [first.images.add(face(number)).image_id for number in range(2)]
    first.deletion.delete(ids)
    with first.database.writing() as connection:
        old = now() - timedelta(days=1, minutes=1)
        connection.execute(update(ImageRow).where(ImageRow.id == ids[0]).values(deleted=old))
    assert second.deletion.purge_left([]) == 1
    assert first.deletion.restore(ids) == 1


def test_a_server_that_stops_purges_what_it_deleted_itself(two: tuple[Store, Store]) -> None:
    first, second = two
    mine, other, removed = (first.images.add(face(number)).image_id for number in range(3))
    first.deletion.delete([mine])
    second.deletion.delete([other])
    first.labels.add("wink")
    first.annotations.annotate([removed], "wink")
    first.labels.remove("wink", delete_images=True)
    assert first.deletion.purge_own() == 2
    assert second.deletion.restore([mine, other, removed]) == 1


def test_a_picture_that_comes_again_is_nobodys_deletion_any_more(two: tuple[Store, Store]) -> None:
    first, _ = two
    first.deletion.delete([first.images.add(face(1)).image_id])
    assert first.images.add(face(1)).state == "duplicate"
    assert first.deletion.purge_own() == 0 and first.gallery.page().total == 1


def test_deletion_is_undone_or_else_the_bytes_leave_every_file(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    kept, gone = face(1), face(2)
    first = store.images.add(kept, subject="Ada").image_id
    second = store.images.add(gone, subject="Bo").image_id
    assert store.deletion.delete([first, second]) == 2
    assert store.deletion.restore([first]) == 1
    assert gone.data[-90:-30] in files_of(tmp_path)
    assert store.deletion.purge() == 1
    assert gone.data[-90:-30] not in files_of(tmp_path)
    assert kept.data[-90:-30] in files_of(tmp_path)
    assert store.deletion.restore([second]) == 0
    assert store.deletion.delete_where(subject="Ada") == [first]
    store.deletion.purge([first])
    assert kept.data[-90:-30] not in files_of(tmp_path)


def test_delete_everything_keeps_the_labels(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    for number in range(5):
        store.images.add(face(number), label="fear")
    assert len(store.deletion.delete_where()) == 5
    assert store.deletion.purge() == 5
    assert store.gallery.page().total == 0
    assert len(store.labels.list()) == 8


def test_where_a_backup_cannot_be_removed_nothing_is_purged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = open_store(tmp_path)
    backup = tmp_path / f"mien.before-{HEAD}-from-0001.db"
    backup.write_bytes(b"older")
    image = store.images.add(face(1)).image_id
    store.deletion.delete([image])

    def refuse(path: Path, missing_ok: bool = False) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    with monkeypatch.context() as patched, pytest.raises(DiskError, match="cannot be removed: Permission denied"):
        patched.setattr(Path, "unlink", refuse)
        store.deletion.purge()
    assert backup.exists() and store.deletion.restore([image]) == 1
