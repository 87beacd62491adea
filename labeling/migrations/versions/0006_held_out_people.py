"""The people whom a training run holds out; an index to count takes on."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("runs", sa.Column("hold_out", sa.Text(), nullable=False, server_default=""))
    op.create_index("ix_images_take", "images", ["deleted", "label_id", "session", "subject"])
