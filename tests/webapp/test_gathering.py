"""Pictures that come in one by one for one import, which begins once a person has said what their paths mean."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from models.errors import DiskError, TooLarge
from models.pictures import encode_jpeg
from tests.labeling.face_patterns import picture
from tests.webapp.transferring import BASE, finished, zipped
from webapp import gathering, transfers
from webapp.gathering import Gathering
from webapp.studio import Studio

TABLE = "file_name,label,subject,box\nwink/0.jpg,fear,<b>Ada</b>,\n"


def gathered(api: TestClient, files: dict[str, bytes]) -> str:
    job = str(api.post(f"{BASE}/import/pictures").json()["job"])
    for name, data in files.items():
        answer = api.post(f"{BASE}/jobs/{job}/pictures", params={"name": name}, content=data)
        assert answer.status_code == 200, answer.text
    return job


def begin(api: TestClient, job: str, **asked: object) -> dict[str, object]:
    answer = api.post(f"{BASE}/jobs/{job}/begin", json=asked)
    assert answer.status_code == 202, answer.text
    report = finished(api, job)["report"]
    assert isinstance(report, dict)
    return report


def photo(number: int) -> bytes:
    return encode_jpeg(picture(number, 100))


def test_a_dropped_folder_is_planned_then_imported_with_labels_and_people(
    api: TestClient, clean_studio: Studio
) -> None:
    names = [f"set/{label}/{person}/{n}.jpg" for label in ("happy", "fear") for person in ("ada", "ben") for n in "12"]
    job = gathered(api, {name: photo(index) for index, name in enumerate(names)})
    plan = api.get(f"{BASE}/jobs/{job}/plan").json()
    assert (plan["pictures"], plan["people_from"], plan["people"][0]["sample"]) == (8, "inner-folder", ["ada", "ben"])
    assert {label["meant"] for label in plan["labels"]} == {"", "happiness"}
    other = api.get(f"{BASE}/jobs/{job}/plan", params={"people_from": "outer-folder"}).json()
    assert {label["folder"] for label in other["labels"]} == {"ada", "ben"}
    assert begin(api, job, people_from="inner-folder")["added"] == 8
    assert clean_studio.store.overview.label_counts()["happiness"] == 4
    assert dict(clean_studio.store.overview.figures().subjects)["ada"] == 4
    assert not any(clean_studio.temporary.path.rglob("*.zip"))


def test_the_table_of_a_dropped_folder_is_read(api: TestClient, clean_studio: Studio) -> None:
    job = gathered(api, {"metadata.csv": TABLE.encode(), "wink/0.jpg": photo(0)})
    assert begin(api, job)["added"] == 1
    assert clean_studio.store.overview.label_counts()["fear"] == 1
    assert dict(clean_studio.store.overview.figures().subjects) == {"<b>Ada</b>": 1}


@pytest.mark.parametrize("name", ["../../evil.jpg", "/etc/passwd", "C:\\x.jpg", "a\0b.jpg", "", "x" * 2000])
def test_a_name_from_outside_leads_nowhere(api: TestClient, clean_studio: Studio, name: str, tmp_path: Path) -> None:
    job = str(api.post(f"{BASE}/import/pictures").json()["job"])
    answer = api.post(f"{BASE}/jobs/{job}/pictures", params={"name": name}, content=photo(1))
    assert answer.status_code in (200, 422), answer.text
    api.post(f"{BASE}/jobs/{job}/pictures", params={"name": "fear/good.jpg"}, content=photo(2))
    report = begin(api, job)
    assert report["added"] in (1, 2)
    assert not (clean_studio.home.path.parent / "evil.jpg").exists()


def test_a_zip_can_wait_for_its_begin(api: TestClient, clean_studio: Studio) -> None:
    job = api.post(f"{BASE}/import", params={"name": "faces.zip", "begin": False}, content=zipped(2)).json()["job"]
    assert api.get(f"{BASE}/jobs/{job}/plan").json()["labels"] == [
        {"folder": "wink", "pictures": 3, "meant": "", "new": True}
    ]
    assert clean_studio.store.overview.label_counts().get("wink", 0) == 0
    assert begin(api, job)["added"] == 2
    again = api.post(f"{BASE}/jobs/{job}/begin", json={})
    assert again.status_code == 409 and "begun already" in again.json()["error"]


def test_what_is_cancelled_before_its_begin_leaves_nothing(api: TestClient, clean_studio: Studio) -> None:
    job = gathered(api, {"fear/1.jpg": photo(1)})
    api.post(f"{BASE}/jobs/{job}/cancel")
    assert not any(path.is_file() for path in clean_studio.temporary.path.rglob("*"))
    assert api.post(f"{BASE}/jobs/{job}/begin", json={}).status_code == 404


def test_what_nobody_begins_is_forgotten_after_an_hour(
    api: TestClient, clean_studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    gathered(api, {"fear/1.jpg": photo(1)})
    monkeypatch.setattr(transfers, "WAITS_SECONDS", -1)
    api.post(f"{BASE}/export/csv")
    assert not any(path.name == "upload.zip" for path in clean_studio.temporary.path.rglob("*"))


def test_what_comes_after_a_plan_is_taken_and_after_the_begin_is_not(api: TestClient) -> None:
    job = gathered(api, {"fear/1.jpg": photo(1)})
    assert api.get(f"{BASE}/jobs/{job}/plan").json()["pictures"] == 1
    api.post(f"{BASE}/jobs/{job}/pictures", params={"name": "fear/2.jpg"}, content=photo(2))
    assert api.get(f"{BASE}/jobs/{job}/plan").json()["pictures"] == 2
    assert begin(api, job)["added"] == 2
    late = api.post(f"{BASE}/jobs/{job}/pictures", params={"name": "fear/3.jpg"}, content=photo(3))
    assert late.status_code == 409 and "has begun" in late.json()["error"]


def test_too_much_together_is_refused_with_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathering, "MAX_TOGETHER", 3)
    gathered = Gathering(tmp_path / "in.zip")
    gathered.add("a.jpg", b"12")
    with pytest.raises(TooLarge, match="mien import"):
        gathered.add("b.jpg", b"34")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full disk to write to here")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_full_disk_is_said(tmp_path: Path) -> None:
    (tmp_path / "in.zip").symlink_to("/dev/full")
    gathered = Gathering(tmp_path / "in.zip")
    with pytest.raises(DiskError):
        gathered.add("a.jpg", b"1" * 2**20)
        gathered.finish()


def test_a_folder_of_many_files_dropped_twice_is_there_once(api: TestClient, clean_studio: Studio) -> None:
    files = {f"fear/{n}.jpg": photo(n) for n in range(40)}
    assert begin(api, gathered(api, files))["added"] == 40
    again = begin(api, gathered(api, files))
    assert (again["added"], again["already_there"]) == (0, 40)
    assert clean_studio.store.overview.label_counts()["fear"] == 40
