from __future__ import annotations

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from labeling import migrating
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
    (migrations / "versions" / "0003_next.py").write_text(
        "import sqlalchemy as sa\nfrom alembic import op\nrevision = '0003'\ndown_revision = '0002'\n"
        "def upgrade():\n    op.add_column('images', sa.Column('note', sa.Text()))\n"
    )
    monkeypatch.setattr(migrating, "MIGRATIONS", migrations)
    monkeypatch.setattr(migrating, "HEAD", "0003")
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
