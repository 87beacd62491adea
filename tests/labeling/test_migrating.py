from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, delete, select

from labeling import migrating
from labeling.migrations import HEAD
from labeling.schema import AnnotationRow, Base, LabelRow
from labeling.store import Store
from labeling.store_errors import StoreError
from labeling.stored_faces import FacePlace
from models.box import Box
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
    with closing(sqlite3.connect(path)) as connection, connection:
        for number, version in ((1, 0), (2, 1), (3, None)):
            insert_image(connection, number, suggested_version=version)
            for flag in ("mislabelled", "dark"):
                connection.execute("INSERT INTO flags (flag, image_id) VALUES (?, ?)", [flag, number])
    store = Store(f"sqlite:///{path}")
    assert [store.gallery.item(number).flags for number in (1, 2, 3)] == [
        ("dark",),
        ("dark", "mislabelled"),
        ("dark",),
    ]


def test_what_an_earlier_mien_had_deleted_is_gone_for_good_and_an_answer_outlives_its_label(tmp_path: Path) -> None:
    path = tmp_path / "mien.db"
    migrate_to("0003", path)
    with closing(sqlite3.connect(path)) as connection, connection:
        insert_image(connection, 1, label_id=2)
        insert_image(connection, 2, deleted=5, deleted_by="server")
        connection.execute("INSERT INTO annotations VALUES (7, 1, 'label', 2, 'happiness', 'me', 'a', 0)")
    store = Store(f"sqlite:///{path}")
    assert store.trash.figures().images == 0 and store.deletion.restore() == 0
    store.deletion.clean_up()
    assert [item.id for item in store.gallery.page().items] == [1]
    assert [answer.label for answer in store.annotations.history(1)] == ["happiness"]
    with store.database.writing() as connection:
        connection.execute(delete(LabelRow).where(LabelRow.id == 2))
        assert connection.scalar(select(AnnotationRow.label_id)) == 2
        assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []


def test_faces_of_an_older_mien_have_points_to_be_looked_for_unless_they_were_given_whole(tmp_path: Path) -> None:
    path = tmp_path / "mien.db"
    migrate_to("0007", path)
    with closing(sqlite3.connect(path)) as connection, connection:
        insert_image(connection, 1)
        insert_image(connection, 2, box_x=1.5, box_y=1.5, box_width=6, box_height=6)
        connection.execute("INSERT INTO held_out_answers (image_id, version, label) VALUES (2, 0, 'fear')")
    store = Store(f"sqlite:///{path}")
    assert store.images.without_points([1, 2]) == [2]
    assert store.images.places([1, 2]) == {
        1: FacePlace(Box(0, 0, 9, 9), None),
        2: FacePlace(Box(1.5, 1.5, 6, 6), None),
    }
    assert store.held_out_answers.of(0, [2]) == {}, "they were of the crop by the box"


def insert_image(connection: sqlite3.Connection, number: int, **values: object) -> None:
    """An image as a database in an older format has it."""
    zero = ("box_x", "box_y", "band0", "band1", "band2", "band3", "created")
    nine = ("width", "height", "size", "box_width", "box_height", "sharpness", "brightness")
    row = {"id": number, "sha256": str(number), "source": "upload", "answer": "", **dict.fromkeys(zero, 0)}
    row |= dict.fromkeys(nine, 9) | values
    marks = ", ".join("?" * len(row))
    connection.execute(f"INSERT INTO images ({', '.join(row)}) VALUES ({marks})", list(row.values()))


def migrate_to(revision: str, path: Path) -> None:
    """Makes a database in an older format."""
    config = Config()
    config.set_main_option("script_location", str(migrating.MIGRATIONS))
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    engine.dispose()
