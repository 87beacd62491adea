from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import event

from labeling import migrating, sqlite_file
from labeling.schema import Base
from labeling.store import Store
from labeling.store_errors import StoreError
from tests.labeling.face_patterns import face, open_store


def test_the_migrations_make_the_schema(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    with store.database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert compare_metadata(context, Base.metadata) == []
    assert store.database.backups() == []


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


def test_an_older_database_is_backed_up_before_it_is_migrated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = open_store(tmp_path)
    image = store.images.add(face(1), label="fear").image_id
    store.close()
    migrations = tmp_path / "migrations"
    (migrations / "versions").mkdir(parents=True)
    for path in migrating.MIGRATIONS.rglob("*.py"):
        (migrations / path.relative_to(migrating.MIGRATIONS)).write_text(path.read_text())
    (migrations / "versions" / "0003_next.py").write_text(
        "import sqlalchemy as sa\nfrom alembic import op\nrevision = '0003'\ndown_revision = '0002'\n"
        "def upgrade():\n    op.add_column('images', sa.Column('note', sa.Text()))\n"
    )
    monkeypatch.setattr(migrating, "MIGRATIONS", migrations)
    monkeypatch.setattr(migrating, "HEAD", "0003")
    newer = open_store(tmp_path)
    with newer.database.reading() as connection:
        assert connection.exec_driver_sql("SELECT note FROM images").all() == [(None,)]
    (backup,) = newer.database.backups()
    newer.close()
    monkeypatch.undo()
    restored = Store(f"sqlite:///{backup}")
    assert restored.images.data(image) == face(1).data
    with pytest.raises(StoreError, match=r"mien\.db was written by a newer Mien .*Update"):
        open_store(tmp_path)


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
        f"try: Store('sqlite:///{tmp_path}/mien.db').add_label('wink')\n"
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


def test_a_folder_in_the_databases_place_is_named(tmp_path: Path) -> None:
    (tmp_path / "mien.db").mkdir()
    with pytest.raises(StoreError, match="is a folder"):
        open_store(tmp_path)


def test_requests_that_wait_share_one_transaction(tmp_path: Path) -> None:
    import threading

    store = open_store(tmp_path)
    commits: list[object] = []
    event.listen(store.database.engine, "commit", commits.append)
    with store.database.turn:
        threads = [threading.Thread(target=store.images.add, args=(face(number, 64),)) for number in range(12)]
        for thread in threads:
            thread.start()
        while len(store.database._waiting) < 12:
            threading.Event().wait(0.01)
    for thread in threads:
        thread.join()
    writes = len(commits)
    assert store.gallery.page().total == 12
    assert writes == 1


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
