"""Faces have points (eyes, nose, mouth) and are cut out by them; what versions said of crops by the box goes.

A picture that was given whole as a face crop has none, and is taken whole. The points of the others are NULL until they
are looked for: `labeling.points`.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.add_column("images", sa.Column("points", sa.Text(), nullable=True))
    images = sa.table(
        "images", *map(sa.column, ("points", "box_x", "box_y", "box_width", "box_height", "width", "height"))
    )
    given_whole = sa.and_(
        *(images.c.box_x == 0, images.c.box_y == 0),
        *(images.c.box_width == images.c.width, images.c.box_height == images.c.height),
    )
    op.execute(sa.update(images).where(given_whole).values(points=""))
    op.execute(sa.delete(sa.table("held_out_answers")))
