"""What model versions take held-out faces for, kept so that no version is asked about a face twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import delete, func, insert, select

from labeling.database import Database
from labeling.queries import chunks, existing_images
from labeling.schema import AnnotationRow, HeldOutAnswerRow, ImageRow, LabelRow


class DataState(NamedTuple):
    """What changes whenever a label is given, taken back, renamed or switched, and when images come or go."""

    newest_annotation: int
    annotations: int
    images: int
    labels: tuple[str, ...]


class HeldOutAnswers:
    """The part of the store that keeps what versions take held-out faces for.

    Suggestions do not do: one that was made live is of several frames, and not of the picture as it is stored.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def record(self, version: int, answers: Mapping[int, str]) -> None:
        """Stores the label that `version` gives each image; an image that was purged meanwhile is left out."""
        with self._database.writing() as connection:
            there = existing_images(connection, list(answers))
            for chunk in chunks(there):
                known = HeldOutAnswerRow.image_id.in_(chunk), HeldOutAnswerRow.version == version
                connection.execute(delete(HeldOutAnswerRow).where(*known))
                rows = [{"image_id": image, "version": version, "label": answers[image]} for image in chunk]
                connection.execute(insert(HeldOutAnswerRow), rows)

    def of(self, version: int, image_ids: Sequence[int]) -> dict[int, str]:
        """The label that `version` gives each of these images that it was asked about; "" where it cannot be read."""
        columns = (HeldOutAnswerRow.image_id, HeldOutAnswerRow.label)
        found: dict[int, str] = {}
        with self._database.reading() as connection:
            for chunk in chunks(image_ids):
                asked = HeldOutAnswerRow.image_id.in_(chunk), HeldOutAnswerRow.version == version
                rows = connection.execute(select(*columns).where(*asked))
                found |= {row.image_id: row.label for row in rows}
        return found

    def forget(self, version: int) -> None:
        """Removes all that `version` was asked."""
        with self._database.writing() as connection:
            connection.execute(delete(HeldOutAnswerRow).where(HeldOutAnswerRow.version == version))

    def first_labelled(self, image_ids: Sequence[int]) -> dict[int, datetime]:
        """When each of these images first got a label: before that no version can have learned from it."""
        columns = (
            AnnotationRow.image_id,
            func.min(AnnotationRow.created, type_=AnnotationRow.created.type).label("first"),
        )
        found: dict[int, datetime] = {}
        with self._database.reading() as connection:
            for chunk in chunks(image_ids):
                labelled = AnnotationRow.image_id.in_(chunk), AnnotationRow.kind == "label"
                rows = connection.execute(select(*columns).where(*labelled).group_by(AnnotationRow.image_id))
                found |= {row.image_id: row.first for row in rows}
        return found

    def data_state(self) -> DataState:
        """Soon read: whether it differs tells whether anything must be looked at anew."""
        newest = select(func.max(AnnotationRow.id)).scalar_subquery()
        given = select(func.count()).select_from(AnnotationRow).scalar_subquery()
        alive = select(func.count()).select_from(ImageRow).where(ImageRow.deleted.is_(None)).scalar_subquery()
        with self._database.reading() as connection:
            counts = connection.execute(select(newest, given, alive)).one()
            labels = connection.scalars(select(LabelRow.name).where(LabelRow.enabled).order_by(LabelRow.id))
            return DataState(counts[0] or 0, counts[1], counts[2], tuple(labels))
