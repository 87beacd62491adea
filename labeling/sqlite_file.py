"""SQLite's file: checked before SQLite writes to it, its owner's alone, and durable on every connection."""

from __future__ import annotations

import os
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL

from labeling.store_errors import StoreError, damaged, sentence
from models.home import make_private

BUSY_SECONDS = 30
PAGE_BYTES = 2048
CHECKED_BYTES = 64 * 2**20
POOL_SIZE = 24
MORE_CONNECTIONS = 40

open_here: Counter[Path] = Counter()
"""How many stores of this process have each file open."""


def open_engine(url: URL, path: Path) -> Engine:
    """An engine whose connections see one moment of the file, and sync each commit to disk.

    Raises:
        StoreError: the file is none that SQLite can use.
    """
    check_file(path)
    create_private(path)
    # SQLite gives its log and its index the mode of the database.
    for file in (path, *path.parent.glob(f"{path.name}-*"), *backups_of(path)):
        make_private(file)
    connect = {"timeout": BUSY_SECONDS}
    engine = create_engine(url, pool_size=POOL_SIZE, max_overflow=MORE_CONNECTIONS, connect_args=connect)
    event.listen(engine, "connect", prepare)
    event.listen(engine, "begin", _begin)
    return engine


def backups_of(path: Path) -> list[Path]:
    """The copies of the database at `path` that were made before migrations."""
    return sorted(path.parent.glob(f"{path.stem}.before-*.db"))


def check_file(path: Path) -> None:
    """Refuses what is no sound SQLite file before SQLite gets to write to it.

    A file that this process has open is not read here: closing it would drop the locks that SQLite holds on it
    (https://sqlite.org/howtocorrupt.html, 2.2), and another process could then take the log away under it.

    Raises:
        StoreError: it is damaged, no database, or cannot be read.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        size = path.stat().st_size if path.exists() else 0
    except OSError as error:
        raise StoreError(f"{path} cannot be opened: {error.strerror}. Choose another folder with --home.") from error
    if path.is_dir():
        raise StoreError(f"{path} is a folder, where Mien keeps its database. Move it away, or choose another --home.")
    if size == 0 or open_here[path] > 0:
        return
    try:
        with path.open("rb") as file:
            header = file.read(100)
    except OSError as error:
        raise StoreError(f"{path} cannot be read: {error.strerror}. Check who may read it.") from error
    if header[:16] != b"SQLite format 3\0":
        raise StoreError(damaged(str(path)))
    if size > CHECKED_BYTES:
        return
    try:
        with closing(sqlite3.connect(path, timeout=BUSY_SECONDS)) as connection:
            verdict = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    except sqlite3.DatabaseError as error:
        raise StoreError(sentence(str(path), str(error), True) or damaged(str(path))) from error
    if verdict != "ok":
        raise StoreError(damaged(str(path)))


def create_private(path: Path) -> None:
    """An empty file that its owner alone may read, where there is none.

    Raises:
        StoreError: it cannot be created.
    """
    # Only where there is none: to open and close a file that SQLite has open would drop its locks.
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError:
        pass
    except OSError as error:
        raise StoreError(f"{path} cannot be opened: {error.strerror}. Choose another folder with --home.") from error


def prepare(connection: sqlite3.Connection, _record: object) -> None:
    """Sets up a new connection."""
    connection.isolation_level = None  # transactions are begun by _begin
    connection.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}").close()
    # Of a file that is not empty neither could be changed, and asking for the second takes the write lock.
    is_new = connection.execute("PRAGMA page_count").fetchone() == (0,)
    for pragma in (
        *((f"page_size = {PAGE_BYTES}", "auto_vacuum = INCREMENTAL") if is_new else ()),
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        "secure_delete = ON",
        "cache_size = -16000",
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin(connection: Connection) -> None:
    immediate = connection.get_execution_options().get("begin_immediate")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")
