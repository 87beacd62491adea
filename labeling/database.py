"""The database: opening, migrating, transactions, and errors that say what to do.

SQLite by default, in WAL mode so that readers never wait for a writer; every commit is synced to disk. Another
database, such as PostgreSQL, is taken by its URL.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from abc import ABC, abstractmethod
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext
from pathlib import Path
from typing import Any, Generic, TypeVar, cast

from sqlalchemy import Connection, create_engine, event, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, IntegrityError

from models.home import make_private

HEAD = "0002"
BUSY_SECONDS = 30
PAGE_BYTES = 2048
CHECKED_BYTES = 64 * 2**20

_MIGRATIONS = Path(__file__).parent / "migrations"


class StoreError(ValueError):
    """The database cannot do what was asked; the message is a sentence for the user, naming the file."""


T = TypeVar("T")


class Request(ABC, Generic[T]):
    """Something to write that may share its transaction, and so the wait for the disk, with others that wait."""

    result: T | None = None
    error: BaseException | None = None
    done = False

    @abstractmethod
    def carry_out(self, connection: Connection) -> T:
        """Writes; what it raises undoes this request alone."""


class Database:
    """One data set's database, opened and migrated. Thread-safe: each block gets a connection of its own."""

    def __init__(self, url: str, server: str | None = None) -> None:
        """Opens `url`, creating and migrating as needed; `server` names the server that it is opened for, if one.

        Raises:
            StoreError: the file is damaged, read-only, of a newer Mien, or not a database.
        """
        parsed = make_url(url)
        self.server = server
        self.path = Path(parsed.database) if parsed.drivername.startswith("sqlite") and parsed.database else None
        self.name = str(self.path) if self.path else parsed.render_as_string(hide_password=True)
        # Threads of one process queue here, in order; SQLite's own lock makes waiters poll and some starve.
        self._turn = threading.RLock()
        self._waiting: deque[Request[Any]] = deque()
        if self.path:
            _check_file(self.path, open_here=_open_here[self.path] > 0)
            self._make_private()
            self.engine = create_engine(parsed, pool_size=24, max_overflow=40, connect_args={"timeout": BUSY_SECONDS})
            event.listen(self.engine, "connect", _prepare_sqlite)
            event.listen(self.engine, "begin", _begin_sqlite)
        else:
            self.engine = create_engine(parsed, pool_pre_ping=True, pool_size=24, max_overflow=40)
        try:
            self._migrate()
        except BaseException:
            self.engine.dispose()
            raise
        self._closed = False
        if self.path:
            _open_here[self.path] += 1

    def close(self) -> None:
        self.engine.dispose()
        if self.path and not self._closed:
            _open_here[self.path] -= 1
        self._closed = True

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A block that sees one moment of the data set."""
        with self._explained(), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A short transaction: committed and on disk when the block ends, undone when it raises."""
        with self._explained(), self._turn:
            engine = self.engine.execution_options(begin_immediate=True)
            with engine.begin() as connection:
                yield connection

    def in_turn(self, request: Request[T]) -> T:
        """Carries `request` out, together with those that came while an earlier transaction was being synced.

        On disk when this returns. Raises what `request` raised, or StoreError.
        """
        self._waiting.append(request)
        with self._turn:
            if not request.done:
                group: list[Request[Any]] = []
                while self._waiting:
                    group.append(self._waiting.popleft())
                self._carry_out(group)
        if request.error is not None:
            raise request.error
        return cast("T", request.result)

    def _carry_out(self, group: list[Request[Any]]) -> None:
        alone = len(group) == 1 and self.path is not None
        try:
            with self.writing() as connection:
                for request in group:
                    _attempt(connection, request, alone)
        except BaseException as error:
            for request in group:
                request.error = error
        finally:
            for request in group:
                request.done = True

    def backups(self) -> list[Path]:
        """The copies that were made before migrations."""
        return sorted(self.path.parent.glob(f"{self.path.stem}.before-*.db")) if self.path else []

    def check(self) -> str:
        """SQLite's own integrity check: "ok", or what is wrong."""
        if not self.path:
            return "ok"
        with self.reading() as connection:
            return "\n".join(row[0] for row in connection.exec_driver_sql("PRAGMA integrity_check"))

    def _make_private(self) -> None:
        """Faces are for their owner's eyes; SQLite gives its log and its index the mode of the database."""
        assert self.path is not None
        _create_private(self.path)
        for path in (self.path, *self.path.parent.glob(f"{self.path.name}-*"), *self.backups()):
            make_private(path)

    def _migrate(self) -> None:
        with self.reading() as connection:
            revision = _revision(connection)
        if revision == HEAD:
            return
        if revision is not None:
            if revision not in _known_revisions():
                raise StoreError(
                    f"{self.name} was written by a newer Mien (format {revision}; this one knows up to {HEAD}). "
                    "Update Mien, or start it with another --home."
                )
            self._back_up(revision)
        from alembic import command
        from alembic.config import Config

        with self.writing() as connection:
            if _revision(connection) == HEAD:  # another process was quicker
                return
            config = Config()
            config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
            config.attributes["connection"] = connection
            command.upgrade(config, HEAD)

    def _back_up(self, revision: str) -> None:
        if not self.path:
            return
        target = self.path.with_name(f"{self.path.stem}.before-{HEAD}-from-{revision}.db")
        _create_private(target)
        with closing(sqlite3.connect(self.path)) as source, closing(sqlite3.connect(target)) as copy:
            source.backup(copy)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except (DBAPIError, sqlite3.Error) as error:
            cause = error.orig if isinstance(error, DBAPIError) else error
            sentence = _sentence(self.name, str(cause), bool(self.path))
            if sentence is None:
                raise
            raise StoreError(sentence) from error


def _attempt(connection: Connection, request: Request[Any], alone: bool) -> None:
    for last in (False, True):
        try:
            with nullcontext() if alone else connection.begin_nested():
                request.result = request.carry_out(connection)
            return
        except IntegrityError:
            # On PostgreSQL another process may add the same at the same moment; the second time it is seen.
            if last or alone:
                raise
        except DBAPIError:
            raise
        except Exception as error:
            if alone:
                raise
            request.error = error
            return


_open_here: Counter[Path] = Counter()
"""How many stores of this process have each file open."""


def _check_file(path: Path, open_here: bool) -> None:
    """Refuses what is no sound SQLite file before SQLite gets to write to it.

    A file that this process has open is not read here: closing it would drop the locks that SQLite holds on it
    (https://sqlite.org/howtocorrupt.html, 2.2), and another process could then take the log away under it.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        size = path.stat().st_size if path.exists() else 0
    except OSError as error:
        raise StoreError(f"{path} cannot be opened: {error.strerror}. Choose another folder with --home.") from error
    if path.is_dir():
        raise StoreError(f"{path} is a folder, where Mien keeps its database. Move it away, or choose another --home.")
    if size == 0 or open_here:
        return
    try:
        with path.open("rb") as file:
            header = file.read(100)
    except OSError as error:
        raise StoreError(f"{path} cannot be read: {error.strerror}. Check who may read it.") from error
    if header[:16] != b"SQLite format 3\0":
        raise StoreError(_damaged(str(path)))
    if size > CHECKED_BYTES:
        return
    try:
        with closing(sqlite3.connect(path, timeout=BUSY_SECONDS)) as connection:
            verdict = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    except sqlite3.DatabaseError as error:
        raise StoreError(_sentence(str(path), str(error), True) or _damaged(str(path))) from error
    if verdict != "ok":
        raise StoreError(_damaged(str(path)))


def _create_private(path: Path) -> None:
    # Only where there is none: to open and close a file that SQLite has open would drop its locks.
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError:
        pass
    except OSError as error:
        raise StoreError(f"{path} cannot be opened: {error.strerror}. Choose another folder with --home.") from error


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # transactions are begun by _begin_sqlite
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout = {BUSY_SECONDS * 1000}",
        f"page_size = {PAGE_BYTES}",
        "auto_vacuum = INCREMENTAL",
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        "secure_delete = ON",
        "cache_size = -16000",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    immediate = connection.get_execution_options().get("begin_immediate")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _known_revisions() -> set[str]:
    return {path.stem.split("_")[0] for path in (_MIGRATIONS / "versions").glob("[0-9]*.py")}


def _damaged(name: str) -> str:
    return (
        f"{name} is damaged or is no Mien database. Put a backup in its place (Mien keeps one beside it before each "
        "format change), or move it away and Mien starts an empty one."
    )


def _sentence(name: str, message: str, sqlite: bool) -> str | None:
    """What a database's own error means for the user; None where it is a fault of Mien itself."""
    if not sqlite:
        lost = "connect" in message or "could not translate host" in message
        return f"The database {name} cannot be reached. Check DATABASE_URL and that it runs." if lost else None
    for sign, sentence in (
        (
            "disk is full",
            f"The disk is full: {name} could not grow, and nothing was changed. Free some space, try again.",
        ),
        (
            "readonly",
            f"{name} is read-only. Give yourself the right to write to it and its folder, or use another --home.",
        ),
        ("malformed", _damaged(name)),
        ("not a database", _damaged(name)),
        ("unable to open", f"{name} cannot be opened. Check that you may read and write it and its folder."),
        ("disk I/O error", f"{name} could not be read or written (disk error). Check the disk; nothing was changed."),
        (
            "is locked",
            f"{name} is in use by another program for too long. Close it and try again; nothing was changed.",
        ),
    ):
        if sign in message:
            return sentence
    return None
