"""The trash over HTTP."""

from __future__ import annotations

import json

import pytest
from fastapi.testclient import TestClient

from tests.labeling.face_patterns import face
from webapp.studio import Studio

BASE = "/mien/api/data"


@pytest.fixture
def ids(clean_studio: Studio) -> list[int]:
    return [clean_studio.store.images.add(face(n), label="fear", subject="Ada").image_id for n in range(4)]


def test_what_is_deleted_lies_in_the_trash_until_it_is_restored_or_removed(api: TestClient, ids: list[int]) -> None:
    assert api.get(f"{BASE}/trash").json() == {
        **{"images": 0, "bytes": 0, "people": [], "newest": None},
        **{"days": 30, "items": []},
    }
    deleted = api.post(f"{BASE}/delete", json={"ids": ids[:3]}).json()
    assert deleted["ids"] == ids[:3] and deleted["purged"] == 0
    seen = api.get(f"{BASE}/trash", params={"size": 2}).json()
    assert (seen["images"], seen["people"]) == (3, [["Ada", 3]])
    assert seen["bytes"] == sum(len(face(number).data) for number in range(3))
    assert [(item["id"], item["label"], item["subject"]) for item in seen["items"]] == [
        (ids[2], "fear", "Ada"),
        (ids[1], "fear", "Ada"),
    ]
    overview = api.get(f"{BASE}/overview").json()
    assert overview["total"] == 1 and overview["subjects"] == [["Ada", 1]] and overview["trash"]["images"] == 3
    assert api.post(f"{BASE}/restore", json={"ids": ids}).json() == {"restored": 3}
    assert api.post(f"{BASE}/delete", json={"subject": "Ada"}).json()["ids"] == ids
    newest = api.get(f"{BASE}/trash").json()["newest"]
    assert api.post(f"{BASE}/purge", json={"until": newest}).json() == {"purged": 4, "wiping": False}


def test_deletion_is_undone_by_its_action(api: TestClient, ids: list[int]) -> None:
    action = api.post(f"{BASE}/delete", json={"ids": ids}).json()["action"]
    api.post(f"{BASE}/purge", json={"ids": ids[:1]})
    assert api.post(f"{BASE}/undo", json={"action": action}).json() == {"ids": ids[1:], "later": 0, "label": None}
    again = api.post(f"{BASE}/undo", json={"action": action})
    assert again.status_code == 404 and "nothing to undo any more" in again.json()["error"]


def test_merging_and_removing_a_label_are_undone_by_their_actions(api: TestClient, ids: list[int]) -> None:
    api.post(f"{BASE}/labels/add", json={"name": "wink"})
    merged = api.post(f"{BASE}/labels/merge", json={"name": "fear", "to": "wink"}).json()
    assert {entry["name"]: entry["images"] for entry in merged["overview"]["labels"]}["wink"] == 4
    removed = api.post(f"{BASE}/labels/remove", json={"name": "wink", "images": "delete"}).json()
    assert removed["overview"]["total"] == 0 and removed["overview"]["trash"]["images"] == 4
    assert api.post(f"{BASE}/undo", json={"action": removed["action"]}).json()["label"] == "wink"
    undone = api.post(f"{BASE}/undo", json={"action": merged["action"]}).json()
    assert undone == {"ids": ids, "later": 0, "label": "fear"}
    assert api.get(f"{BASE}/gallery", params={"label": "fear"}).json()["total"] == 4


@pytest.mark.parametrize("path", ["restore", "purge"])
def test_what_is_not_in_the_trash_any_more_is_said(api: TestClient, ids: list[int], path: str) -> None:
    for body, said in (({}, "The trash is empty."), ({"ids": ids}, "None of these images is in the trash any more")):
        answer = api.post(f"{BASE}/{path}", json=body)
        assert answer.status_code == 404 and answer.json()["error"].startswith(said)


@pytest.mark.parametrize("until", ["yesterday", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "2026-03-14"])
def test_a_time_that_cannot_be_is_refused(api: TestClient, ids: list[int], until: str) -> None:
    api.post(f"{BASE}/delete", json={"ids": ids})
    answer = api.post(f"{BASE}/purge", content=json.dumps({"until": until}))
    assert answer.status_code == 422
    assert api.get(f"{BASE}/trash").json()["images"] == 4
