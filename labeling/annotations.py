"""Answers and suggestions: what people and models say an image shows, with the history of it."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, delete, func, or_, select, update

from labeling.database import Database
from labeling.images import Guess, chunks, record_answer, record_guess
from labeling.labels import find_label, refresh_disagreements
from labeling.schema import Annotation, Flag, ImageRow, LabelRow
from labeling.settings import put_setting

Kind = Literal["label", "skip", "not_a_face", "clear"]
KINDS = ("label", "skip", "not_a_face", "clear")


@dataclass(frozen=True)
class Answer:
    """One annotation of an image's history; `label` is the name it had then."""

    kind: str
    label: str | None
    who: str
    created: datetime


class Answers(Database):
    """The part of the store that keeps answers and suggestions."""

    def annotate(
        self, image_ids: Sequence[int], label: str | None = None, kind: Kind = "label", who: str = "me"
    ) -> str:
        """Gives every image the same answer in one transaction; the history is kept. Returns an id for `undo`.

        Raises:
            LabelError: there is no such label.
            ValueError: `kind` is none, or a label is missing or given where there is none to give.
            KeyError: an image is not there; nothing is changed then.
        """
        if kind not in KINDS or (kind == "label") != (label is not None):
            raise ValueError(f"An answer is a label, or one of {', '.join(KINDS[1:])}.")
        action = uuid.uuid4().hex
        ids = list(dict.fromkeys(image_ids))
        with self.writing() as connection:
            found = find_label(connection, label) if label is not None else None
            _check_there(connection, ids)
            if ids:
                record_answer(connection, ids, kind, (found.id, found.name) if found else None, who[:64], action)
                # Who answers has seen what the model says: no doubt is left until a model is asked again.
                for chunk in chunks(ids):
                    connection.execute(delete(Flag).where(Flag.flag == "mislabelled", Flag.image_id.in_(chunk)))
        return action

    def undo(self, action: str) -> list[int]:
        """Takes back one `annotate`: each image has the answer again that it had before. Returns their ids."""
        with self.writing() as connection:
            ids = list(connection.scalars(select(Annotation.image_id).where(Annotation.action == action)))
            connection.execute(delete(Annotation).where(Annotation.action == action))
            for chunk in chunks(ids):
                _recount(connection, chunk)
                refresh_disagreements(connection, chunk)
        return ids

    def history(self, image_id: int) -> list[Answer]:
        """Every answer about an image, the oldest first."""
        columns = (Annotation.kind, func.coalesce(LabelRow.name, Annotation.name), Annotation.who, Annotation.created)
        query = select(*columns).outerjoin(LabelRow, LabelRow.id == Annotation.label_id)
        with self.reading() as connection:
            rows = connection.execute(query.where(Annotation.image_id == image_id).order_by(Annotation.id))
            return [Answer(*row) for row in rows]

    def labels_of(self, image_ids: Sequence[int]) -> dict[int, str | None]:
        """The label that each of these images has now, None where it has none; an image that is gone is left out."""
        query = select(ImageRow.id, LabelRow.name).outerjoin(LabelRow, LabelRow.id == ImageRow.label_id)
        found: dict[int, str | None] = {}
        with self.reading() as connection:
            for chunk in chunks(image_ids):
                rows = connection.execute(query.where(ImageRow.id.in_(chunk), ImageRow.deleted.is_(None)))
                found.update((image_id, name) for image_id, name in rows)
        return found

    def suggest(self, guesses: Mapping[int, Guess], labels: Sequence[str] = ()) -> None:
        """Stores what a model takes images for. `labels` are all that it knows: no other can disagree with it."""
        with self.writing() as connection:
            if labels:
                put_setting(connection, "suggesting_labels", json.dumps(list(labels)))
            there = _existing(connection, list(guesses))
            for image_id in there:
                record_guess(connection, image_id, guesses[image_id])
            for chunk in chunks(there):
                refresh_disagreements(connection, chunk)

    def unsuggested(self, version: int, limit: int = 64) -> list[int]:
        """Images that model `version` has not been asked about, or not last."""
        last = ImageRow.suggested_version
        query = select(ImageRow.id).where(
            ImageRow.deleted.is_(None), or_(last.is_(None), last < version, last > version)
        )
        with self.reading() as connection:
            return list(connection.scalars(query.limit(limit)))


def _existing(connection: Connection, ids: Sequence[int]) -> list[int]:
    found: list[int] = []
    for chunk in chunks(ids):
        found += connection.scalars(select(ImageRow.id).where(ImageRow.id.in_(chunk)))
    return found


def _check_there(connection: Connection, ids: Sequence[int]) -> None:
    missing = set(ids).difference(_existing(connection, ids))
    if missing:
        raise KeyError(f"There is no image {min(missing)}.")


def _recount(connection: Connection, ids: Sequence[int]) -> None:
    """Sets each image's answer from its newest annotation."""
    newest = select(func.max(Annotation.id)).where(Annotation.image_id.in_(ids)).group_by(Annotation.image_id)
    columns = (Annotation.image_id, Annotation.kind, Annotation.label_id)
    answers = connection.execute(select(*columns).where(Annotation.id.in_(newest))).all()
    connection.execute(update(ImageRow).where(ImageRow.id.in_(ids)).values(answer="", label_id=None))
    for image_id, kind, label_id in answers:
        if kind == "clear" or (kind == "label" and label_id is None):
            continue
        connection.execute(update(ImageRow).where(ImageRow.id == image_id).values(answer=kind, label_id=label_id))
