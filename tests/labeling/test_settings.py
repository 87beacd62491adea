from __future__ import annotations

from pathlib import Path

from tests.labeling.face_patterns import open_store


def test_the_active_version_is_the_base_until_another_is_chosen(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    assert store.settings.active_version() == 0
    store.settings.set_active_version(4)
    store.close()
    assert open_store(tmp_path).settings.active_version() == 4
