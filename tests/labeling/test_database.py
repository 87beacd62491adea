from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from labeling import sqlite_file
from labeling.store_errors import StoreError
from tests.labeling.face_patterns import face, open_store


def test_a_read_only_database_is_named(tmp_path: Path) -> None:
    """In a process without root's rights, which no permission stops."""
    store = open_store(tmp_path)
    store.close()
    (tmp_path / "mien.db").chmod(0o444)
    tmp_path.chmod(0o555)
    script = (
        "import os, sys\n"
        "from labeling.store import Store\n"
        "from labeling.store_errors import StoreError\n"
        "if os.getuid() == 0: os.setgid(65534); os.setuid(65534)\n"
        f"try: Store('sqlite:///{tmp_path}/mien.db').labels.add('wink')\n"
        "except StoreError as error: print(error); sys.exit(3)\n"
    )
    for folder in tmp_path.parents:
        if folder.owner() == tmp_path.owner() and folder != Path("/"):
            folder.chmod(folder.stat().st_mode | 0o011)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=Path.cwd(), check=False)
    tmp_path.chmod(0o755)
    assert done.returncode == 3, done.stderr
    assert "mien.db" in done.stdout
    assert "read-only" in done.stdout or "cannot be opened" in done.stdout


def test_a_full_disk_changes_nothing_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = open_store(tmp_path)
    first = store.images.add(face(1)).image_id
    store.close()
    with closing(sqlite3.connect(tmp_path / "mien.db")) as connection:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
    original = sqlite_file.prepare

    def prepare(connection: sqlite3.Connection, record: object) -> None:
        original(connection, record)
        connection.execute(f"PRAGMA max_page_count = {pages + 1}").fetchall()

    monkeypatch.setattr(sqlite_file, "prepare", prepare)
    full = open_store(tmp_path)
    for attempt in range(2):
        with pytest.raises(StoreError, match=r"disk is full: .*mien\.db"):
            full.images.add(face(2 + attempt, 400))
    assert full.gallery.page().total == 1
    assert full.images.data(first) == face(1).data
    full.close()
    monkeypatch.undo()
    store = open_store(tmp_path)
    assert store.images.add(face(2, 400)).state == "added"
    assert store.database.check() == "ok"


def test_a_damaged_row_is_said_to_be_the_databases(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    store.images.add(face(1))
    for moment in (2**62, "yesterday"):
        with store.database.writing() as connection:
            connection.execute(text("UPDATE images SET created = :moment"), {"moment": moment})
        with pytest.raises(StoreError, match=r"mien\.db is damaged"):
            store.gallery.page()


@pytest.mark.parametrize("fault", [KeyError("deep"), ValueError("deep"), OSError("deep")], ids=repr)
def test_a_fault_inside_a_transaction_comes_out_as_itself_and_undoes_it(tmp_path: Path, fault: Exception) -> None:
    store = open_store(tmp_path)
    for block in (store.database.reading, store.database.writing):
        with pytest.raises(type(fault)) as raised, block() as connection:
            if block == store.database.writing:
                connection.execute(text("DELETE FROM labels"))
            raise fault
        assert raised.value is fault
    assert len(store.labels.list()) == 8
