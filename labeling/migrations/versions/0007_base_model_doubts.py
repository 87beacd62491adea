"""Doubts of the base model go: only a version that was trained on a data set can doubt its labels."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    flags = sa.table("flags", sa.column("flag"), sa.column("image_id"))
    images = sa.table("images", sa.column("id"), sa.column("suggested_version"))
    trained = sa.select(images.c.id).where(images.c.suggested_version > 0)
    op.execute(sa.delete(flags).where(flags.c.flag == "mislabelled", flags.c.image_id.not_in(trained)))
