"""Merging and removing labels: what becomes of their images, and how the label comes back when it is undone."""

from __future__ import annotations

import json
import uuid
from dataclasses import asdict

from sqlalchemy import Connection, delete, insert, select, update

from labeling.answers import give_answer
from labeling.database import Database
from labeling.doubts import refresh_disagreements
from labeling.labels import Label, LabelError, find_label, list_labels, told_apart
from labeling.queries import alone
from labeling.schema import AnnotationRow, ImageRow, LabelRow, RemovedLabelRow, now


class LabelRemovals:
    """The part of the store that merges and removes labels."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def merge(self, name: str, into: str) -> str:
        """Gives every image of `name` to `into`; `name` is gone, or switched off if it is built in.

        Returns the action, for `Undoing`.

        Raises:
            LabelError: no such label, or the two are one.
        """
        action = uuid.uuid4().hex
        with self._database.writing() as connection:
            label, target = find_label(connection, name), find_label(connection, into)
            if label.id == target.id:
                raise LabelError(f"“{label.name}” cannot be merged with itself.")
            _hand_on(connection, label, target, action)
        return action

    def remove(self, name: str, into: str | None = None, delete_images: bool = False) -> str:
        """Removes a label of one's own. Its images go to the label `into` or to the trash, or only lose their label.

        Returns the action, for `Undoing`.

        Raises:
            LabelError: no such label, or a built-in one.
        """
        action = uuid.uuid4().hex
        with self._database.writing() as connection:
            label = find_label(connection, name)
            if label.built_in:
                raise LabelError(f"“{label.name}” is built in: it can be switched off, not removed.")
            target = find_label(connection, into) if into is not None else None
            if target is not None and target.id == label.id:
                raise LabelError(f"The images of “{label.name}” cannot keep it when it is removed.")
            if target is None and delete_images:
                mine = update(ImageRow).where(ImageRow.label_id == label.id, ImageRow.deleted.is_(None))
                connection.execute(mine.values(deleted=now(), deleted_by=action))
            _hand_on(connection, label, target, action)
        return action


def bring_back(connection: Connection, action: str, kept: str) -> str:
    """Puts the label that `action` took away back as it was (`kept`), without its images; its name.

    Where another label has its key or its look by now, it gets another one.

    Raises:
        LabelError: another label has its name by now, or there is no key for it any more.
    """
    label = Label(**json.loads(kept))
    there = list_labels(connection, all=True)
    others = [other for other in there if other.id != label.id]
    if label.name.casefold() in {other.name.casefold() for other in others}:
        raise LabelError(f"There is another label “{label.name}” by now. Rename that one, then undo.")
    values = asdict(told_apart(label, others) if label.enabled else label)
    if len(others) == len(there):
        connection.execute(insert(LabelRow).values(**values, folded=label.name.casefold()))
    else:
        connection.execute(update(LabelRow).where(LabelRow.id == label.id).values(values))
    connection.execute(delete(RemovedLabelRow).where(RemovedLabelRow.action == action))
    return label.name


def _hand_on(connection: Connection, label: Label, target: Label | None, action: str) -> None:
    """Takes `label` away, and answers its images with `target` or, without one, with nothing."""
    alone(connection, AnnotationRow)
    kept = {"action": action, "label_id": label.id, "kept": json.dumps(asdict(label)), "created": now()}
    connection.execute(insert(RemovedLabelRow).values(**kept, into_id=target.id if target else None))
    mine = select(ImageRow.id).where(ImageRow.label_id == label.id)
    if target is None:
        give_answer(connection, mine, "clear", action=action)
    else:
        give_answer(connection, mine, "label", (target.id, target.name), action=action)
    if label.built_in:
        connection.execute(update(LabelRow).where(LabelRow.id == label.id).values(enabled=False))
    else:
        connection.execute(delete(LabelRow).where(LabelRow.id == label.id))
    refresh_disagreements(connection)
