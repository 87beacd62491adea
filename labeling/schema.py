"""The tables of a data set.

An image's bytes and its thumbnail stand in tables of their own, so that a listing reads small rows only. What is asked
for most, the newest answer and the newest suggestion, is kept on the image's row beside the full history, so that the
gallery and the review queue sort and filter by index alone.
"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import (
    BigInteger,
    Dialect,
    Double,
    ForeignKey,
    Index,
    LargeBinary,
    MetaData,
    String,
    Text,
    TypeDecorator,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from labeling.face_points import FacePoints


class DamagedMoment(Exception):
    """What a database holds in a point in time's place is none: a damaged page gave it."""


class Moment(TypeDecorator[datetime]):
    """A point in time: an aware datetime in Python, whole microseconds since 1970 (UTC) in the database."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        if value is None:
            return None
        delta = value.astimezone(timezone.utc) - EPOCH
        return (delta.days * 86_400 + delta.seconds) * 1_000_000 + delta.microseconds

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        try:
            return EPOCH + timedelta(microseconds=value)
        except (TypeError, OverflowError) as error:
            raise DamagedMoment from error


EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
DOOMED = EPOCH
"""`deleted` of an image that is being removed for good. A removal that was cut short is taken up again by it."""


class Base(DeclarativeBase):
    type_annotation_map: ClassVar = {float: Double}
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class LabelRow(Base):
    """A label. `folded` is the case-folded name: no two labels differ in case only: they are folders on export."""

    __tablename__ = "labels"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(64))
    folded: Mapped[str] = mapped_column(String(128), unique=True)
    color: Mapped[str] = mapped_column(String(7))
    pattern: Mapped[str] = mapped_column(String(16), default="")
    key: Mapped[str] = mapped_column(String(1), default="")
    built_in: Mapped[bool] = mapped_column(default=False)
    enabled: Mapped[bool] = mapped_column(default=True)
    position: Mapped[int] = mapped_column(default=0)


class ImageRow(Base):
    """A stored face: a wide square with the face's box and points inside it, in pixels.

    `answer` is the kind of the newest annotation ("" when there is none) and `label_id` its label. `suggested`,
    `certainty` and `suggested_version` are the newest suggestion. `deleted` is when it went to the trash, by the action
    `deleted_by`; where it is `DOOMED`, the image is to be removed for good.
    `band0`…`band3` are the 64-bit perceptual hash in four pieces: two hashes that differ in at most three bits agree
    in one piece at least, so an index finds them.
    """

    __tablename__ = "images"
    __table_args__ = (
        Index(None, "deleted", "created", "id"),
        Index(None, "deleted", "answer", "created", "id"),
        Index(None, "deleted", "answer", "certainty", "id"),
        Index(None, "deleted", "label_id", "created", "id"),
        Index("ix_images_take", "deleted", "label_id", "session", "subject"),
        Index(None, "deleted", "source", "created", "id"),
        Index(None, "deleted", "subject", "created", "id"),
        Index(None, "deleted", "suggested_version"),
        Index(None, "label_id"),
        Index(None, "session", "id"),
        Index(None, "band0"),
        Index(None, "band1"),
        Index(None, "band2"),
        Index(None, "band3"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    width: Mapped[int]
    height: Mapped[int]
    size: Mapped[int]
    box_x: Mapped[float]
    box_y: Mapped[float]
    box_width: Mapped[float]
    box_height: Mapped[float]
    points: Mapped[NDArray[np.float32] | None] = mapped_column(FacePoints, nullable=True)
    band0: Mapped[int]
    band1: Mapped[int]
    band2: Mapped[int]
    band3: Mapped[int]
    sharpness: Mapped[float]
    brightness: Mapped[float]
    source: Mapped[str] = mapped_column(String(16))
    subject: Mapped[str | None] = mapped_column(String(64))
    session: Mapped[str | None] = mapped_column(String(64))
    created: Mapped[datetime] = mapped_column(Moment)
    deleted: Mapped[datetime | None] = mapped_column(Moment)
    deleted_by: Mapped[str | None] = mapped_column(String(32))
    answer: Mapped[str] = mapped_column(String(16), default="")
    label_id: Mapped[int | None] = mapped_column(ForeignKey("labels.id", ondelete="SET NULL"))
    suggested: Mapped[str | None] = mapped_column(String(64))
    certainty: Mapped[float | None]
    suggested_version: Mapped[int | None]


class ImageDataRow(Base):
    """An image's bytes, JPEG or PNG."""

    __tablename__ = "image_data"

    image_id: Mapped[int] = mapped_column(ForeignKey("images.id", ondelete="CASCADE"), primary_key=True)
    data: Mapped[bytes] = mapped_column(LargeBinary)


class ThumbnailRow(Base):
    """A small JPEG of an image; an image that is small itself has none."""

    __tablename__ = "thumbnails"

    image_id: Mapped[int] = mapped_column(ForeignKey("images.id", ondelete="CASCADE"), primary_key=True)
    data: Mapped[bytes] = mapped_column(LargeBinary)


class AnnotationRow(Base):
    """One answer about one image; the newest counts. `name` is the label's name when the answer was given.

    `label_id` stays when its label is removed: undoing that brings a label of the same id back.
    """

    __tablename__ = "annotations"
    __table_args__ = (
        Index(None, "image_id", "id"),
        Index(None, "action"),
        Index(None, "label_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    image_id: Mapped[int] = mapped_column(ForeignKey("images.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(16))
    label_id: Mapped[int | None]
    name: Mapped[str | None] = mapped_column(String(64))
    who: Mapped[str] = mapped_column(String(64))
    action: Mapped[str] = mapped_column(String(32))
    created: Mapped[datetime] = mapped_column(Moment)


class RemovedLabelRow(Base):
    """A label that an action removed, or merged into the label `into_id`; `kept` is what it was, as JSON."""

    __tablename__ = "removed_labels"

    action: Mapped[str] = mapped_column(String(32), primary_key=True)
    label_id: Mapped[int]
    into_id: Mapped[int | None]
    kept: Mapped[str] = mapped_column(Text)
    created: Mapped[datetime] = mapped_column(Moment)


class SuggestionRow(Base):
    """What a model version took an image for, and how certain it was (0…1)."""

    __tablename__ = "suggestions"

    image_id: Mapped[int] = mapped_column(ForeignKey("images.id", ondelete="CASCADE"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    label: Mapped[str] = mapped_column(String(64))
    certainty: Mapped[float]
    created: Mapped[datetime] = mapped_column(Moment)


class HeldOutAnswerRow(Base):
    """What a model version takes a held-out image for, as it is stored; "" where it cannot be read."""

    __tablename__ = "held_out_answers"

    image_id: Mapped[int] = mapped_column(ForeignKey("images.id", ondelete="CASCADE"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    label: Mapped[str] = mapped_column(String(64))


class FlagRow(Base):
    """A reason to look at an image again; `other_id` is the image that it nearly equals."""

    __tablename__ = "flags"
    __table_args__ = (Index(None, "image_id"), Index(None, "other_id"))

    flag: Mapped[str] = mapped_column(String(16), primary_key=True)
    image_id: Mapped[int] = mapped_column(ForeignKey("images.id", ondelete="CASCADE"), primary_key=True)
    other_id: Mapped[int | None] = mapped_column(ForeignKey("images.id", ondelete="CASCADE"))


class RunRow(Base):
    """A training run. `state`: queued, running, done, failed, cancelled or interrupted.

    `curves` and `hold_out` are JSON text.
    """

    __tablename__ = "runs"
    __table_args__ = (Index(None, "state"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(String(16), default="queued")
    created: Mapped[datetime] = mapped_column(Moment)
    started: Mapped[datetime | None] = mapped_column(Moment)
    finished: Mapped[datetime | None] = mapped_column(Moment)
    pid: Mapped[int | None]
    epoch: Mapped[int | None]
    epochs: Mapped[int | None]
    loss: Mapped[float | None]
    accuracy: Mapped[float | None]
    seconds_left: Mapped[float | None]
    stage: Mapped[str] = mapped_column(Text, default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int | None]
    seed: Mapped[int] = mapped_column(default=0)
    hold_out: Mapped[str] = mapped_column(Text, default="")
    curves: Mapped[str] = mapped_column(Text, default="")


class SettingRow(Base):
    """A named value of the installation, such as the active version."""

    __tablename__ = "settings"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    value: Mapped[str] = mapped_column(Text)


def now() -> datetime:
    return datetime.now(timezone.utc)
