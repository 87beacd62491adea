"""Patterns of labels; a key for each label, and colours that no two labels share."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from labeling.label_marks import LOOKS, first_free, keys_for

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("labels", sa.Column("pattern", sa.String(length=16), nullable=False, server_default=""))
    labels = sa.table("labels", *(sa.column(name) for name in ("id", "name", "color", "pattern", "key", "enabled")))
    connection = op.get_bind()
    rows = connection.execute(sa.select(labels).order_by(sa.desc(labels.c.enabled), labels.c.id)).all()
    keys = [(row.key, bool(row.enabled)) for row in rows if row.key]
    first_of_its_color = {row.color: row.id for row in reversed(rows)}
    looks = [((row.color, ""), bool(row.enabled)) for row in rows if first_of_its_color[row.color] == row.id]
    for row in rows:
        key, (color, pattern) = row.key, (row.color, "")
        if not key:
            key = first_free(keys_for(row.name), keys) or ""
            keys.append((key, bool(row.enabled)))
        if first_of_its_color[color] != row.id:
            color, pattern = first_free(LOOKS, looks) or (color, pattern)
            looks.append(((color, pattern), bool(row.enabled)))
        values = {"key": key, "color": color, "pattern": pattern}
        connection.execute(sa.update(labels).where(labels.c.id == row.id).values(values))
