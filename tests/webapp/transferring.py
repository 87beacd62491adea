"""Imports and exports as the page has them: begun, asked about until they end, fetched."""

from __future__ import annotations

import io
import time
import zipfile

from fastapi.testclient import TestClient

from models.pictures import encode_jpeg
from tests.labeling.face_patterns import picture

BASE = "/mien/api/data"


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
