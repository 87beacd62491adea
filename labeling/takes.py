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


# Counted on an index alone; only what was counted gets its label's name.
_COUNTED = (
    select(ImageRow.label_id, ImageRow.session, ImageRow.subject, func.count().label("images"))
    .where(ImageRow.deleted.is_(None), ImageRow.label_id.is_not(None))
    .group_by(ImageRow.label_id, ImageRow.session, ImageRow.subject)
    .subquery()
)
_TAKES = (
    select(LabelRow.name, _COUNTED.c.session, _COUNTED.c.subject, _COUNTED.c.images)
    .join(LabelRow, LabelRow.id == _COUNTED.c.label_id)
    .where(LabelRow.enabled)
)
