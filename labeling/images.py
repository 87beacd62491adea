"""The images of a data set: adding them, reading their bytes, deleting them softly and then for good."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, bindparam, delete, insert, or_, select, update

from labeling.database import Database, Request
from labeling.labels import FIND_LABEL, checked_name, find_label, new_label, refresh_disagreements
from labeling.schema import Annotation, Flag, ImageData, ImageRow, LabelRow, Suggestion, Thumbnail, now
from models.box import Box

BURST_BITS = 2
NEAR_BITS = 3
BLURRY = 25.0
DARK = 45.0
CHUNK = 500
MAX_TEXT = 64


@dataclass(frozen=True)
class StoredCrop:
    """A face ready to be stored; `labeling.intake` makes them.

    `data` is a JPEG or PNG square without metadata, `box` the face inside it in its pixels, `hash` 64 perceptual bits,
    `thumbnail` None where the picture itself is small. `sharpness` is the variance of the Laplacian and `brightness`
    the mean grey value (0…255), both of the face at 96×96.
    """

    data: bytes
    width: int
    height: int
    box: Box
    sha256: str
    hash: int
    thumbnail: bytes | None
    sharpness: float
    brightness: float


@dataclass(frozen=True)
class Guess:
    """What model `version` took a face for, and its certainty 0…1."""

    label: str
    certainty: float
    version: int


@dataclass(frozen=True)
class Added:
    """What became of a face: its row, and whether it is new. A "near-duplicate" was left out of its burst."""

    image_id: int
    state: Literal["added", "duplicate", "near-duplicate"]


@dataclass(frozen=True)
class NewFace:
    """A crop with all that is known of it; `answer` is "label", "skip", "not_a_face" or "" (none yet)."""

    crop: StoredCrop
    label: str | None = None
    subject: str | None = None
    session: str | None = None
    source: str = "upload"
    created: datetime | None = None
    guess: Guess | None = None
    answer: str = ""
    flags: tuple[str, ...] = ()
    burst: bool = False
    relabel: bool = False


@dataclass(frozen=True)
class TrainingFace:
    """A labelled face to train on; `data` is JPEG or PNG (`models.pictures.decode` reads both), `box` in its pixels."""

    image_id: int
    sha256: str
    label: str
    subject: str | None
    session: str | None
    data: bytes
    box: Box


@dataclass
class _Request(Request[list[Added]]):
    """Faces that one caller wants stored, all or none."""

    faces: Sequence[NewFace]
    who: str
    new_labels: bool

    def carry_out(self, connection: Connection) -> list[Added]:
        action = uuid.uuid4().hex
        return [_add(connection, face, self.who, action, self.new_labels) for face in self.faces]


class Images(Database):
    """The part of the store that keeps images."""

    def add_face(
        self,
        crop: StoredCrop,
        *,
        label: str | None = None,
        subject: str | None = None,
        session: str | None = None,
        source: str = "upload",
        guess: Guess | None = None,
        burst: bool = False,
        relabel: bool = False,
        flags: tuple[str, ...] = (),
        who: str = "me",
    ) -> Added:
        """Stores one face in one transaction; on disk when this returns.

        A picture that is there already keeps its row: it gets the label where it has no answer yet or with `relabel`,
        and comes back if it had been deleted. In a `burst` (one hold of the button, one `session`) a face that nearly
        equals one of its last is left out.

        Raises:
            LabelError: there is no such label.
            StoreError: the database cannot be written.
        """
        face = NewFace(crop, label, subject, session, source, None, guess, "", flags, burst, relabel)
        return self.add_faces([face], who=who)[0]

    def add_faces(self, faces: Sequence[NewFace], *, who: str = "me", new_labels: bool = False) -> list[Added]:
        """Stores several faces in one transaction, all or none; with `new_labels` missing labels are made.

        Raises:
            LabelError: there is no such label, or its name cannot be used.
            StoreError: the database cannot be written.
        """
        request = _Request(faces, who, new_labels)
        return self.in_turn(request)

    def image(self, image_id: int) -> bytes:
        """An image's stored bytes, JPEG or PNG. Raises KeyError where there is none."""
        with self.reading() as connection:
            data = connection.scalar(select(ImageData.data).where(ImageData.image_id == image_id))
        if data is None:
            raise KeyError(f"There is no image {image_id}.")
        return data

    def boxes(self, image_ids: Sequence[int]) -> dict[int, Box]:
        """The face's box inside each image, in its pixels."""
        columns = (ImageRow.id, ImageRow.box_x, ImageRow.box_y, ImageRow.box_width, ImageRow.box_height)
        boxes = {}
        with self.reading() as connection:
            for chunk in chunks(image_ids):
                for image_id, *box in connection.execute(select(*columns).where(ImageRow.id.in_(chunk))):
                    boxes[image_id] = Box(*box)
        return boxes

    def training_faces(self) -> list[TrainingFace]:
        """Every face with an enabled label as its newest answer, the oldest first."""
        columns = (
            *(ImageRow.id, ImageRow.sha256, LabelRow.name, ImageRow.subject, ImageRow.session, ImageData.data),
            *(ImageRow.box_x, ImageRow.box_y, ImageRow.box_width, ImageRow.box_height),
        )
        query = (
            select(*columns)
            .join(LabelRow, LabelRow.id == ImageRow.label_id)
            .join(ImageData, ImageData.image_id == ImageRow.id)
            .where(ImageRow.deleted.is_(None), ImageRow.answer == "label", LabelRow.enabled)
            .order_by(ImageRow.id)
        )
        with self.reading() as connection:
            return [TrainingFace(*row[:6], Box(row[6], row[7], row[8], row[9])) for row in connection.execute(query)]


def chunks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """Pieces small enough for one statement's parameters."""
    for start in range(0, len(ids), CHUNK):
        yield ids[start : start + CHUNK]


def record_answer(
    connection: Connection, image_ids: Sequence[int], kind: str, label: tuple[int, str] | None, who: str, action: str
) -> None:
    """Adds an annotation to each image and makes it the one that counts; `label` is its id and name."""
    label_id, name = label or (None, None)
    common = {"kind": kind, "label_id": label_id, "name": name, "who": who, "action": action, "created": now()}
    connection.execute(insert(Annotation), [{"image_id": image_id, **common} for image_id in image_ids])
    answer = "" if kind == "clear" else kind
    for chunk in chunks(image_ids):
        changed = update(ImageRow).where(ImageRow.id.in_(chunk)).values(answer=answer, label_id=label_id)
        connection.execute(changed)


def record_guess(connection: Connection, image_id: int, guess: Guess) -> None:
    key = (Suggestion.image_id == image_id, Suggestion.version == guess.version)
    values = {"label": guess.label, "certainty": guess.certainty, "created": now()}
    if not connection.execute(update(Suggestion).where(*key).values(**values)).rowcount:
        connection.execute(insert(Suggestion).values(image_id=image_id, version=guess.version, **values))
    newest = {"suggested": guess.label, "certainty": guess.certainty, "suggested_version": guess.version}
    connection.execute(update(ImageRow).where(ImageRow.id == image_id).values(newest))


def _add(connection: Connection, face: NewFace, who: str, action: str, new_labels: bool) -> Added:
    label = _label_for(connection, face.label, new_labels)
    same = connection.execute(_SAME, {"sha": face.crop.sha256}).first()
    if same is not None:
        _meet_again(connection, same, face, label, who, action)
        return Added(same.id, "duplicate")
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
    rows: list[dict[str, Any]] = [{"flag": flag, "image_id": image_id, "other_id": None} for flag in flags]
    if twin is not None:
        rows.append({"flag": "duplicate", "image_id": image_id, "other_id": twin})
    if rows:
        connection.execute(insert(Flag), rows)
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
        connection.execute(update(ImageRow).where(ImageRow.id == same.id).values(deleted=None, deleted_by=None))
    if not same.answer or face.relabel:
        _answer(connection, same.id, face, label, who, action)
        kind = "label" if label else face.answer
        if kind:
            changes = {"answer": kind, "label_id": label[0] if label else None}
            connection.execute(update(ImageRow).where(ImageRow.id == same.id).values(changes))
            connection.execute(delete(Flag).where(Flag.flag == "mislabelled", Flag.image_id == same.id))


def _answer(
    connection: Connection, image_id: int, face: NewFace, label: tuple[int, str] | None, who: str, action: str
) -> None:
    kind = "label" if label else face.answer
    if kind:
        annotation = {"image_id": image_id, "kind": kind, "who": who, "action": action, "created": now()}
        label_id, name = label or (None, None)
        connection.execute(_ANNOTATE, {**annotation, "label_id": label_id, "name": name})
    if face.guess:
        record_guess(connection, image_id, face.guess)
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
    key: Any = connection.execute(_IMAGE, values).inserted_primary_key
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
_DATA = insert(ImageData)
_THUMBNAIL = insert(Thumbnail)
_ANNOTATE = insert(Annotation)
