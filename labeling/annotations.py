"""Annotations: what people say an image shows, with the history of it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import func, select

from labeling.answers import give_answer
from labeling.database import Database
from labeling.doubts import settle
from labeling.labels import find_label
from labeling.queries import check_images_there, chunks
from labeling.schema import AnnotationRow, ImageRow, LabelRow
from models.errors import MienError

Kind = Literal["label", "skip", "not_a_face", "clear"]
KINDS = ("label", "skip", "not_a_face", "clear")


@dataclass(frozen=True)
class PastAnnotation:
    """One annotation of an image's history; `label` is the name it had then."""

    kind: str
    label: str | None
    who: str
    created: datetime


class Annotations:
    """The part of the store that keeps what people answer."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def annotate(
        self, image_ids: Sequence[int], label: str | None = None, kind: Kind = "label", who: str = "me"
    ) -> str:
        """Gives every image the same answer in one transaction; the history is kept. Returns the action, for `Undoing`.

        Raises:
            LabelError: there is no such label.
            MienError: `kind` is none, or a label is missing or given where there is none to give.
            NotFound: an image is not there; nothing is changed then.
        """
        if kind not in KINDS or (kind == "label") != (label is not None):
            raise MienError(f"An answer is a label, or one of {', '.join(KINDS[1:])}.")
        action = uuid.uuid4().hex
        ids = list(dict.fromkeys(image_ids))
        with self._database.writing() as connection:
            found = find_label(connection, label) if label is not None else None
            check_images_there(connection, ids)
            named = (found.id, found.name) if found else None
            for chunk in chunks(ids):
                chosen = select(ImageRow.id).where(ImageRow.id.in_(chunk))
                give_answer(connection, chosen, kind, named, action=action, who=who)
            # Who answers has seen what the model says: no doubt is left until a model is asked again.
            settle(connection, ids)
        return action

    def history(self, image_id: int) -> list[PastAnnotation]:
        """Every answer about an image, the oldest first."""
        columns = (
            AnnotationRow.kind,
            func.coalesce(LabelRow.name, AnnotationRow.name),
            AnnotationRow.who,
            AnnotationRow.created,
        )
        query = select(*columns).outerjoin(LabelRow, LabelRow.id == AnnotationRow.label_id)
        with self._database.reading() as connection:
            rows = connection.execute(query.where(AnnotationRow.image_id == image_id).order_by(AnnotationRow.id))
            return [PastAnnotation(*row) for row in rows]

    def labels_of(self, image_ids: Sequence[int]) -> dict[int, str | None]:
        """The label that each of these images has now, None where it has none; an image that is gone is left out."""
        query = select(ImageRow.id, LabelRow.name).outerjoin(LabelRow, LabelRow.id == ImageRow.label_id)
        found: dict[int, str | None] = {}
        with self._database.reading() as connection:
            for chunk in chunks(image_ids):
                rows = connection.execute(query.where(ImageRow.id.in_(chunk), ImageRow.deleted.is_(None)))
                found.update((image_id, name) for image_id, name in rows)
        return found
