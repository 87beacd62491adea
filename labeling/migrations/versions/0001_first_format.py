"""The first format: labels, images, answers, suggestions, flags, runs, settings, and the eight built-in labels."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

BUILT_IN = (
    ("neutral", "#999999"),
    ("happiness", "#e69f00"),
    ("surprise", "#f0e442"),
    ("sadness", "#0072b2"),
    ("anger", "#d55e00"),
    ("disgust", "#009e73"),
    ("fear", "#cc79a7"),
    ("contempt", "#56b4e9"),
)


def upgrade() -> None:
    op.create_table(
        "labels",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("folded", sa.String(length=128), nullable=False),
        sa.Column("color", sa.String(length=7), nullable=False),
        sa.Column("key", sa.String(length=1), nullable=False),
        sa.Column("built_in", sa.Boolean(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_labels")),
        sa.UniqueConstraint("folded", name=op.f("uq_labels_folded")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "runs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("started", sa.BigInteger(), nullable=True),
        sa.Column("finished", sa.BigInteger(), nullable=True),
        sa.Column("pid", sa.Integer(), nullable=True),
        sa.Column("epoch", sa.Integer(), nullable=True),
        sa.Column("epochs", sa.Integer(), nullable=True),
        sa.Column("loss", sa.Double(), nullable=True),
        sa.Column("accuracy", sa.Double(), nullable=True),
        sa.Column("seconds_left", sa.Double(), nullable=True),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("curves", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_runs")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_runs_state"), "runs", ["state"], unique=False)
    op.create_table(
        "settings",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_settings")),
    )
    op.create_table(
        "images",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("box_x", sa.Double(), nullable=False),
        sa.Column("box_y", sa.Double(), nullable=False),
        sa.Column("box_width", sa.Double(), nullable=False),
        sa.Column("box_height", sa.Double(), nullable=False),
        sa.Column("band0", sa.Integer(), nullable=False),
        sa.Column("band1", sa.Integer(), nullable=False),
        sa.Column("band2", sa.Integer(), nullable=False),
        sa.Column("band3", sa.Integer(), nullable=False),
        sa.Column("sharpness", sa.Double(), nullable=False),
        sa.Column("brightness", sa.Double(), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=True),
        sa.Column("session", sa.String(length=64), nullable=True),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("deleted", sa.BigInteger(), nullable=True),
        sa.Column("answer", sa.String(length=16), nullable=False),
        sa.Column("label_id", sa.Integer(), nullable=True),
        sa.Column("suggested", sa.String(length=64), nullable=True),
        sa.Column("certainty", sa.Double(), nullable=True),
        sa.Column("suggested_version", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["label_id"], ["labels.id"], name=op.f("fk_images_label_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_images")),
        sa.UniqueConstraint("sha256", name=op.f("uq_images_sha256")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_images_band0"), "images", ["band0"], unique=False)
    op.create_index(op.f("ix_images_band1"), "images", ["band1"], unique=False)
    op.create_index(op.f("ix_images_band2"), "images", ["band2"], unique=False)
    op.create_index(op.f("ix_images_band3"), "images", ["band3"], unique=False)
    op.create_index(
        op.f("ix_images_deleted_answer_certainty_id"), "images", ["deleted", "answer", "certainty", "id"], unique=False
    )
    op.create_index(
        op.f("ix_images_deleted_answer_created_id"), "images", ["deleted", "answer", "created", "id"], unique=False
    )
    op.create_index(op.f("ix_images_deleted_created_id"), "images", ["deleted", "created", "id"], unique=False)
    op.create_index(
        op.f("ix_images_deleted_label_id_created_id"), "images", ["deleted", "label_id", "created", "id"], unique=False
    )
    op.create_index(
        op.f("ix_images_deleted_source_created_id"), "images", ["deleted", "source", "created", "id"], unique=False
    )
    op.create_index(
        op.f("ix_images_deleted_subject_created_id"), "images", ["deleted", "subject", "created", "id"], unique=False
    )
    op.create_index(
        op.f("ix_images_deleted_suggested_version"), "images", ["deleted", "suggested_version"], unique=False
    )
    op.create_index(op.f("ix_images_label_id"), "images", ["label_id"], unique=False)
    op.create_index(op.f("ix_images_session_id"), "images", ["session", "id"], unique=False)
    op.create_table(
        "annotations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("image_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("label_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=64), nullable=True),
        sa.Column("who", sa.String(length=64), nullable=False),
        sa.Column("action", sa.String(length=32), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["image_id"], ["images.id"], name=op.f("fk_annotations_image_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["label_id"], ["labels.id"], name=op.f("fk_annotations_label_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_annotations")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_annotations_action"), "annotations", ["action"], unique=False)
    op.create_index(op.f("ix_annotations_image_id_id"), "annotations", ["image_id", "id"], unique=False)
    op.create_index(op.f("ix_annotations_label_id"), "annotations", ["label_id"], unique=False)
    op.create_table(
        "flags",
        sa.Column("flag", sa.String(length=16), nullable=False),
        sa.Column("image_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["image_id"], ["images.id"], name=op.f("fk_flags_image_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["other_id"], ["images.id"], name=op.f("fk_flags_other_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("flag", "image_id", name=op.f("pk_flags")),
    )
    op.create_index(op.f("ix_flags_image_id"), "flags", ["image_id"], unique=False)
    op.create_index(op.f("ix_flags_other_id"), "flags", ["other_id"], unique=False)
    op.create_table(
        "image_data",
        sa.Column("image_id", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["image_id"], ["images.id"], name=op.f("fk_image_data_image_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("image_id", name=op.f("pk_image_data")),
    )
    op.create_table(
        "suggestions",
        sa.Column("image_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("label", sa.String(length=64), nullable=False),
        sa.Column("certainty", sa.Double(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["image_id"], ["images.id"], name=op.f("fk_suggestions_image_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("image_id", "version", name=op.f("pk_suggestions")),
    )
    op.create_table(
        "thumbnails",
        sa.Column("image_id", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["image_id"], ["images.id"], name=op.f("fk_thumbnails_image_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("image_id", name=op.f("pk_thumbnails")),
    )
    columns = ("name", "folded", "color", "key", "built_in", "enabled", "position")
    labels = sa.table("labels", *(sa.column(name) for name in columns))
    rows = [(name, name, color, str(n + 1), True, True, n) for n, (name, color) in enumerate(BUILT_IN)]
    op.bulk_insert(labels, [dict(zip(columns, row, strict=True)) for row in rows])
