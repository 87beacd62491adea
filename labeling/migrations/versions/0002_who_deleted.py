"""Who deleted an image: the server that did, so that another one leaves alone what this one can still bring back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("images", sa.Column("deleted_by", sa.String(length=32), nullable=True))
