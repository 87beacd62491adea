"""Wiping: taking bytes that were deleted out of SQLite's files too."""

from __future__ import annotations

import logging
import sqlite3
import threading
from contextlib import closing

from labeling.database import Database

log = logging.getLogger(__name__)

PATIENCE = 0.2
"""Seconds for which wiping waits for a reader, and writers meanwhile for it."""
TRY_AGAIN_AFTER = 1.0
PAGES_AT_ONCE = 2000


class Wiper:
    """Wipes at once or, where a reader is in the way, in a thread as soon as it is done."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: threading.Thread | None = None
        self._closing = threading.Event()

    def close(self) -> None:
        self._closing.set()
        if self._waiting is not None:
            self._waiting.join()

    @property
    def waiting(self) -> bool:
        """Whether deleted bytes are still in the write-ahead log: another process is reading, and is waited for."""
        return self._waiting is not None and self._waiting.is_alive()

    def wipe(self) -> None:
        """Takes deleted bytes out of the files, at once or as soon as readers let it."""
        if self._wiped() or self.waiting:
            return
        log.warning("Deleted images are still in the log of %s: another program is reading it.", self._database.name)
        self._waiting = threading.Thread(target=self._keep_wiping, name="wiping", daemon=True)
        self._waiting.start()

    def _keep_wiping(self) -> None:
        while not self._closing.wait(TRY_AGAIN_AFTER):
            try:
                if self._wiped():
                    return
            except Exception:
                log.exception("Deleted images could not be taken out of %s", self._database.name)

    def _wiped(self) -> bool:
        """Frees deleted pages and empties the write-ahead log; False where a reader is in the way.

        While SQLite waits for readers it keeps every writer waiting too, so this gives up soon.
        """
        if not self._database.path:
            return True
        with self._database.explained(), closing(sqlite3.connect(self._database.path, timeout=PATIENCE)) as connection:
            connection.execute("PRAGMA secure_delete = ON")
            try:
                for _ in range(_free_pages(connection) // PAGES_AT_ONCE + 1):
                    with self._database.turn:
                        connection.execute(f"PRAGMA incremental_vacuum({PAGES_AT_ONCE})").fetchall()
                with self._database.turn:
                    (busy, _, _), *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            except sqlite3.OperationalError as error:
                if "locked" not in str(error):
                    raise
                return False
            return not busy


def _free_pages(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA freelist_count").fetchone()[0])
