"""What versions take held-out faces for, so that every version's figure is of the same faces."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "held_out_answers",
        sa.Column("image_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("label", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["image_id"], ["images.id"], name=op.f("fk_held_out_answers_image_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("image_id", "version", name=op.f("pk_held_out_answers")),
    )
