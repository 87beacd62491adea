from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

from labeling import migrating
from labeling.migrations import HEAD
from labeling.schema import Base
from labeling.store import Store
from labeling.store_errors import StoreError
from tests.labeling.face_patterns import face, open_store


def test_the_migrations_make_the_schema(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    with store.database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert compare_metadata(context, Base.metadata) == []
    assert store.database.backups() == []


def test_an_older_database_is_backed_up_before_it_is_migrated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = open_store(tmp_path)
    image = store.images.add(face(1), label="fear").image_id
    store.close()
    migrations = tmp_path / "migrations"
    (migrations / "versions").mkdir(parents=True)
    for path in migrating.MIGRATIONS.rglob("*.py"):
        (migrations / path.relative_to(migrating.MIGRATIONS)).write_text(path.read_text())
    (migrations / "versions" / "0999_next.py").write_text(
        f"import sqlalchemy as sa\nfrom alembic import op\nrevision = '0999'\ndown_revision = '{HEAD}'\n"
        "def upgrade():\n    op.add_column('images', sa.Column('note', sa.Text()))\n"
    )
    monkeypatch.setattr(migrating, "MIGRATIONS", migrations)
    monkeypatch.setattr(migrating, "HEAD", "0999")
    newer = open_store(tmp_path)
    with newer.database.reading() as connection:
        assert connection.exec_driver_sql("SELECT note FROM images").all() == [(None,)]
    (backup,) = newer.database.backups()
    newer.close()
    monkeypatch.undo()
    restored = Store(f"sqlite:///{backup}")
    assert restored.images.data(image) == face(1).data
    with pytest.raises(StoreError, match=r"mien\.db was written by a newer Mien .*Update"):
        open_store(tmp_path)


def test_labels_of_an_older_mien_get_keys_and_colours_of_their_own(tmp_path: Path) -> None:
    path = tmp_path / "mien.db"
    migrate_to("0002", path)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executemany(
            "INSERT INTO labels (name, folded, color, key, built_in, enabled, position) VALUES (?, ?, ?, ?, 0, ?, 9)",
            [
                ("wink", "wink", "#882255", "9", True),
                ("smirk", "smirk", "#882255", "", True),
                ("pout", "pout", "#999999", "", False),
                ("mug", "mug", "#44aa99", "", True),
            ],
        )
    store = Store(f"sqlite:///{path}")
    marks = {label.name: (label.key, label.color, label.pattern) for label in store.labels.list(all=True)}
    assert marks["wink"] == ("9", "#882255", "") and marks["smirk"] == ("i", "#999933", "")
    assert marks["mug"] == ("g", "#44aa99", "") and marks["pout"] == ("p", "#aa4499", "")
    assert marks["neutral"] == ("1", "#999999", "")


def test_what_the_base_model_doubted_is_doubted_no_longer(tmp_path: Path) -> None:
    path = tmp_path / "mien.db"
    migrate_to("0006", path)
    images = (
        "INSERT INTO images (id, sha256, width, height, size, box_x, box_y, box_width, box_height, band0, band1, "
        "band2, band3, sharpness, brightness, source, created, answer, suggested_version) VALUES "
    )
    with closing(sqlite3.connect(path)) as connection, connection:
        for number, version in ((1, 0), (2, 1), (3, None)):
            values = f"({number}, '{number}', 9, 9, 9, 0, 0, 9, 9, 0, 0, 0, 0, 9, 9, 'upload', 0, '', ?)"
            connection.execute(images + values, [version])
            for flag in ("mislabelled", "dark"):
                connection.execute("INSERT INTO flags (flag, image_id) VALUES (?, ?)", [flag, number])
    store = Store(f"sqlite:///{path}")
    assert [store.gallery.item(number).flags for number in (1, 2, 3)] == [
        ("dark",),
        ("dark", "mislabelled"),
        ("dark",),
    ]


def migrate_to(revision: str, path: Path) -> None:
    """Makes a database in an older format."""
    config = Config()
    config.set_main_option("script_location", str(migrating.MIGRATIONS))
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    engine.dispose()
