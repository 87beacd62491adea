from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from labeling.store import Store
from models.home import Home, open_home
from models.versions import BadVersion
from tests.labeling.face_patterns import age_trash, face
from tests.made_versions import copy_base
from webapp.actions.version_actions import use_version
from webapp.app import create_app
from webapp.label_colors import SPARE_COLOR, label_colors, teachable
from webapp.studio import CHECK_EVERY, Studio


def test_the_base_model_is_active_at_first(clean_studio: Studio) -> None:
    assert clean_studio.predictor.number == 0 and clean_studio.store.images.count() == 0
    assert clean_studio.predictor is clean_studio.predictor


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below `folder`, and every folder, which has nothing in it."""
    paths = sorted(folder.rglob("*"))
    return {str(path): path.read_bytes() if path.is_file() else b"" for path in paths}


def test_building_the_app_touches_nothing_and_starting_it_removes_what_others_left(tmp_path: Path) -> None:
    home = open_home(tmp_path / "home")
    store = Store(home.database_url)
    store.deletion.delete([store.images.add(face(1)).image_id])
    age_trash(store, days=31)
    store.close()
    (home.temporary / "gone").mkdir(parents=True)
    (home.temporary / "gone" / "export.zip").write_bytes(b"faces")
    (home.temporary / "gone.lock").touch()
    studio = Studio(home)
    before = contents(home.path)
    app = create_app(studio)
    assert contents(home.path) == before
    with TestClient(app):
        for _ in range(400):
            if rows(home) == 0:
                break
            time.sleep(0.05)
        assert rows(home) == 0
        assert not (home.temporary / "gone").exists()


def rows(home: Home) -> int:
    with closing(sqlite3.connect(home.path / "mien.db")) as connection:
        (count,) = connection.execute("SELECT count(*) FROM images").fetchone()
        return int(count)


def test_a_choice_made_elsewhere_is_taken_up(clean_studio: Studio) -> None:
    number = copy_base(clean_studio.versions, 1).number
    assert clean_studio.predictor.number == 0
    clean_studio.store.settings.set_active_version(number)
    time.sleep(CHECK_EVERY + 0.05)
    assert clean_studio.predictor.number == number


def test_a_damaged_version_leaves_the_active_one_at_work(clean_studio: Studio) -> None:
    version = copy_base(clean_studio.versions, 1)
    (version.path / "model.onnx").write_bytes(b"broken")
    assert clean_studio.predictor.number == 0
    with pytest.raises(BadVersion):
        use_version(clean_studio, version.number)
    assert clean_studio.store.settings.active_version() == 0
    clean_studio.store.settings.set_active_version(version.number)
    time.sleep(CHECK_EVERY + 0.05)
    assert clean_studio.predictor.number == 0
    assert f"Version {version.number} cannot be used" in clean_studio.notice


def wait_for(studio: Studio, true: Callable[[], bool]) -> None:
    end = time.monotonic() + 120
    while not true():
        assert time.monotonic() < end, studio.notice
        time.sleep(0.05)


def test_a_version_of_an_earlier_mien_is_made_ready_while_another_one_works(clean_studio: Studio) -> None:
    copy_base(clean_studio.versions, 1, onnx=False)
    clean_studio.store.settings.set_active_version(1)
    assert clean_studio.predictor.number == 0
    assert "Version 1 was made by an earlier Mien and has no model.onnx yet. It is being made" in clean_studio.notice
    wait_for(clean_studio, lambda: clean_studio.predictor.number == 1)
    assert clean_studio.notice == "" and clean_studio.versions.get(1).card.onnx_proof


def test_where_its_model_cannot_be_made_the_page_says_why(clean_studio: Studio) -> None:
    version = copy_base(clean_studio.versions, 1, onnx=False)
    (version.path / "weights.safetensors").write_bytes(b"broken")
    clean_studio.store.settings.set_active_version(1)
    assert clean_studio.predictor.number == 0
    wait_for(clean_studio, lambda: "cannot be used" in clean_studio.notice)
    assert "weights.safetensors is missing or no safetensors file" in clean_studio.notice
    assert clean_studio.predictor.number == 0


def test_using_a_version_of_an_earlier_mien_waits_for_its_model(clean_studio: Studio) -> None:
    copy_base(clean_studio.versions, 1, onnx=False)
    use_version(clean_studio, 1)
    assert clean_studio.predictor.number == 1 and clean_studio.store.settings.active_version() == 1


def test_labels_have_colours_and_keys(clean_studio: Studio) -> None:
    happiness, unknown = label_colors(clean_studio.store, ("happiness", "no such label"))
    assert happiness.color != SPARE_COLOR and happiness.key == "2"
    assert (unknown.color, unknown.key) == (SPARE_COLOR, "")
    clean_studio.store.labels.change("fear", enabled=False)
    assert "fear" not in {label.name for label in teachable(clean_studio.store)}
