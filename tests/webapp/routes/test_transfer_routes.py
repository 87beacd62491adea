"""The routes that bring data in and out, without a browser."""

from __future__ import annotations

import io
import zipfile

from fastapi.testclient import TestClient

from models.pictures import encode_jpeg
from tests.serving import astronaut
from tests.webapp.transferring import BASE, exported, finished, zipped


def test_a_picture_is_uploaded_and_a_bad_one_refused(api: TestClient) -> None:
    good = api.post(f"{BASE}/upload", params={"label": "happiness", "subject": "Ada"}, content=encode_jpeg(astronaut()))
    assert [entry["state"] for entry in good.json()["faces"]] == ["added"]
    item = api.get(f"{BASE}/gallery").json()["items"][0]
    assert (item["label"], item["subject"], item["source"]) == ("happiness", "Ada", "upload")
    for wrong in (b"", b"hello"):
        refused = api.post(f"{BASE}/upload", content=wrong)
        assert refused.status_code == 422
        assert refused.json()["error"]


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
