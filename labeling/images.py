"""The images of a data set: adding them, counting them, and reading their bytes."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, bindparam, func, select, update

from labeling.adding import add_new
from labeling.database import Database
from labeling.queries import chunks
from labeling.schema import ImageDataRow, ImageRow, LabelRow
from labeling.stored_faces import Added, FacePlace, Guess, LabelledFace, NewFace, Points, StoredCrop, TrainingFace
from labeling.write_request import WriteRequest
from models.box import Box
from models.errors import NotFound

READ_AT_ONCE = 64


@dataclass
class _Addition(WriteRequest[list[Added]]):
    """Faces that one caller wants stored, all or none."""

    faces: Sequence[NewFace]
    who: str
    new_labels: bool

    def carry_out(self, connection: Connection) -> list[Added]:
        action = uuid.uuid4().hex
        return [add_new(connection, face, self.who, action, self.new_labels) for face in self.faces]


class Images:
    """The part of the store that keeps images."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(
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

        A picture that is there already keeps its row: it gets the label where it has no answer yet or with `relabel`.
        One that lies in the trash comes back, with the label and what else is said of it now, and counts as added. In a
        `burst` (one hold of the button, one `session`) a face that nearly equals one of its last is left out.

        Raises:
            LabelError: there is no such label.
            StoreError: the database cannot be written.
        """
        face = NewFace(crop, label, subject, session, source, None, guess, "", flags, burst, relabel)
        return self.add_all([face], who=who)[0]

    def add_all(self, faces: Sequence[NewFace], *, who: str = "me", new_labels: bool = False) -> list[Added]:
        """Stores several faces in one transaction, all or none; with `new_labels` missing labels are made.

        Raises:
            LabelError: there is no such label, or its name cannot be used.
            StoreError: the database cannot be written.
        """
        return self._database.in_turn(_Addition(faces, who, new_labels))

    def data(self, image_id: int) -> bytes:
        """An image's stored bytes, JPEG or PNG. Raises NotFound where there is none."""
        with self._database.reading() as connection:
            data = connection.scalar(select(ImageDataRow.data).where(ImageDataRow.image_id == image_id))
        if data is None:
            raise NotFound(f"There is no image {image_id}.")
        return data

    def data_of(self, image_ids: Sequence[int]) -> dict[int, bytes]:
        """The stored bytes of those of these images that are there; they are all held in memory."""
        columns = (ImageDataRow.image_id, ImageDataRow.data)
        found: dict[int, bytes] = {}
        with self._database.reading() as connection:
            for chunk in chunks(image_ids):
                rows = connection.execute(select(*columns).where(ImageDataRow.image_id.in_(chunk)))
                found |= {row.image_id: row.data for row in rows}
        return found

    def places(self, image_ids: Sequence[int]) -> dict[int, FacePlace]:
        """Where in each image the face is."""
        columns = (ImageRow.box_x, ImageRow.box_y, ImageRow.box_width, ImageRow.box_height, ImageRow.points)
        places = {}
        with self._database.reading() as connection:
            for chunk in chunks(image_ids):
                for image_id, *box, points in connection.execute(_of(chunk, ImageRow.id, *columns)):
                    places[image_id] = FacePlace(Box(*box), points)
        return places

    def without_points(self, image_ids: Sequence[int]) -> list[int]:
        """Those of these images in which nobody has looked for the face's points: see `labeling.second_look`."""
        found: list[int] = []
        with self._database.reading() as connection:
            for chunk in chunks(image_ids):
                found += connection.scalars(_of(chunk, ImageRow.id).where(ImageRow.points.is_(None)))
        return found

    def set_points(self, points: Mapping[int, Points | None]) -> None:
        """Keeps the points that were found in images, None where there are none."""
        if points:
            change = update(ImageRow).where(ImageRow.id == bindparam("of")).values(points=bindparam("points"))
            with self._database.writing() as connection:
                connection.execute(change, [{"of": image_id, "points": found} for image_id, found in points.items()])

    def labelled(self) -> list[LabelledFace]:
        """Every face with an enabled label as its newest answer, without its bytes, the oldest first."""
        with self._database.reading() as connection:
            return [LabelledFace(*row[:5], Box(*row[5:])) for row in connection.execute(_LABELLED)]

    def labels_trained_on(self, image_ids: Sequence[int]) -> dict[int, str]:
        """The label of those of these images that are among `labelled`."""
        query = _LABELLED.with_only_columns(ImageRow.id, LabelRow.name)
        found: dict[int, str] = {}
        with self._database.reading() as connection:
            for chunk in chunks(image_ids):
                rows = connection.execute(query.where(ImageRow.id.in_(chunk)))
                found |= {row.id: row.name for row in rows}
        return found

    def training_faces(self, ids: Sequence[int] | None = None) -> Iterator[TrainingFace]:
        """Those of the faces `labelled` (of `ids`, where they are given) with their bytes, the oldest first.

        Read a few at a time, so that any number of them takes little memory; a face that is deleted meanwhile is left
        out, and one that is labelled anew has its new label.
        """
        if ids is None:
            with self._database.reading() as connection:
                ids = list(connection.scalars(_LABELLED.with_only_columns(ImageRow.id)))
        wanted = sorted(ids)
        query = _LABELLED.add_columns(ImageRow.points, ImageRow.created, ImageDataRow.data).join(
            ImageDataRow, ImageDataRow.image_id == ImageRow.id
        )
        for start in range(0, len(wanted), READ_AT_ONCE):
            chosen = query.where(ImageRow.id.in_(wanted[start : start + READ_AT_ONCE]))
            with self._database.reading() as connection:
                rows = connection.execute(chosen).all()
            for image_id, sha256, label, subject, session, x, y, width, height, points, created, data in rows:
                box = Box(x, y, width, height)
                yield TrainingFace(image_id, sha256, label, subject, session, data, box, created, points)

    def count(self) -> int:
        """How many images there are that are not deleted."""
        with self._database.reading() as connection:
            query = select(func.count()).select_from(ImageRow).where(ImageRow.deleted.is_(None))
            return int(connection.scalar(query) or 0)


def _of(image_ids: Sequence[int], *columns: Any) -> Select[Any]:
    return select(*columns).where(ImageRow.id.in_(image_ids))


_LABELLED = (
    select(
        *(ImageRow.id, ImageRow.sha256, LabelRow.name, ImageRow.subject, ImageRow.session),
        *(ImageRow.box_x, ImageRow.box_y, ImageRow.box_width, ImageRow.box_height),
    )
    .join(LabelRow, LabelRow.id == ImageRow.label_id)
    .where(ImageRow.deleted.is_(None), ImageRow.answer == "label", LabelRow.enabled)
    .order_by(ImageRow.id)
)
