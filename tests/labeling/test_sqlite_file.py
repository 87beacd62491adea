from __future__ import annotations

import sqlite3
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from labeling.sqlite_file import BUSY_SECONDS
from labeling.store import Store
from labeling.store_errors import StoreError
from tests.labeling.face_patterns import face, open_store


def test_every_connection_is_durable_and_safe(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    for block in (store.database.reading, store.database.writing):
        with block() as connection:
            pragma = {
                name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
                for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "busy_timeout")
            }
        assert pragma == {
            "journal_mode": "wal",
            "synchronous": 2,
            "foreign_keys": 1,
            "secure_delete": 1,
            "busy_timeout": 30_000,
        }


@pytest.mark.parametrize("content", [b"hello, I am no database" * 50, b"SQLite format 3\0" + b"\xff" * 5000])
def test_what_is_no_database_is_left_as_it_is(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "mien.db").write_bytes(content)
    with pytest.raises(StoreError, match=r"mien\.db is damaged .*backup"):
        open_store(tmp_path)
    assert (tmp_path / "mien.db").read_bytes() == content


@pytest.mark.parametrize("damage", ["cut", "overwritten"])
def test_a_damaged_database_is_named(tmp_path: Path, damage: str) -> None:
    store = open_store(tmp_path)
    for number in range(20):
        store.images.add(face(number), label="fear")
    store.close()
    path = tmp_path / "mien.db"
    data = path.read_bytes()
    half = len(data) // 2
    path.write_bytes(data[:half] if damage == "cut" else data[: half // 2] + b"\xa5" * half + data[half // 2 + half :])
    with pytest.raises(StoreError, match=r"mien\.db is damaged"):
        open_store(tmp_path)


def test_a_folder_in_the_databases_place_is_named(tmp_path: Path) -> None:
    (tmp_path / "mien.db").mkdir()
    with pytest.raises(StoreError, match="is a folder"):
        open_store(tmp_path)


def test_two_stores_of_one_process_keep_what_they_write_when_another_process_comes_and_goes(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'mien.db'}"
    opened = "import sys; from labeling.store import Store; s = Store(sys.argv[1]); "
    visit = opened + "print(s.labels.get('two')); s.close()"
    one, other = Store(url), Store(url)
    visitor = [sys.executable, "-c", opened + "s.labels.list(); s.close()", url]
    subprocess.run(visitor, check=True, timeout=120)
    one.labels.add("two")
    seen = subprocess.run([sys.executable, "-c", visit, url], capture_output=True, text=True, timeout=120)
    assert "two" in seen.stdout, seen.stderr
    one.close()
    other.close()


def test_a_new_connection_reads_while_another_program_writes(tmp_path: Path) -> None:
    path = tmp_path / "mien.db"
    Store(f"sqlite:///{path}").close()
    store = Store(f"sqlite:///{path}")
    names = store.labels.list()
    with closing(sqlite3.connect(path, isolation_level=None)) as other, ThreadPoolExecutor(8) as readers:
        other.execute("BEGIN IMMEDIATE")
        began = time.monotonic()
        read = list(readers.map(lambda _: store.labels.list(), range(32)))
        assert time.monotonic() - began < BUSY_SECONDS / 2
    assert read == [names] * 32
    store.close()
