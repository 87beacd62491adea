from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from labeling.active_version import active_version
from labeling.store_errors import StoreError
from tests.labeling.face_patterns import open_store


def test_it_is_what_the_settings_say_also_while_a_server_has_them_open(tmp_path: Path) -> None:
    path = tmp_path / "mien.db"
    assert active_version(f"sqlite:///{path}") == 0
    assert not path.exists()
    store = open_store(tmp_path)
    assert active_version(f"sqlite:///{path}") == 0
    store.settings.set_active_version(4)
    assert active_version(f"sqlite:///{path}") == 4
    store.settings.set_active_version(5)
    store.close()
    assert active_version(f"sqlite:///{path}") == 5


def test_a_home_may_have_any_name(tmp_path: Path) -> None:
    folder = tmp_path / "100 %? #1"
    folder.mkdir()
    store = open_store(folder)
    store.settings.set_active_version(3)
    store.close()
    assert active_version(f"sqlite:///{folder / 'mien.db'}") == 3


def test_an_empty_file_becomes_a_data_set(tmp_path: Path) -> None:
    (tmp_path / "mien.db").touch()
    assert active_version(f"sqlite:///{tmp_path / 'mien.db'}") == 0
    assert (tmp_path / "mien.db").stat().st_size > 0


def test_what_is_wrong_is_said_as_the_store_says_it(tmp_path: Path) -> None:
    path = tmp_path / "mien.db"
    open_store(tmp_path).close()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreError, match="was written by a newer Mien"):
        active_version(f"sqlite:///{path}")
    path.write_bytes(b"no database" * 100)
    with pytest.raises(StoreError, match="damaged"):
        active_version(f"sqlite:///{path}")
