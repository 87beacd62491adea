"""Takes: how many images of each label stem from which hold of the button, and whom they show."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from labeling.database import Database
from labeling.schema import ImageRow, LabelRow


@dataclass(frozen=True)
class Take:
    """Images of one label that share a capture session and a person; `session` None: single pictures."""

    label: str
    session: str | None
    subject: str | None
    images: int


class Takes:
    """The part of the store that counts takes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def list(self) -> list[Take]:
        """Every take that can be learned from: of the labels that are switched on, by label, session and person."""
        with self._database.reading() as connection:
            return [Take(*row) for row in connection.execute(_TAKES)]


_TAKES = (
    select(LabelRow.name, ImageRow.session, ImageRow.subject, func.count())
    .join(LabelRow, LabelRow.id == ImageRow.label_id)
    .where(ImageRow.deleted.is_(None), ImageRow.answer == "label", LabelRow.enabled)
    .group_by(LabelRow.name, ImageRow.session, ImageRow.subject)
    .order_by(LabelRow.name, ImageRow.session, ImageRow.subject)
)
