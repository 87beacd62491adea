"""The database: opened, read and written in short transactions, with errors that say what to do.

SQLite by default, in WAL mode so that readers never wait for a writer; every commit is synced to disk. Another
database, such as PostgreSQL, is taken by its URL.
"""

from __future__ import annotations

import sqlite3
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar, cast

from sqlalchemy import Connection, create_engine
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from labeling.schema import DamagedMoment
from labeling.sqlite_file import MORE_CONNECTIONS, POOL_SIZE, backups_of, open_engine, open_here
from labeling.store_errors import StoreError, damaged, sentence
from labeling.write_request import WriteRequest, carry_out_all

T = TypeVar("T")


class Database:
    """One data set's database. Thread-safe: each block gets a connection of its own.

    Attributes:
        path: SQLite's file; None for another database.
        name: the file, or the database's URL without its password.
        turn: held by the thread of this process that writes. SQLite's own lock makes waiters poll and some starve.
    """

    def __init__(self, url: str) -> None:
        """Opens `url`; a file that is not there is created, empty.

        Raises:
            StoreError: the file is damaged, or not a database.
        """
        parsed = make_url(url)
        self.path = Path(parsed.database) if parsed.drivername.startswith("sqlite") and parsed.database else None
        self.name = str(self.path) if self.path else parsed.render_as_string(hide_password=True)
        self.turn = threading.RLock()
        self._waiting: deque[WriteRequest[Any]] = deque()
        if self.path:
            self.engine = open_engine(parsed, self.path)
        else:
            self.engine = create_engine(parsed, pool_pre_ping=True, pool_size=POOL_SIZE, max_overflow=MORE_CONNECTIONS)
        self._closed = False
        if self.path:
            open_here[self.path] += 1

    def close(self) -> None:
        self.engine.dispose()
        if self.path and not self._closed:
            open_here[self.path] -= 1
        self._closed = True

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A block that sees one moment of the data set."""
        with self.explained(), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A short transaction: committed and on disk when the block ends, undone when it raises."""
        with self.explained(), self.turn:
            engine = self.engine.execution_options(begin_immediate=True)
            with engine.begin() as connection:
                yield connection

    def in_turn(self, request: WriteRequest[T]) -> T:
        """Carries `request` out, together with those that came while an earlier transaction was being synced.

        On disk when this returns. Raises what `request` raised, or StoreError.
        """
        self._waiting.append(request)
        with self.turn:
            if not request.done:
                group: list[WriteRequest[Any]] = []
                while self._waiting:
                    group.append(self._waiting.popleft())
                self._carry_out(group)
        if request.error is not None:
            raise request.error
        return cast("T", request.result)

    def backups(self) -> list[Path]:
        """The copies that were made before migrations."""
        return backups_of(self.path) if self.path else []

    def check(self) -> str:
        """SQLite's own integrity check: "ok", or what is wrong."""
        if not self.path:
            return "ok"
        with self.reading() as connection:
            return "\n".join(row[0] for row in connection.exec_driver_sql("PRAGMA integrity_check"))

    @contextmanager
    def explained(self) -> Iterator[None]:
        """Raises StoreError for what the database says of itself; faults of Mien's go on as they are."""
        try:
            yield
        except (DBAPIError, sqlite3.Error) as error:
            cause = error.orig if isinstance(error, DBAPIError) else error
            meaning = sentence(self.name, str(cause), bool(self.path))
            if meaning is None:
                raise
            raise StoreError(meaning) from error
        except DamagedMoment as error:
            raise StoreError(damaged(self.name)) from error

    def _carry_out(self, group: list[WriteRequest[Any]]) -> None:
        alone = len(group) == 1 and self.path is not None
        try:
            with self.writing() as connection:
                carry_out_all(connection, group, savepoints=not alone)
        except BaseException as error:
            for request in group:
                request.error = error
        finally:
            for request in group:
                request.done = True
