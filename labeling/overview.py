"""The data set in figures: what there is of each label and each subject, what is short, what to look at again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, Connection, Executable, Select, func, literal_column, select, type_coerce
from sqlalchemy.orm import InstrumentedAttribute

from labeling.database import Database
from labeling.doubts import BASE_VERSION
from labeling.labels import Label, list_labels
from labeling.schema import EPOCH, FlagRow, ImageRow, SettingRow

FAIR_START, FAIR_TAKES = 20, 2
"""Images of a label, and holds of the capture button that they come from: one to learn from, one to be measured on."""
DAY = "86400000000"  # microseconds


@dataclass(frozen=True)
class LabelCount:
    """A label, how many images have it, and how many takes of the camera those come from."""

    label: Label
    images: int
    takes: int


@dataclass(frozen=True)
class Overview:
    """Counts of the images that are not deleted; `days` are UTC days, the oldest first.

    `trained` says whether the version in use was trained on this data set: only such a one's doubts are flagged.
    """

    total: int
    unlabelled: int
    skipped: int
    not_faces: int
    labels: list[LabelCount]
    subjects: list[tuple[str | None, int]]
    sources: list[tuple[str, int]]
    days: list[tuple[datetime, int]]
    flags: dict[str, int]
    short: list[str]
    trained: bool

    @property
    def labelled(self) -> int:
        return self.total - self.unlabelled - self.skipped - self.not_faces


class Overviews:
    """The part of the store that counts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def label_counts(self) -> dict[str, int]:
        """How many images each label has; labels without any are left out."""
        with self._database.reading() as connection:
            labels = list_labels(connection, all=True)
            counted = _counted(connection, _LABEL_COUNTS)
        return {label.name: counted[label.id] for label in labels if label.id in counted}

    def figures(self) -> Overview:
        """All figures of the overview, each counted on an index."""
        alive = ImageRow.deleted.is_(None)
        day = type_coerce(ImageRow.created, BigInteger) // literal_column(DAY, BigInteger)
        with self._database.reading() as connection:
            answers = _counted(connection, _grouped(ImageRow.answer))
            subjects = _counted(connection, _grouped(ImageRow.subject))
            sources = _counted(connection, _grouped(ImageRow.source))
            flag = select(FlagRow.flag, func.count()).join(ImageRow, ImageRow.id == FlagRow.image_id).where(alive)
            flags = _counted(connection, flag.group_by(FlagRow.flag))
            days = connection.execute(select(day, func.count()).where(alive).group_by(day).order_by(day)).all()
            active = connection.scalar(select(SettingRow.value).where(SettingRow.name == "active_version"))
            counted = {row[0]: (row[1], row[2]) for row in connection.execute(_LABEL_COUNTS)}
            known = list_labels(connection, all=True)
            labels = [LabelCount(label, *counted.get(label.id, (0, 0))) for label in known]
        return Overview(
            total=sum(answers.values()),
            unlabelled=answers.get("", 0),
            skipped=answers.get("skip", 0),
            not_faces=answers.get("not_a_face", 0),
            labels=labels,
            subjects=sorted(subjects.items(), key=lambda pair: -pair[1]),
            sources=sorted(sources.items(), key=lambda pair: -pair[1]),
            days=[(EPOCH + timedelta(days=int(number)), count) for number, count in days],
            flags=flags,
            trained=int(active or 0) > BASE_VERSION,
            short=[sentence for entry in labels if (sentence := _short(entry))],
        )


_LABEL_COUNTS = (
    select(ImageRow.label_id, func.count(), func.count(ImageRow.session.distinct()))
    .where(ImageRow.deleted.is_(None), ImageRow.label_id.is_not(None))
    .group_by(ImageRow.label_id)
)


def _grouped(column: InstrumentedAttribute[Any]) -> Select[Any]:
    return select(column, func.count()).where(ImageRow.deleted.is_(None)).group_by(column)


def _counted(connection: Connection, query: Executable) -> dict[Any, int]:
    return {row[0]: row[1] for row in connection.execute(query)}


def _short(entry: LabelCount) -> str:
    """What a label lacks; built-in ones without any image are known to the base model and lack nothing."""
    label, images = entry.label, entry.images
    if not label.enabled or images >= FAIR_START or (label.built_in and not images):
        return ""
    has = "no images" if not images else "1 image" if images == 1 else f"{images} images"
    return f"“{label.name}” has {has}; {FAIR_START} make a fair start."
