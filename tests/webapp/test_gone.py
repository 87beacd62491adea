"""Deleted is gone, from every file; and two servers on one home leave each other alone."""

from __future__ import annotations

import io
import os
import sqlite3
import struct
import time
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import numpy as np
import pytest

from tests.serving import Server, serving

DATA = "/mien/api/data"
PICTURE_MARK = b"THE-FACE-OF-ZEBEDEE"
NAME_MARK = "Zebedee Quillfeather"


def marked_picture(number: int) -> bytes:
    """A face crop as an uncompressed PNG, so that its file, and what is stored of it, has the mark in every row."""
    rng = np.random.default_rng(number)
    pixels = np.kron(rng.integers(0, 255, (6, 6)), np.ones((10, 10))).astype(np.uint8)
    pixels[:, 20 : 20 + len(PICTURE_MARK)] = np.frombuffer(PICTURE_MARK, np.uint8)
    lines = b"".join(b"\0" + line.tobytes() for line in pixels)
    head, body = struct.pack(">IIBBBBB", 60, 60, 8, 0, 0, 0, 0), zlib.compress(lines, 0)
    chunks = ((b"IHDR", head), (b"IDAT", body), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )


def holding(folder: Path) -> list[str]:
    """The files below `folder` with a mark in them, or in their name; one may go while they are looked at."""
    files = [Path(where, name) for where, _, names in os.walk(folder) for name in names]
    return [str(path.relative_to(folder)) for path in files if NAME_MARK in path.name or marked(path)]


def marked(path: Path) -> bool:
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return False
    return any(mark in data for mark in (PICTURE_MARK, NAME_MARK.encode()))


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The machine's folder of temporary files, for servers that are started now."""
    folder = tmp_path / "tmp"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    return folder


def finished(client: httpx.Client, job: str) -> None:
    while not (state := client.get(f"{DATA}/jobs/{job}").json())["report"]:
        assert not state["error"]
        time.sleep(0.05)


@pytest.mark.timeout(600)
def test_nothing_of_a_deleted_person_is_left_anywhere(tmp_path: Path, temporary: Path) -> None:
    with serving(tmp_path / "home") as server, httpx.Client(base_url=server.url, timeout=60) as client:
        everywhere_of(client)
        train(client)
        assert "home/mien.db-wal" in holding(tmp_path) or "home/mien.db" in holding(tmp_path)
        ids = client.post(f"{DATA}/delete", json={"everything": True}).json()["ids"]
        assert len(ids) >= 24
        assert client.post(f"{DATA}/purge", json={"ids": ids}).json() == {"purged": len(ids), "wiping": False}
        assert holding(tmp_path) == []
        client.post(f"{DATA}/upload", params={"label": "fear", "subject": NAME_MARK}, content=marked_picture(1))
        client.post(f"{DATA}/delete", json={"everything": True})
        client.post(f"{DATA}/upload", params={"label": "fear", "subject": NAME_MARK}, content=marked_picture(2))
        gone = client.post(f"{DATA}/delete", json={"subject": NAME_MARK, "for_good": True}).json()
        assert gone == {"ids": [], "action": "", "purged": 2}
        server.stop()
    assert holding(tmp_path) == []
    assert list(temporary.iterdir()) == []
    assert [path.name for path in (tmp_path / "home" / "temporary").iterdir()] == ["changing"]


def everywhere_of(client: httpx.Client) -> None:
    """Takes the person through every way in and out."""
    for number in range(20):
        asked = {"label": ("happiness", "anger")[number % 2], "subject": NAME_MARK, "session": f"{number} {NAME_MARK}"}
        assert client.post(f"{DATA}/upload", params=asked, content=marked_picture(number)).status_code == 200
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(f"fear/{NAME_MARK}.png", marked_picture(30))
    job = client.post(f"{DATA}/import", params={"name": "a.zip", "subject": NAME_MARK}, content=file.getvalue())
    finished(client, job.json()["job"])
    for number in range(40, 43):
        files = {"files": (f"{NAME_MARK}.png", marked_picture(number))}
        (path,) = client.post("/gradio_api/upload", files=files).json()
        given = {"path": path, "meta": {"_type": "gradio.FileData"}}
        assert client.post("/gradio_api/run/predict", json={"data": [given]}).status_code == 200
        assert client.post("/gradio_api/run/add_image", json={"data": [given, "fear", NAME_MARK]}).status_code == 200
    assert client.post("/mien/api/predict", content=marked_picture(50)).status_code == 200
    assert client.post("/gradio_api/run/export_dataset", json={"data": []}).status_code == 200
    for kind in ("zip", "csv"):
        finished(client, client.post(f"{DATA}/export/{kind}").json()["job"])
    client.get(f"{DATA}/gallery")


def train(client: httpx.Client) -> None:
    client.post(f"{DATA}/train/start", json={})
    while (run := client.get(f"{DATA}/train").json()["run"])["open"]:
        time.sleep(0.3)
    assert run["state"] == "done", run["reason"]


@pytest.fixture
def killed(tmp_path: Path, temporary: Path) -> Iterator[Path]:
    """The home of a server that was killed with an image deleted and an import half done."""
    with serving(tmp_path / "home") as server:
        leave_something(server)
        assert server.process is not None
        server.process.kill()
        server.process.wait()
    assert holding(tmp_path / "home" / "temporary") and holding(tmp_path / "home")
    yield tmp_path / "home"


def leave_something(server: Server) -> None:
    with httpx.Client(base_url=server.url, timeout=60) as client:
        asked = {"label": "fear", "subject": NAME_MARK}
        added = client.post(f"{DATA}/upload", params=asked, content=marked_picture(1)).json()["faces"]
        client.post("/gradio_api/upload", files={"files": ("me.png", marked_picture(2))})
        finished(client, client.post(f"{DATA}/export/zip").json()["job"])
        client.post(f"{DATA}/delete", json={"ids": [added[0]["image"]]})


def test_what_a_killed_server_left_is_gone_after_the_next_start_but_for_the_trash(killed: Path, tmp_path: Path) -> None:
    with serving(killed) as server, httpx.Client(base_url=server.url, timeout=60) as client:
        for _ in range(200):
            if not holding(killed / "temporary"):
                break
            time.sleep(0.1)
        assert holding(killed / "temporary") == []
        assert client.get(f"{DATA}/trash").json()["people"] == [[NAME_MARK, 1]]
        assert client.post(f"{DATA}/purge", json={}).json() == {"purged": 1, "wiping": False}
        assert holding(tmp_path) == []


def test_a_second_server_on_the_home_takes_nothing_from_the_first(tmp_path: Path, temporary: Path) -> None:
    home = tmp_path / "home"
    with serving(home) as first, httpx.Client(base_url=first.url, timeout=60) as client:
        leave_something(first)
        (image,) = client.post(f"{DATA}/upload", content=marked_picture(5)).json()["faces"]
        client.post(f"{DATA}/delete", json={"ids": [image["image"]]})
        before = holding(home / "temporary")
        assert before
        with serving(home):
            time.sleep(2)
            assert holding(home / "temporary") == before
        assert client.post(f"{DATA}/restore", json={"ids": [image["image"]]}).json() == {"restored": 1}


def test_a_purge_that_meets_a_reader_is_said_until_it_is_through(tmp_path: Path, temporary: Path) -> None:

    with serving(tmp_path / "home") as server, httpx.Client(base_url=server.url, timeout=60) as client:
        image = client.post(f"{DATA}/upload", content=marked_picture(1)).json()["faces"][0]["image"]
        client.post(f"{DATA}/delete", json={"ids": [image]})
        with closing(sqlite3.connect(server.home / "mien.db", isolation_level=None)) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM images").fetchone()
            assert client.post(f"{DATA}/purge", json={"ids": [image]}).json() == {"purged": 1, "wiping": True}
            assert "another program is reading it" in client.get("/mien/api/status").json()["notice"]
        for _ in range(200):
            if not client.get("/mien/api/status").json()["notice"]:
                break
            time.sleep(0.1)
        assert client.get("/mien/api/status").json()["notice"] == ""
        assert holding(tmp_path) == []
