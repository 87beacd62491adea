"""The routes that show the data set, without a browser."""

from __future__ import annotations

import time

import numpy as np
import pytest
from fastapi.testclient import TestClient

from models.versions import WEIGHTS
from tests.labeling.face_patterns import face
from tests.made_versions import copy_base
from tests.serving import astronaut, jpeg
from webapp.actions.image_actions import add_picture
from webapp.actions.version_actions import use_version
from webapp.app import create_app
from webapp.studio import CHECK_EVERY, Studio

BASE = "/mien/api/data"


def test_pictures_are_served_under_their_number(api: TestClient, clean_studio: Studio) -> None:
    image = clean_studio.store.images.add(face(1)).image_id
    whole = api.get(f"{BASE}/images/{image}")
    assert (whole.content, whole.headers["content-type"]) == (face(1).data, "image/jpeg")
    assert len(api.get(f"{BASE}/images/{image}/thumbnail").content) < len(whole.content)
    assert api.get(f"{BASE}/images/99").status_code == 404


def test_suggestions_fill_the_queue(api: TestClient, clean_studio: Studio) -> None:
    for number in range(3):
        clean_studio.store.images.add(face(number))
    for _ in range(600):
        queue = api.get(f"{BASE}/queue").json()
        if not queue["waiting"]:
            break
        time.sleep(0.05)
    items = queue["items"]
    assert all(item["suggested"] and 0 < item["certainty"] <= 1 for item in items)
    certainties = [item["certainty"] for item in items]
    assert certainties == sorted(certainties)
    assert api.get(f"{BASE}/images/{items[0]['id']}/listed").json() == items[0]
    assert api.get(f"{BASE}/images/99/listed").status_code == 404


def test_nothing_is_said_to_wait_for_a_version_that_cannot_be_used(clean_studio: Studio) -> None:
    clean_studio.store.images.add(face(1))
    api = TestClient(create_app(clean_studio), base_url="http://127.0.0.1:7860")  # without the server's threads
    assert api.get(f"{BASE}/queue").json()["waiting"] == 1
    clean_studio.store.settings.set_active_version(7)
    time.sleep(CHECK_EVERY)
    assert api.get(f"{BASE}/queue").json()["waiting"] == 0


def test_an_image_shows_what_spoke_for_the_versions_answer(api: TestClient, clean_studio: Studio) -> None:
    (added,) = add_picture(clean_studio, jpeg(astronaut()), None, None)
    told = api.get(f"{BASE}/images/{added.image_id}/heat").json()
    assert (told["version"], told["label"], told["no_heat"]) == (0, "happiness", "")
    cells = np.array(told["heat"]["cells"])
    # It smiles: the mouth says so, and less the forehead.
    assert cells[len(cells) // 2 :].mean() > cells[: len(cells) // 2].mean()
    item = api.get(f"{BASE}/images/{added.image_id}/listed").json()
    x, y, width, height = item["box"]
    _, right, below = np.array(told["heat"]["corners"]) * (item["width"], item["height"])
    assert (right + below) / 2 == pytest.approx([x + width / 2, y + height / 2], abs=0.1 * height)
    assert api.get(f"{BASE}/images/99/heat").status_code == 404


def test_a_version_that_cannot_say_why_still_says_what(api: TestClient, clean_studio: Studio) -> None:
    image = clean_studio.store.images.add(face(1)).image_id
    (copy_base(clean_studio.versions, 1).path / WEIGHTS).unlink()
    use_version(clean_studio, 1)
    told = api.get(f"{BASE}/images/{image}/heat").json()
    assert told["label"] and told["heat"] is None and WEIGHTS in told["no_heat"]
