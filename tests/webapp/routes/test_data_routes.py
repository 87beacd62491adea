"""The routes behind Collect and Review, without a browser."""

from __future__ import annotations

import re

import pytest
from fastapi.testclient import TestClient

from tests.labeling.face_patterns import face
from webapp.app import create_app
from webapp.studio import Studio

BASE = "/mien/api/data"


def test_the_loop_of_a_label_set_and_its_images(api: TestClient, clean_studio: Studio) -> None:
    ids = [clean_studio.store.images.add(face(number)).image_id for number in range(3)]
    added = api.post(f"{BASE}/labels/add", json={"name": "wink"}).json()
    assert added["labels"][-1]["name"] == "wink"
    action = api.post(f"{BASE}/annotate", json={"ids": ids[:2], "label": "wink"}).json()["action"]
    assert api.get(f"{BASE}/gallery", params={"label": "wink"}).json()["total"] == 2
    assert api.get(f"{BASE}/gallery/ids", params={"answer": "none"}).json()["ids"] == ids[2:]
    assert [item["id"] for item in api.get(f"{BASE}/queue").json()["items"]] == ids[2:]
    assert api.get(f"{BASE}/images/{ids[0]}/history").json()[0]["label"] == "wink"
    assert api.post(f"{BASE}/undo", json={"action": action}).json() == {"ids": ids[:2], "later": 0, "label": None}
    assert api.post(f"{BASE}/delete", json={"ids": ids[:2]}).json()["ids"] == ids[:2]
    assert api.post(f"{BASE}/restore", json={"ids": ids[:1]}).json() == {"restored": 1}
    assert api.post(f"{BASE}/purge", json={"ids": ids}).json() == {"purged": 1, "wiping": False}
    assert api.get(f"{BASE}/overview").json()["total"] == 2
    assert api.post(f"{BASE}/delete", json={"everything": True}).json()["ids"] == [ids[0], ids[2]]


def test_people_are_named_and_what_was_so_before_takes_it_back(api: TestClient, clean_studio: Studio) -> None:
    store = clean_studio.store
    ids = [store.images.add(face(number), subject="Bo" if number else None).image_id for number in range(2)]
    before = api.post(f"{BASE}/people", json={"people": [{"ids": ids, "subject": "Ada"}]}).json()
    assert before == {"people": [{"ids": ids[:1], "subject": None}, {"ids": ids[1:], "subject": "Bo"}]}
    assert api.get(f"{BASE}/overview").json()["subjects"] == [["Ada", 2]]
    api.post(f"{BASE}/people", json=before)
    assert [store.gallery.item(image).subject for image in ids] == [None, "Bo"]
    refused = api.post(f"{BASE}/people", json={"people": [{"ids": ids, "subject": "x" * 200}]})
    assert (refused.status_code, refused.json()["error"]) == (
        422,
        "A person's name has at most 64 characters; this one has 200.",
    )


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("labels/add", {"name": "<script>alert(1)</script>"}),
        ("labels/add", {"name": "x" * 10_000}),
        ("labels/remove", {"name": "anger"}),
        ("labels/paint", {"name": "anger"}),
        ("annotate", {"ids": [], "label": "nothing"}),
        ("delete", {}),
        ("annotate", {"ids": "all", "label": "anger"}),
    ],
)
def test_what_cannot_be_done_is_said(client: TestClient, path: str, body: dict[str, object]) -> None:
    answer = client.post(f"{BASE}/{path}", json=body)
    assert answer.status_code == 422
    assert answer.json().get("error") or answer.json().get("detail")


def test_another_sites_page_cannot_reach_the_data(client: TestClient) -> None:
    for method, path in (("GET", "overview"), ("POST", "export/zip"), ("POST", "delete")):
        answer = client.request(method, f"{BASE}/{path}", headers={"origin": "https://evil.example"})
        assert answer.status_code == 403


def test_a_password_covers_the_data(clean_studio: Studio) -> None:
    with TestClient(create_app(clean_studio, ("ada", "secret")), base_url="http://127.0.0.1:7860") as client:
        assert client.get(f"{BASE}/overview").status_code == 401
        assert client.get(f"{BASE}/overview", auth=("ada", "secret")).status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        *(("GET", f"images/{number}", None) for number in (2**31, 2**63, 10**30)),
        *(("GET", f"images/{2**63}/{part}", None) for part in ("thumbnail", "history")),
        ("GET", f"gallery?page={2**63}", None),
        ("GET", f"gallery?size={10**30}", None),
        ("GET", f"queue?skip={2**63}", None),
        ("GET", "gallery?until=9999-12-31", None),
        ("GET", "gallery/ids?until=9999-12-31", None),
        ("GET", "gallery?since=tomorrow", None),
        ("POST", f"train/cancel/{2**63}", "{}"),
        *(
            ("POST", path, f'{{"ids": [{number}], "label": "anger"}}')
            for path in ("annotate", "delete", "restore", "purge")
            for number in ("NaN", "Infinity", "1e400", 2**63, 10**30, -1, 1.5)
        ),
        ("POST", "annotate", "[" * 100_000),
        ("POST", "purge", "[" * 100_000),
    ],
)
def test_numbers_and_days_that_cannot_be_are_refused_with_a_sentence(
    client: TestClient, method: str, path: str, body: str | None
) -> None:
    answer = client.request(method, f"{BASE}/{path}", content=body, headers={"content-type": "application/json"})
    assert answer.status_code in ((422,) if body is None or "[[" not in body else (400, 422)), answer.text
    assert answer.json().get("error") or answer.json().get("detail")


def test_a_fault_of_the_system_deep_down_is_said_without_its_words_or_a_path(
    api: TestClient, clean_studio: Studio, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device", str(clean_studio.home.path / "mien.db"))

    monkeypatch.setattr(clean_studio.store.deletion, "restore", full)
    answer = api.post(f"{BASE}/restore", json={"ids": [1]})
    assert answer.status_code == 500
    said = answer.json()["error"]
    assert "No space left" not in said and str(clean_studio.home.path) not in said
    assert re.search(r"id ([0-9a-f]{8})", said).group(1) in caplog.text  # type: ignore[union-attr]
