"""Imports and exports in the background: each ends, one export at a time, and none outlives a deletion."""

from __future__ import annotations

import io
import threading
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from labeling import intake
from labeling.store import Store
from models.pictures import encode_jpeg
from tests.labeling.face_patterns import face, picture
from tests.webapp.transferring import BASE, exported, finished, zipped
from webapp import transfers
from webapp.actions import exchange_actions
from webapp.studio import Studio

Write = Callable[..., Any]


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize("error", [RuntimeError, RecursionError, MemoryError, KeyError, ValueError, OSError])
def test_an_import_that_fails_as_nobody_foresaw_ends_and_is_logged(
    client: TestClient,
    studio: Studio,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    error: type[Exception],
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error("a secret word")

    monkeypatch.setattr(intake, "whole_crop", fail)
    state = finished(
        client, client.post(f"{BASE}/import", params={"name": "faces.zip"}, content=zipped(1)).json()["job"]
    )
    assert state["report"] is None and "its log says why" in str(state["error"]) and "secret" not in str(state["error"])
    assert "a secret word" in caplog.text
    assert files_in(studio.temporary.path) == []


def test_nothing_of_it_is_left_once_it_has_an_outcome(
    client: TestClient, studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    outcomes = []
    discard = transfers.Transfer.discard

    def seen(transfer: transfers.Transfer) -> None:
        outcomes.append((transfer.report, transfer.error))
        discard(transfer)

    monkeypatch.setattr(transfers.Transfer, "discard", seen)
    job = client.post(f"{BASE}/import", params={"name": "faces.zip"}, content=zipped(1)).json()["job"]
    assert finished(client, job)["report"]
    assert outcomes == [(None, "")] and files_in(studio.temporary.path) == []


def test_rows_that_once_ended_the_thread_are_refused_and_the_rest_is_imported(api: TestClient) -> None:
    rows = [("deep.jpg", "[" * 100_000, ""), ("old.jpg", "", "0001-01-01T00:00:00+14:00"), ("good.jpg", "", "")]
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for number, (name, _, _) in enumerate(rows):
            archive.writestr(f"wink/{name}", encode_jpeg(picture(number, 100)))
        table = "".join(f"wink/{name},{box},{moment}\n" for name, box, moment in rows)
        archive.writestr("metadata.csv", "file_name,box,time\n" + table)
    job = api.post(f"{BASE}/import", params={"name": "faces.zip"}, content=file.getvalue()).json()["job"]
    report = finished(api, job)["report"]
    assert isinstance(report, dict)
    assert report["added"] == 1
    assert sorted(refusal["name"] for refusal in report["refused"]) == ["wink/deep.jpg", "wink/old.jpg"]


class Slow:
    """A way to write an export that takes until it is let go; counts how many do so at once."""

    def __init__(self, write: Write) -> None:
        self.write, self.go_on = write, threading.Event()
        self.at_once = self.most = 0

    def __call__(self, store: Store, path: Path, progress: Write, cancelled: Callable[[], bool]) -> Any:
        self.at_once += 1
        self.most = max(self.most, self.at_once)
        path.write_bytes(b"half an export")
        while not self.go_on.wait(0.01) and not cancelled():
            pass
        self.at_once -= 1
        return self.write(store, path, progress, cancelled)


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Slow:
    slow = Slow(exchange_actions.export_zip)
    monkeypatch.setattr(exchange_actions, "export_zip", slow)
    return slow


def test_exports_are_made_one_at_a_time(api: TestClient, clean_studio: Studio, slow: Slow) -> None:
    clean_studio.store.images.add(face(1), label="fear")
    jobs = [api.post(f"{BASE}/export/zip").json()["job"] for _ in range(4)]
    cancelled = jobs.pop()
    api.post(f"{BASE}/jobs/{cancelled}/cancel")
    assert finished(api, cancelled)["report"] == {"written": 0, "unreadable": [], "cancelled": True}
    while not slow.at_once:
        time.sleep(0.01)
    time.sleep(0.5)  # time enough for another to begin beside it
    assert (slow.most, slow.at_once) == (1, 1)
    slow.go_on.set()
    for job in jobs:
        assert finished(api, job)["file"] == "mien.zip"
    assert slow.most == 1


def test_a_purge_ends_exports_and_removes_those_that_were_made(
    api: TestClient, clean_studio: Studio, slow: Slow
) -> None:
    ids = [clean_studio.store.images.add(face(number), label="fear").image_id for number in range(3)]
    made = api.post(f"{BASE}/export/csv").json()["job"]
    assert finished(api, made)["file"] == "fer2013.csv"
    begun = api.post(f"{BASE}/export/zip").json()["job"]
    (clean_studio.uploads / "me.jpg").write_bytes(b"a face")
    api.post(f"{BASE}/delete", json={"ids": ids[:1]})
    assert api.post(f"{BASE}/purge", json={"ids": ids[:1]}).json()["purged"] == 1
    assert finished(api, begun)["file"] == ""
    for _ in range(100):
        if not files_in(clean_studio.temporary.path):
            break
        time.sleep(0.05)
    assert files_in(clean_studio.temporary.path) == []
    assert api.get(f"{BASE}/exported/{made}/fer2013.csv").status_code == 404
    slow.go_on.set()
    with zipfile.ZipFile(io.BytesIO(exported(api, "zip"))) as archive:
        assert sum(name.startswith("fear/") for name in archive.namelist()) == 2


def test_an_export_goes_by_itself(api: TestClient, clean_studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    clean_studio.store.images.add(face(1), label="fear")
    exported(api, "csv")
    assert len(files_in(clean_studio.transfers.exports)) == 1
    monkeypatch.setattr(transfers, "KEPT_SECONDS", 0.2)
    job = api.post(f"{BASE}/export/zip").json()["job"]
    for _ in range(100):
        if api.get(f"{BASE}/jobs/{job}").json()["report"] and len(files_in(clean_studio.transfers.exports)) == 1:
            break
        time.sleep(0.05)
    assert [path.name for path in files_in(clean_studio.transfers.exports)] == ["fer2013.csv"]


@pytest.mark.parametrize("path", ["export.zip", "export.csv", "export/zip", "train/versions/0/bundle", "train/start"])
def test_what_costs_something_is_not_had_by_a_mere_look(client: TestClient, path: str) -> None:
    assert client.get(f"{BASE}/{path}").status_code in (404, 405)
