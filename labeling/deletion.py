"""Deleting images: softly, so that it can be undone, and then for good, so that nothing of them is in any file."""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Collection, Mapping, Sequence
from contextlib import closing
from datetime import timedelta

from sqlalchemy import ColumnElement, delete, or_, select, update

from labeling.database import Database
from labeling.queries import chunks
from labeling.schema import ImageRow, deletion, now
from models.errors import disk_error

log = logging.getLogger(__name__)

KEPT = timedelta(days=1)
"""For how long another server's deleted images are left alone, while nobody knows whether it is still there."""
PATIENCE = 0.2
"""Seconds for which wiping waits for a reader, and writers meanwhile for it."""
TRY_AGAIN_AFTER = 1.0
PAGES_AT_ONCE = 2000


class Deletions:
    """The part of the store that deletes."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._wiping: threading.Thread | None = None
        self._closing = threading.Event()

    def close(self) -> None:
        self._closing.set()
        if self._wiping is not None:
            self._wiping.join()

    def delete(self, image_ids: Sequence[int]) -> int:
        """Deletes softly: out of sight and out of training, until `restore` or `purge`. Returns how many."""
        return self._mark(image_ids, ImageRow.deleted.is_(None), deletion(self._database.server))

    def restore(self, image_ids: Sequence[int]) -> int:
        """Undoes `delete`. Returns how many came back."""
        return self._mark(image_ids, ImageRow.deleted.is_not(None), {"deleted": None, "deleted_by": None})

    def delete_where(self, *, subject: str | None = None) -> list[int]:
        """Deletes softly every image of `subject`, or every image there is; returns their ids."""
        query = select(ImageRow.id).where(ImageRow.deleted.is_(None))
        if subject is not None:
            query = query.where(ImageRow.subject == subject)
        with self._database.writing() as connection:
            ids = list(connection.scalars(query))
            for chunk in chunks(ids):
                connection.execute(
                    update(ImageRow).where(ImageRow.id.in_(chunk)).values(deletion(self._database.server))
                )
        return ids

    def purge(self, image_ids: Sequence[int] | None = None) -> int:
        """Removes softly deleted images for good, all of them or the given ones; their bytes leave the files.

        Backups made before migrations are removed too, since they hold the same bytes. `wiping` says whether bytes
        are left for now because another process is reading.

        Raises:
            DiskError: a backup cannot be removed; no image is purged then.
            StoreError: the database cannot be written.
        """
        return self._purge(ImageRow.deleted.is_not(None), image_ids)

    def purge_own(self) -> int:
        """Purges what this server has deleted, when it stops."""
        return self._purge(ImageRow.deleted_by == self._database.server)

    def purge_left(self, gone: Collection[str]) -> int:
        """Purges what the servers called `gone` have left deleted, and what anyone deleted more than a day ago.

        What is younger may be another server's, on this home or on the same database, that can still restore it.
        """
        purged = self._purge(or_(ImageRow.deleted < now() - KEPT, ImageRow.deleted_by.in_(gone)))
        if not purged:
            self._wipe()  # a server that was killed may have purged images and not come to this
        return purged

    @property
    def wiping(self) -> bool:
        """Whether purged bytes are still in the write-ahead log: another process is reading, and is waited for."""
        return self._wiping is not None and self._wiping.is_alive()

    def _mark(self, image_ids: Sequence[int], before: ColumnElement[bool], values: Mapping[str, object]) -> int:
        with self._database.writing() as connection:
            return sum(
                connection.execute(update(ImageRow).where(ImageRow.id.in_(chunk), before).values(values)).rowcount
                for chunk in chunks(image_ids)
            )

    def _purge(self, which: ColumnElement[bool], image_ids: Sequence[int] | None = None) -> int:
        deleted = (ImageRow.deleted.is_not(None), which)
        with self._database.reading() as connection:
            gone = set(connection.scalars(select(ImageRow.id).where(*deleted)))
        if image_ids is not None:
            gone &= set(image_ids)
        if gone:
            self._remove_backups()
        purged = 0
        for chunk in chunks(sorted(gone)):
            with self._database.writing() as connection:
                purged += connection.execute(delete(ImageRow).where(ImageRow.id.in_(chunk), *deleted)).rowcount
        if purged:
            self._wipe()
        return purged

    def _remove_backups(self) -> None:
        for backup in self._database.backups():
            try:
                backup.unlink(missing_ok=True)
            except OSError as error:
                raise disk_error(error, f"{backup}, which holds the same images, cannot be removed") from error

    def _wipe(self) -> None:
        """Takes purged bytes out of the files, at once or, where a reader is in the way, as soon as it is done."""
        if self._scrubbed() or self.wiping:
            return
        log.warning("Deleted images are still in the log of %s: another program is reading it.", self._database.name)
        self._wiping = threading.Thread(target=self._keep_wiping, name="wiping", daemon=True)
        self._wiping.start()

    def _keep_wiping(self) -> None:
        while not self._closing.wait(TRY_AGAIN_AFTER):
            try:
                if self._scrubbed():
                    return
            except Exception:
                log.exception("Deleted images could not be taken out of %s", self._database.name)

    def _scrubbed(self) -> bool:
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
