"""Where a model doubts what a person has answered: images flagged "mislabelled", to be looked at again.

Only a version that was trained on this data set can doubt its labels. The base model has never seen these people:
where it says something else, that is mostly its own mistake.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from sqlalchemy import Connection, delete, insert, literal, select

from labeling.queries import chunks
from labeling.schema import FlagRow, ImageRow, LabelRow, SettingRow

BASE_VERSION = 0


def refresh_disagreements(connection: Connection, image_ids: Sequence[int] | None = None) -> None:
    """Flags each image whose label a trained version knows and yet suggests another one, and unflags the others."""
    known = connection.scalar(select(SettingRow.value).where(SettingRow.name == "suggesting_labels"))
    chosen = [] if image_ids is None else [ImageRow.id.in_(image_ids)]
    if known is not None:
        chosen.append(LabelRow.name.in_(json.loads(known)))
    old = delete(FlagRow).where(FlagRow.flag == "mislabelled")
    if image_ids is not None:
        old = old.where(FlagRow.image_id.in_(image_ids))
    connection.execute(old)
    doubtful = (
        select(literal("mislabelled"), ImageRow.id)
        .join(LabelRow, LabelRow.id == ImageRow.label_id)
        .where(ImageRow.suggested_version > BASE_VERSION, ImageRow.suggested != LabelRow.name, *chosen)
    )
    connection.execute(insert(FlagRow).from_select(["flag", "image_id"], doubtful))


def settle(connection: Connection, image_ids: Sequence[int]) -> None:
    """Unflags images whose answer a person has just given, knowing what the model says."""
    for chunk in chunks(image_ids):
        connection.execute(delete(FlagRow).where(FlagRow.flag == "mislabelled", FlagRow.image_id.in_(chunk)))
