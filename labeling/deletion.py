"""Deleting images: into the trash, back out of it, and for good, so that nothing of them is in any file."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, select, true, update

from labeling.database import Database
from labeling.queries import chunks
from labeling.schema import DOOMED, ImageRow, now
from labeling.wiping import Wiper
from models.errors import disk_error

KEPT_DAYS = 30
"""For how many days the trash keeps an image."""

Condition = ColumnElement[bool]
IN_TRASH: Condition = ImageRow.deleted > DOOMED


@dataclass(frozen=True)
class Deletion:
    """What went to the trash, and the action for `Undoing`."""

    images: list[int]
    action: str


class Deletions:
    """The part of the store that deletes.

    An image is first marked, `deleted` at a time (in the trash) or `DOOMED` (to be removed for good), and then removed:
    whoever is killed in between, the next `clean_up` goes on with it.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._wiper = Wiper(database)

    def close(self) -> None:
        self._wiper.close()

    def delete(self, image_ids: Sequence[int]) -> Deletion:
        """Puts images into the trash: out of sight and out of training, until they are restored or purged."""
        return self._to_trash([ImageRow.id.in_(chunk) for chunk in chunks(image_ids)])

    def delete_where(self, *, subject: str | None = None) -> Deletion:
        """Puts every image of `subject`, or every image there is, into the trash."""
        return self._to_trash([_of(subject)])

    def restore(self, image_ids: Sequence[int] | None = None) -> int:
        """Takes images out of the trash, the given ones or all. Returns how many came back."""
        with self._database.writing() as connection:
            return sum(
                connection.execute(
                    update(ImageRow).where(IN_TRASH, which).values(deleted=None, deleted_by=None)
                ).rowcount
                for which in _among(image_ids)
            )

    def purge(self, image_ids: Sequence[int] | None = None, until: datetime | None = None) -> int:
        """Removes from the trash for good: the given images, or all that were there at `until`, or all.

        Their bytes leave the files, with the backups made before migrations, which hold the same bytes. `wiping` says
        whether bytes are left for now because another process is reading. Returns how many images that were.

        Raises:
            DiskError: a backup cannot be removed; no image is purged then.
            StoreError: the database cannot be written.
        """
        before = [IN_TRASH] if until is None else [IN_TRASH, ImageRow.deleted <= until]
        return self._remove([*before], _among(image_ids))

    def delete_for_good(self, image_ids: Sequence[int] | None = None, *, subject: str | None = None) -> int:
        """Removes the given images, or every image of `subject`, or every image, the trash's included. See `purge`."""
        left = (ImageRow.deleted.is_(None)) | IN_TRASH
        return self._remove([left, _of(subject)], _among(image_ids))

    def clean_up(self) -> int:
        """Removes for good what the trash has kept for its time, and what a removal that was cut short has left."""
        purged = self.purge(until=now() - timedelta(days=KEPT_DAYS))
        if not purged:
            self._remove_doomed()
            self._wiper.wipe()  # a process that was killed may have removed images and not come to this
        return purged

    @property
    def wiping(self) -> bool:
        """Whether removed bytes are still in the write-ahead log: another process is reading, and is waited for."""
        return self._wiper.waiting

    def _to_trash(self, which: Sequence[Condition]) -> Deletion:
        action = uuid.uuid4().hex
        values = {"deleted": now(), "deleted_by": action}
        ids: list[int] = []
        with self._database.writing() as connection:
            for condition in which:
                found = list(connection.scalars(select(ImageRow.id).where(ImageRow.deleted.is_(None), condition)))
                for chunk in chunks(found):
                    connection.execute(update(ImageRow).where(ImageRow.id.in_(chunk)).values(values))
                ids += found
        return Deletion(ids, action)

    def _remove(self, conditions: Sequence[Condition], among: Sequence[Condition]) -> int:
        with self._database.reading() as connection:
            found = any(
                connection.scalar(select(ImageRow.id).where(*conditions, which).limit(1)) is not None for which in among
            )
        if not found:
            return 0
        self._remove_backups()
        with self._database.writing() as connection:
            doomed = {"deleted": DOOMED, "deleted_by": None}
            removed = sum(
                connection.execute(update(ImageRow).where(*conditions, which).values(doomed)).rowcount
                for which in among
            )
        self._remove_doomed()
        self._wiper.wipe()
        return removed

    def _remove_doomed(self) -> None:
        """In short transactions, so that no other writer has to wait for long."""
        with self._database.reading() as connection:
            ids = list(connection.scalars(select(ImageRow.id).where(ImageRow.deleted == DOOMED)))
        for chunk in chunks(ids):
            with self._database.writing() as connection:
                connection.execute(delete(ImageRow).where(ImageRow.id.in_(chunk), ImageRow.deleted == DOOMED))

    def _remove_backups(self) -> None:
        for backup in self._database.backups():
            try:
                backup.unlink(missing_ok=True)
            except OSError as error:
                raise disk_error(error, f"{backup}, which holds the same images, cannot be removed") from error


def _of(subject: str | None) -> Condition:
    return true() if subject is None else ImageRow.subject == subject


def _among(image_ids: Sequence[int] | None) -> Sequence[Condition]:
    return [true()] if image_ids is None else [ImageRow.id.in_(chunk) for chunk in chunks(image_ids)]
