"""A run behind the Train tab, in a process of its own, with two pages that look at it all the while."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from fastapi.testclient import TestClient
from sqlalchemy import update

from labeling.schema import ImageDataRow
from tests.labeling.face_patterns import face
from training.enough import MIN_IMAGES
from webapp.studio import Studio

BASE = "/mien/api/data/train"
POLL_EVERY = 0.1


def looked_at(api: TestClient, run: int) -> list[dict[str, Any]]:
    """What a page is told until it is told of the run's end, and ten times more."""
    told: list[dict[str, Any]] = []
    after = 0
    while after < 10:
        answer = api.get(BASE)
        assert answer.status_code == 200, answer.text
        told.append(answer.json()["run"])
        assert told[-1]["id"] == run
        after += not told[-1]["open"]
        time.sleep(POLL_EVERY)
    return told


def test_two_pages_see_a_run_end(api: TestClient, clean_studio: Studio) -> None:
    store = clean_studio.store
    for number in range(2 * MIN_IMAGES):
        store.images.add(face(number), label=("happiness", "anger")[number % 2])
    with store.database.writing() as connection:
        connection.execute(
            update(ImageDataRow).values(data=b"damaged")
        )  # so that the run ends as soon as it reads them
    run = api.post(f"{BASE}/start", json={}).json()
    assert run["open"]
    with ThreadPoolExecutor(2) as pages:
        seen = list(pages.map(lambda _: looked_at(api, run["id"]), range(2)))
    for told in seen:
        assert told[0]["open"]
        ends = {(state["state"], state["reason"], state["finished"]) for state in told if not state["open"]}
        ((state, reason, _),) = ends
        assert state == "failed" and reason.startswith("None of the 16 labelled images can be decoded.")
    assert seen[0][-1] == seen[1][-1]
