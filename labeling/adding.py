"""Adding a face: the same picture is met again, near copies are told, and it is flagged where a person should look."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, or_, select, update

from labeling.doubts import refresh_disagreements, settle
from labeling.labels import FIND_LABEL, checked_name, find_label, new_label
from labeling.schema import DOOMED, AnnotationRow, FlagRow, ImageDataRow, ImageRow, ThumbnailRow, now
from labeling.stored_faces import Added, NewFace
from labeling.suggestions import record_guesses

BURST_BITS = 2
NEAR_BITS = 3
BLURRY = 25.0
DARK = 45.0
MAX_TEXT = 64


def add_new(connection: Connection, face: NewFace, who: str, action: str, new_labels: bool) -> Added:
    """Stores a face unless it is there already; `action` is the id of what it is answered with.

    Raises:
        LabelError: there is no such label, or with `new_labels` its name cannot be used.
    """
    label = _label_for(connection, face.label, new_labels)
    same = connection.execute(_SAME, {"sha": face.crop.sha256}).first()
    if same is not None and same.deleted == DOOMED:  # its removal for good was cut short
        connection.execute(delete(ImageRow).where(ImageRow.id == same.id))
        same = None
    if same is not None:
        _meet_again(connection, same, face, label, who, action)
        return Added(same.id, "duplicate" if same.deleted is None else "added")
    if face.burst and face.session:
        recent = connection.execute(_RECENT, {"of": face.session})
        near = next((row.id for row in recent if _distance(row, face.crop.hash) <= BURST_BITS), None)
        if near is not None:
            return Added(near, "near-duplicate")
    twin = _twin(connection, face)
    image_id = _insert(connection, face, label)
    flags = list(face.flags)
    flags += ["blurry"] if face.crop.sharpness < BLURRY else []
    flags += ["dark"] if face.crop.brightness < DARK else []
    rows: list[dict[str, str | int | None]] = [{"flag": flag, "image_id": image_id, "other_id": None} for flag in flags]
    if twin is not None:
        rows.append({"flag": "duplicate", "image_id": image_id, "other_id": twin})
    if rows:
        connection.execute(insert(FlagRow), rows)
    _answer(connection, image_id, face, label, who, action)
    return Added(image_id, "added")


def _label_for(connection: Connection, name: str | None, new_labels: bool) -> tuple[int, str] | None:
    if name is None:
        return None
    if new_labels:
        clean = checked_name(name)
        row = connection.execute(FIND_LABEL, {"folded_name": clean.casefold()}).first()
        if row is not None:
            return row.id, row.name
        made = new_label(connection, clean)
        return made.id, made.name
    label = find_label(connection, name)
    return label.id, label.name


def _meet_again(
    connection: Connection, same: Any, face: NewFace, label: tuple[int, str] | None, who: str, action: str
) -> None:
    if same.deleted is not None:
        _take_out_of_trash(connection, same.id, face)
    if not same.answer or face.relabel or same.deleted is not None:
        _answer(connection, same.id, face, label, who, action)
        kind = "label" if label else face.answer
        if kind:
            changes = {"answer": kind, "label_id": label[0] if label else None}
            connection.execute(update(ImageRow).where(ImageRow.id == same.id).values(changes))
            settle(connection, [same.id])


def _take_out_of_trash(connection: Connection, image_id: int, face: NewFace) -> None:
    """As if it came for the first time, but with its history, and its subject where none is named now."""
    values = {"source": face.source[:16], "session": _text(face.session), "created": face.created or now()}
    subject = _text(face.subject)
    if subject is not None:
        values["subject"] = subject
    back = update(ImageRow).where(ImageRow.id == image_id)
    connection.execute(back.values(**values, deleted=None, deleted_by=None))


def _answer(
    connection: Connection, image_id: int, face: NewFace, label: tuple[int, str] | None, who: str, action: str
) -> None:
    kind = "label" if label else face.answer
    if kind:
        annotation = {"image_id": image_id, "kind": kind, "who": who, "action": action, "created": now()}
        label_id, name = label or (None, None)
        connection.execute(_ANNOTATE, {**annotation, "label_id": label_id, "name": name})
    if face.guess:
        record_guesses(connection, {image_id: face.guess})
        if not face.relabel:  # who corrects a guess has no doubt left
            refresh_disagreements(connection, [image_id])


def _insert(connection: Connection, face: NewFace, label: tuple[int, str] | None) -> int:
    crop = face.crop
    values = {
        "sha256": crop.sha256,
        "width": crop.width,
        "height": crop.height,
        "size": len(crop.data),
        "box_x": crop.box.x,
        "box_y": crop.box.y,
        "box_width": crop.box.width,
        "box_height": crop.box.height,
        "points": crop.points,
        **{f"band{n}": band for n, band in enumerate(_bands(crop.hash))},
        "sharpness": crop.sharpness,
        "brightness": crop.brightness,
        "source": face.source[:16],
        "subject": _text(face.subject),
        "session": _text(face.session),
        "created": face.created or now(),
        "answer": "label" if label else face.answer,
        "label_id": label[0] if label else None,
    }
    key = connection.execute(_IMAGE, values).inserted_primary_key
    assert key is not None
    image_id = int(key[0])
    connection.execute(_DATA, {"image_id": image_id, "data": crop.data})
    if crop.thumbnail is not None:
        connection.execute(_THUMBNAIL, {"image_id": image_id, "data": crop.thumbnail})
    return image_id


def _twin(connection: Connection, face: NewFace) -> int | None:
    """An image of another session that nearly equals this one."""
    bands = {f"value{n}": band for n, band in enumerate(_bands(face.crop.hash))}
    for row in connection.execute(_NEAR, bands):
        if (row.session is None or row.session != face.session) and _distance(row, face.crop.hash) <= NEAR_BITS:
            return int(row.id)
    return None


def _bands(bits: int) -> tuple[int, int, int, int]:
    return bits >> 48 & 0xFFFF, bits >> 32 & 0xFFFF, bits >> 16 & 0xFFFF, bits & 0xFFFF


def _distance(row: Any, bits: int) -> int:
    other = row.band0 << 48 | row.band1 << 32 | row.band2 << 16 | row.band3
    return bin(other ^ bits).count("1")


def _text(value: str | None) -> str | None:
    """A subject's or session's name, trimmed, printable and short; None for an empty one."""
    if value is None:
        return None
    return "".join(character for character in value if character.isprintable()).strip()[:MAX_TEXT].strip() or None


_HASH = (ImageRow.band0, ImageRow.band1, ImageRow.band2, ImageRow.band3)
_SAME = select(ImageRow.id, ImageRow.deleted, ImageRow.answer).where(ImageRow.sha256 == bindparam("sha"))
_RECENT = (
    select(ImageRow.id, *_HASH)
    .where(ImageRow.session == bindparam("of"), ImageRow.deleted.is_(None))
    .order_by(ImageRow.id.desc())
    .limit(20)
)
_NEAR = (
    select(ImageRow.id, ImageRow.session, *_HASH)
    .where(or_(*(column == bindparam(f"value{n}") for n, column in enumerate(_HASH))), ImageRow.deleted.is_(None))
    .limit(200)
)
_IMAGE = insert(ImageRow)
_DATA = insert(ImageDataRow)
_THUMBNAIL = insert(ThumbnailRow)
_ANNOTATE = insert(AnnotationRow)
