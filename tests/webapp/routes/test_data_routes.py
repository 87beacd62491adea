"""The routes behind Collect and Review, without a browser."""

from __future__ import annotations

import io
import re
import time
import zipfile
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from models.pictures import encode_jpeg
from tests.labeling.face_patterns import face, picture
from tests.serving import astronaut
from webapp.app import create_app
from webapp.studio import CHECK_EVERY, Studio

BASE = "/mien/api/data"


@pytest.fixture
def api(clean_studio: Studio) -> Iterator[TestClient]:
    with TestClient(create_app(clean_studio), base_url="http://127.0.0.1:7860") as client:
        yield client


def test_the_loop_of_a_label_set_and_its_images(api: TestClient, clean_studio: Studio) -> None:
    ids = [clean_studio.store.images.add(face(number)).image_id for number in range(3)]
    added = api.post(f"{BASE}/labels/add", json={"name": "wink"}).json()
    assert added["labels"][-1]["name"] == "wink"
    action = api.post(f"{BASE}/annotate", json={"ids": ids[:2], "label": "wink"}).json()["action"]
    assert api.get(f"{BASE}/gallery", params={"label": "wink"}).json()["total"] == 2
    assert api.get(f"{BASE}/gallery/ids", params={"answer": "none"}).json()["ids"] == ids[2:]
    assert [item["id"] for item in api.get(f"{BASE}/queue").json()["items"]] == ids[2:]
    assert api.get(f"{BASE}/images/{ids[0]}/history").json()[0]["label"] == "wink"
    assert api.post(f"{BASE}/undo", json={"action": action}).json() == {"ids": ids[:2]}
    assert api.post(f"{BASE}/delete", json={"ids": ids[:2]}).json() == {"ids": ids[:2]}
    assert api.post(f"{BASE}/restore", json={"ids": ids[:1]}).json() == {"restored": 1}
    assert api.post(f"{BASE}/purge", content=f'{{"ids": {ids}}}').json() == {"purged": 1, "wiping": False}
    assert api.get(f"{BASE}/overview").json()["total"] == 2
    assert api.post(f"{BASE}/delete", json={"everything": True}).json()["ids"] == [ids[0], ids[2]]


def test_pictures_are_served_under_their_number(api: TestClient, clean_studio: Studio) -> None:
    image = clean_studio.store.images.add(face(1)).image_id
    whole = api.get(f"{BASE}/images/{image}")
    assert (whole.content, whole.headers["content-type"]) == (face(1).data, "image/jpeg")
    assert len(api.get(f"{BASE}/images/{image}/thumbnail").content) < len(whole.content)
    assert api.get(f"{BASE}/images/99").status_code == 404


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
def test_what_cannot_be_done_is_said(api: TestClient, path: str, body: dict[str, object]) -> None:
    answer = api.post(f"{BASE}/{path}", json=body)
    assert answer.status_code == 422
    assert answer.json().get("error") or answer.json().get("detail")


def test_another_sites_page_cannot_reach_the_data(api: TestClient) -> None:
    for method, path in (("GET", "overview"), ("POST", "export/zip"), ("POST", "delete")):
        answer = api.request(method, f"{BASE}/{path}", headers={"origin": "https://evil.example"})
        assert answer.status_code == 403


def test_a_password_covers_the_data(clean_studio: Studio) -> None:
    with TestClient(create_app(clean_studio, ("ada", "secret")), base_url="http://127.0.0.1:7860") as client:
        assert client.get(f"{BASE}/overview").status_code == 401
        assert client.get(f"{BASE}/overview", auth=("ada", "secret")).status_code == 200


def test_a_picture_is_uploaded_and_a_bad_one_refused(api: TestClient) -> None:
    good = api.post(f"{BASE}/upload", params={"label": "happiness", "subject": "Ada"}, content=encode_jpeg(astronaut()))
    assert [entry["state"] for entry in good.json()["faces"]] == ["added"]
    item = api.get(f"{BASE}/gallery").json()["items"][0]
    assert (item["label"], item["subject"], item["source"]) == ("happiness", "Ada", "upload")
    for wrong in (b"", b"hello"):
        refused = api.post(f"{BASE}/upload", content=wrong)
        assert refused.status_code == 422
        assert refused.json()["error"]


def zipped(count: int) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for number in range(count):
            archive.writestr(f"wink/{number}.jpg", encode_jpeg(picture(number, 100)))
        archive.writestr("wink/notes.jpg", b"hello")
    return file.getvalue()


def finished(api: TestClient, job: str) -> dict[str, object]:
    for _ in range(600):
        state = api.get(f"{BASE}/jobs/{job}").json()
        if state["report"] or state["error"]:
            return dict(state)
        time.sleep(0.05)
    raise AssertionError("the import never ended")


def exported(api: TestClient, kind: str) -> bytes:
    """The data set as the page takes it along: made in the background, then fetched."""
    job = api.post(f"{BASE}/export/{kind}").json()["job"]
    state = finished(api, job)
    answer = api.get(f"{BASE}/exported/{job}/{state['file']}")
    assert answer.status_code == 200 and "attachment" in answer.headers["content-disposition"]
    return answer.content


def test_a_zip_is_a_job_with_a_report_and_comes_out_again(api: TestClient) -> None:
    started = api.post(f"{BASE}/import", params={"name": "faces.zip"}, content=zipped(5))
    assert started.status_code == 202
    report = finished(api, started.json()["job"])["report"]
    assert isinstance(report, dict)
    assert (report["added"], [refusal["name"] for refusal in report["refused"]]) == (5, ["wink/notes.jpg"])
    with zipfile.ZipFile(io.BytesIO(exported(api, "zip"))) as archive:
        assert sum(name.startswith("wink/") for name in archive.namelist()) == 5
    assert exported(api, "csv").count(b"\n") == 6


def test_a_job_is_cancelled_and_a_wrong_file_refused(api: TestClient) -> None:
    job = api.post(f"{BASE}/import", params={"name": "faces.zip"}, content=zipped(300)).json()["job"]
    api.post(f"{BASE}/jobs/{job}/cancel")
    report = finished(api, job)["report"]
    assert isinstance(report, dict)
    assert report["cancelled"]
    assert api.get(f"{BASE}/overview").json()["total"] == report["added"] < 300
    assert api.post(f"{BASE}/import", params={"name": "faces.tar"}, content=b"x").status_code == 422
    broken = api.post(f"{BASE}/import", params={"name": "a.csv"}, content=b"name\n1\n").json()["job"]
    assert "lacks emotion and pixels" in str(finished(api, broken)["error"])
    assert api.get(f"{BASE}/jobs/none").status_code == 404


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
