"""Taking back what was done to images at once: answers, labels merged or removed, images put into the trash."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, select, update

from labeling.answers import recount
from labeling.database import Database
from labeling.doubts import refresh_disagreements
from labeling.label_removal import bring_back
from labeling.queries import chunks
from labeling.schema import DOOMED, AnnotationRow, ImageRow, RemovedLabelRow
from models.errors import NotFound

UNDONE = "There is nothing to undo any more: it was undone before, or its images are gone for good."


@dataclass(frozen=True)
class Undone:
    """What came back: `images` have the answers again that they had before or are out of the trash, and the label
    `label` is there again, if one was gone. `later` images stay as they were answered afterwards.
    """

    images: list[int]
    later: int
    label: str | None


class Undoing:
    """The part of the store that takes an action back."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def undo(self, action: str) -> Undone:
        """Takes back one action, whatever it was, in one transaction.

        Raises:
            NotFound: it was taken back before, or its images are gone for good.
            LabelError: its label cannot come back, because another one has its name by now; nothing is changed then.
        """
        with self._database.writing() as connection:
            answered = set(connection.scalars(select(AnnotationRow.image_id).where(AnnotationRow.action == action)))
            in_trash = (ImageRow.deleted > DOOMED, ImageRow.deleted_by == action)
            deleted = set(connection.scalars(select(ImageRow.id).where(*in_trash)))
            gone = select(RemovedLabelRow.label_id, RemovedLabelRow.kept).where(RemovedLabelRow.action == action)
            removed = connection.execute(gone).first()
            if not (answered or deleted or removed):
                raise NotFound(UNDONE)
            later = _answered_later(connection, sorted(answered), action)
            name = None if removed is None else bring_back(connection, action, removed.kept)
            connection.execute(update(ImageRow).where(*in_trash).values(deleted=None, deleted_by=None))
            connection.execute(delete(AnnotationRow).where(AnnotationRow.action == action))
            changed = set(answered)
            if removed is not None:  # an answer with the label may have counted for another one meanwhile
                labels = _merged_into(connection, removed.label_id)
                of_them = select(AnnotationRow.image_id).where(AnnotationRow.label_id.in_(labels))
                changed.update(connection.scalars(of_them))
            recount(connection, sorted(changed))
            for chunk in chunks(sorted(changed)):
                refresh_disagreements(connection, chunk)
        return Undone(sorted((answered - later) | deleted), len(later), name)


def _merged_into(connection: Connection, label_id: int) -> set[int]:
    """The label and those that were merged into it, by however many steps."""
    columns = select(RemovedLabelRow.label_id, RemovedLabelRow.into_id)
    merged = [(label, into) for label, into in connection.execute(columns)]
    found, size = {label_id}, 0
    while len(found) > size:
        size = len(found)
        found.update(label for label, into in merged if into in found)
    return found


def _answered_later(connection: Connection, image_ids: list[int], action: str) -> set[int]:
    """Those of the images that have been answered again since `action`."""
    later: set[int] = set()
    for chunk in chunks(image_ids):
        newest = select(func.max(AnnotationRow.id)).where(AnnotationRow.image_id.in_(chunk))
        newest = newest.group_by(AnnotationRow.image_id)
        found = select(AnnotationRow.image_id).where(AnnotationRow.id.in_(newest), AnnotationRow.action != action)
        later.update(connection.scalars(found))
    return later
