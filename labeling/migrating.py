"""Bringing a database to the format of this Mien, after a backup of its file."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import Connection, inspect, text

from labeling.database import Database
from labeling.migrations import HEAD
from labeling.sqlite_file import create_private
from labeling.store_errors import StoreError

MIGRATIONS = Path(__file__).parent / "migrations"


def migrate(database: Database) -> None:
    """Creates the tables, or changes older ones to today's.

    Raises:
        StoreError: the database is of a newer Mien, or cannot be read or written.
    """
    with database.reading() as connection:
        revision = _revision(connection)
    if revision == HEAD:
        return
    if revision is not None:
        if revision not in _known_revisions():
            raise StoreError(
                f"{database.name} was written by a newer Mien (format {revision}; this one knows up to {HEAD}). "
                "Update Mien, or start it with another --home."
            )
        if database.path:
            with database.explained():
                _back_up(database.path, revision)
    from alembic import command
    from alembic.config import Config

    with database.writing() as connection:
        if _revision(connection) == HEAD:  # another process was quicker
            return
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
        config.attributes["connection"] = connection
        command.upgrade(config, HEAD)


def _back_up(path: Path, revision: str) -> None:
    target = path.with_name(f"{path.stem}.before-{HEAD}-from-{revision}.db")
    create_private(target)
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(target)) as copy:
        source.backup(copy)


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _known_revisions() -> set[str]:
    return {path.stem.split("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*.py")}
