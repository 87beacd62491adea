"""The number of the version in use, for those who need nothing else of the data set."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from labeling.migrations import HEAD

SQLITE = "sqlite:///"
QUESTION = """
SELECT (SELECT version_num FROM alembic_version), (SELECT value FROM settings WHERE name = 'active_version')
"""


def active_version(url: str) -> int:
    """What the settings of the store at `url` say. SQLite is asked for it in a tenth of the time that a store needs
    to open; a file that is not there yet is not made.

    Raises:
        StoreError: the data set cannot be opened.
    """
    number = _in_file(url)
    if number is not None:
        return number
    from labeling.store import Store  # which alone knows other databases and formats, and says what is wrong

    store = Store(url)
    try:
        return store.settings.active_version()
    finally:
        store.close()


def _in_file(url: str) -> int | None:
    """The number, where `url` is of SQLite's file in today's format or of none yet."""
    if not url.startswith(SQLITE) or "?" in url:
        return None
    path = Path(url.removeprefix(SQLITE))
    if not path.exists():
        return 0
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=rw", uri=True)) as connection:
            revision, number = connection.execute(QUESTION).fetchone()
    except sqlite3.Error:
        return None
    return int(number or 0) if revision == HEAD else None
