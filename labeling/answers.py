"""How an answer becomes the one that counts: an annotation more, and what an image's row says after it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Select, String, func, insert, literal, select, update

from labeling.queries import chunks
from labeling.schema import AnnotationRow, ImageRow, LabelRow, RemovedLabelRow, now


def give_answer(
    connection: Connection,
    images: Select[Any],
    kind: str,
    label: tuple[int, str] | None = None,
    *,
    action: str,
    who: str = "me",
) -> None:
    """Adds an annotation to each of `images` (a query of their ids) and makes it count; `label` is its id and name."""
    label_id, name = label or (None, None)
    chosen = images.subquery()
    values = {
        "image_id": chosen.c[0],
        "kind": literal(kind),
        "label_id": literal(label_id, AnnotationRow.label_id.type),
        "name": literal(name, String(64)),
        "who": literal(who[:64]),
        "action": literal(action),
        "created": literal(now(), AnnotationRow.created.type),
    }
    connection.execute(insert(AnnotationRow).from_select(list(values), select(*values.values())))
    changed = update(ImageRow).where(ImageRow.id.in_(images))
    connection.execute(changed.values(answer="" if kind == "clear" else kind, label_id=label_id))


def recount(connection: Connection, image_ids: Sequence[int]) -> None:
    """Sets each image's answer from its newest annotation; one whose label is gone counts for what became of that."""
    heirs = _heirs(connection)
    for chunk in chunks(image_ids):
        newest = select(func.max(AnnotationRow.id)).where(AnnotationRow.image_id.in_(chunk))
        columns = (AnnotationRow.image_id, AnnotationRow.kind, AnnotationRow.label_id)
        found = select(*columns).where(AnnotationRow.id.in_(newest.group_by(AnnotationRow.image_id)))
        images: defaultdict[tuple[str, int | None], list[int]] = defaultdict(list)
        unanswered = set(chunk)
        for image_id, kind, label_id in connection.execute(found):
            label = heirs.get(label_id) if kind == "label" and label_id is not None else None
            if kind in ("skip", "not_a_face") or label is not None:
                images[kind, label].append(image_id)
                unanswered.discard(image_id)
        images["", None] = list(unanswered)
        for (answer, label), ids in images.items():
            changed = update(ImageRow).where(ImageRow.id.in_(ids))
            connection.execute(changed.values(answer=answer, label_id=label))


def _heirs(connection: Connection) -> dict[int, int | None]:
    """What an annotation with a label's id counts for: the label, or that which it was merged into, if one is left."""
    there = set(connection.scalars(select(LabelRow.id)))
    removed = select(RemovedLabelRow.label_id, RemovedLabelRow.into_id).order_by(RemovedLabelRow.created)
    into: dict[int, int | None] = {label: target for label, target in connection.execute(removed) if label not in there}
    heirs: dict[int, int | None] = {label: label for label in there}
    for label in into:
        heir: int | None = label
        while heir is not None and heir not in there:
            heir = into.get(heir)
        heirs[label] = heir
    return heirs
