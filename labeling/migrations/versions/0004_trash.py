"""A trash, and undoing whatever was done to many images: what deleted an image, and the labels that were removed.

An annotation keeps the id of its label after the label is gone, so that the label can come back with what it had.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    # An earlier Mien promised that what was deleted would be gone by now: the next clean-up removes it for good.
    op.execute("UPDATE images SET deleted = 0, deleted_by = NULL WHERE deleted IS NOT NULL")
    with op.batch_alter_table("annotations", table_kwargs={"sqlite_autoincrement": True}) as annotations:
        annotations.drop_constraint(op.f("fk_annotations_label_id"), type_="foreignkey")
    op.create_table(
        "removed_labels",
        sa.Column("action", sa.String(length=32), nullable=False),
        sa.Column("label_id", sa.Integer(), nullable=False),
        sa.Column("into_id", sa.Integer(), nullable=True),
        sa.Column("kept", sa.Text(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("action", name=op.f("pk_removed_labels")),
    )
