"""Deleted: kept in the trash for its time, and then for good: not in any file, not held up by readers."""

from __future__ import annotations

import errno
import os
import signal
import sqlite3
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from labeling.migrations import HEAD
from labeling.trash import TrashFigures
from models.errors import DiskError
from tests.labeling.face_patterns import age_trash, face, open_store


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
        store.deletion._wiper.wipe = lambda: os.kill(os.getpid(), signal.SIGKILL)  # type: ignore[method-assign]
        store.deletion.purge()
    os.waitpid(pid, 0)
    piece = face(1).data[-90:-30]
    assert is_in_a_file(tmp_path, piece)
    store = open_store(tmp_path)
    assert store.deletion.clean_up() == 0
    assert not is_in_a_file(tmp_path, piece)
    store.close()


def test_a_backup_stays_until_images_are_purged(tmp_path: Path) -> None:
    backup = tmp_path / f"mien.before-{HEAD}-from-0001.db"
    store = open_store(tmp_path)
    backup.write_bytes(b"the data set in its old format")
    assert store.deletion.clean_up() == 0 and store.deletion.purge() == 0 and backup.exists()
    store.deletion.delete([store.images.add(face(1)).image_id])
    assert store.deletion.purge() == 1 and not backup.exists()
    store.close()


def test_the_trash_keeps_an_image_for_thirty_days(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    old, young = (store.images.add(face(number)).image_id for number in range(2))
    store.deletion.delete([old])
    age_trash(store, days=1.1)
    store.deletion.delete([young])
    age_trash(store, days=28.8)
    assert store.deletion.clean_up() == 0 and store.trash.figures().images == 2
    age_trash(store, days=0.2)
    assert store.deletion.clean_up() == 1
    assert [image.id for image in store.trash.page()] == [young]
    assert not is_in_a_file(tmp_path, face(0).data[-90:-30]) and is_in_a_file(tmp_path, face(1).data[-90:-30])


def test_what_one_process_deletes_another_can_bring_back_after_it_is_gone(tmp_path: Path) -> None:
    first = open_store(tmp_path)
    image = first.images.add(face(1)).image_id
    first.deletion.delete([image])
    first.close()
    second = open_store(tmp_path)
    assert second.deletion.clean_up() == 0
    assert second.deletion.restore() == 1 and second.gallery.page().total == 1


def test_a_purge_that_is_killed_in_the_middle_is_finished_by_the_next_clean_up(tmp_path: Path) -> None:
    pid = os.fork()
    if pid == 0:  # marks what is to go, and is killed before any of it is removed
        store = open_store(tmp_path)
        store.deletion.delete([store.images.add(face(number)).image_id for number in range(3)])
        store.deletion._remove_doomed = lambda: os.kill(os.getpid(), signal.SIGKILL)  # type: ignore[method-assign]
        store.deletion.purge()
    os.waitpid(pid, 0)
    store = open_store(tmp_path)
    assert is_in_a_file(tmp_path, face(1).data[-90:-30])
    assert store.trash.figures().images == 0 and store.trash.page() == [] and store.deletion.restore() == 0
    store.deletion.clean_up()
    assert not any(is_in_a_file(tmp_path, face(number).data[-90:-30]) for number in range(3))


def test_what_is_being_removed_for_good_does_not_come_back_with_its_picture(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    image = store.images.add(face(1), label="fear", subject="Ada").image_id
    store.deletion.delete([image])
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(store.deletion, "_remove_doomed", lambda: None)  # as if it had been killed here
        assert store.deletion.purge() == 1
    added = store.images.add(face(1), label="anger")
    assert added.state == "added" and added.image_id != image
    item = store.gallery.item(added.image_id)
    assert (item.label, item.subject) == ("anger", None)
    assert [answer.label for answer in store.annotations.history(added.image_id)] == ["anger"]
    store.deletion.clean_up()
    assert store.gallery.page().total == 1


def test_emptying_takes_what_was_there_when_it_was_asked(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    first, later = (store.images.add(face(number)).image_id for number in range(2))
    store.deletion.delete([first])
    seen = store.trash.figures()
    time.sleep(0.001)
    store.deletion.delete([later])
    assert store.deletion.purge(until=seen.newest) == 1
    assert [image.id for image in store.trash.page()] == [later]


def test_two_that_empty_the_trash_at_once_remove_each_image_once(tmp_path: Path) -> None:
    stores = [open_store(tmp_path) for _ in range(2)]
    stores[0].deletion.delete([stores[0].images.add(face(number)).image_id for number in range(30)])
    with ThreadPoolExecutor(2) as both:
        assert sum(both.map(lambda store: store.deletion.purge(), stores)) == 30
    assert stores[0].trash.figures() == TrashFigures(0, 0, [], None)


def test_a_persons_images_are_deleted_for_good_from_the_trash_too(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    ids = [store.images.add(face(n), subject="Ada" if n < 4 else "Bo").image_id for n in range(6)]
    store.deletion.delete([ids[0], ids[5]])
    assert store.trash.figures().people == [("Ada", 1), ("Bo", 1)]
    assert store.deletion.delete_for_good(subject="Ada") == 4
    assert not any(is_in_a_file(tmp_path, face(number).data[-90:-30]) for number in range(4))
    assert [image.id for image in store.trash.page()] == [ids[5]] and store.gallery.page().total == 1
    assert store.deletion.delete_for_good(ids[4:]) == 2
    assert store.deletion.delete_for_good() == 0


def test_the_trash_says_how_many_how_large_and_whose(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    kept, first, second = (store.images.add(face(n), label="fear", subject="Ada").image_id for n in range(3))
    store.deletion.delete([first])
    time.sleep(0.001)
    store.deletion.delete([second])
    figures = store.trash.figures()
    assert (figures.images, figures.people) == (2, [("Ada", 2)])
    assert figures.bytes == len(face(1).data) + len(face(2).data)
    page = store.trash.page(size=1)
    assert [(image.id, image.label, image.subject) for image in page] == [(second, "fear", "Ada")]
    assert page[0].deleted == figures.newest
    assert [image.id for image in store.trash.page(page=1, size=1)] == [first]
    assert store.images.count() == 1 and store.overview.label_counts() == {"fear": 1}
    assert [found.image_id for found in store.images.training_faces()] == [kept]


def test_deletion_is_undone_or_else_the_bytes_leave_every_file(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    kept, gone = face(1), face(2)
    first = store.images.add(kept, subject="Ada").image_id
    second = store.images.add(gone, subject="Bo").image_id
    assert store.deletion.delete([first, second]).images == [first, second]
    assert store.deletion.restore([first]) == 1
    assert gone.data[-90:-30] in files_of(tmp_path)
    assert store.deletion.purge() == 1
    assert gone.data[-90:-30] not in files_of(tmp_path)
    assert kept.data[-90:-30] in files_of(tmp_path)
    assert store.deletion.restore([second]) == 0
    assert store.deletion.delete_where(subject="Ada").images == [first]
    store.deletion.purge([first])
    assert kept.data[-90:-30] not in files_of(tmp_path)


def test_delete_everything_keeps_the_labels(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    for number in range(5):
        store.images.add(face(number), label="fear")
    assert len(store.deletion.delete_where().images) == 5
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
