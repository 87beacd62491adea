"""Requests that name files of the machine, sent to a real server by hand, as no well-meaning client would."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from labeling.store import Store
from models.pictures import encode_jpeg
from tests.labeling.face_patterns import face, picture
from tests.serving import Server, astronaut, jpeg, serving

SECRET = "a word that stands in no answer"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("mien") / "home") as running:
        yield running


@pytest.fixture(scope="module")
def client(server: Server) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url, timeout=30) as client:
        yield client


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "secret.txt"
    path.write_text(SECRET)
    return path


def named(path: Path | str) -> dict[str, Any]:
    return {"path": str(path), "meta": {"_type": "gradio.FileData"}, "orig_name": "me.jpg"}


def uploads(server: Server) -> list[Path]:
    """Every file in the folder that Gradio serves files from."""
    return [path for path in (server.home / "temporary").glob("*/uploads/**/*") if path.is_file()]


def endpoints(client: httpx.Client) -> dict[str, list[Any]]:
    """Each named endpoint with an argument of the right kind for each of its parameters."""
    info = client.get("/gradio_api/info").json()["named_endpoints"]
    return {
        name: [parameter.get("parameter_default") or "" for parameter in entry["parameters"]]
        for name, entry in info.items()
    }


def answers(client: httpx.Client, name: str, data: list[Any]) -> list[str]:
    """What comes back on each way on which Gradio takes a call."""
    direct = [client.post(f"/gradio_api/{way}{name}", json={"data": data}) for way in ("run", "api")]
    assert all(answer.status_code >= 400 for answer in direct), (name, data, [answer.text for answer in direct])
    called = client.post(f"/gradio_api/call{name}", json={"data": data})
    texts = [answer.text for answer in (*direct, called)]
    if called.status_code == 200:
        texts.append(client.get(f"/gradio_api/call{name}/{called.json()['event_id']}").text)
        assert "event: error" in texts[-1]
    return texts


def test_a_path_in_any_argument_of_any_endpoint_is_refused(server: Server, client: httpx.Client, secret: Path) -> None:
    """Nothing of the file, and no path, comes back; nor does a copy of it lie where Gradio serves files from."""
    known = endpoints(client)
    assert len(known) >= 10 and sum(map(len, known.values())) >= 15
    for name, arguments in known.items():
        for place in range(len(arguments)):
            for hidden in (named(secret), [named(secret)], {"deep": [{"down": named(secret)}]}):
                data = [*arguments[:place], hidden, *arguments[place + 1 :]]
                for text in answers(client, name, data):
                    assert SECRET not in text and str(secret) not in text and str(server.home) not in text
    assert uploads(server) == []
    for path in (secret, "/etc/passwd", "/proc/self/environ", server.home / "mien.db"):
        assert client.get(f"/gradio_api/file={path}").status_code == 403


@pytest.mark.parametrize("name", ["/undo", "/predict", "/add_image"])
def test_a_file_without_an_end_and_the_database_are_not_opened(server: Server, client: httpx.Client, name: str) -> None:
    """The first would be read for ever; reading the second would drop SQLite's locks on it."""
    for path in ("/dev/zero", server.home / "mien.db", "/proc/self/environ", "/etc/passwd"):
        arguments = endpoints(client)[name]
        assert all("root:" not in text for text in answers(client, name, [named(path), *arguments[1:]]))
    assert client.get("/mien/api/status").status_code == 200
    assert uploads(server) == []


def test_what_was_acknowledged_survives_a_kill_after_such_a_request(tmp_path: Path) -> None:
    """Locks that were dropped let the next command delete the write-ahead log under the server."""
    with serving(tmp_path / "home") as server, httpx.Client(base_url=server.url, timeout=30) as client:
        path = server.home / "mien.db"
        client.post("/gradio_api/run/predict", json={"data": [named(path)]})
        client.post("/gradio_api/run/undo", json={"data": [named(path)]})
        Store(f"sqlite:///{path}").close()  # as `mien labels` opens and closes it
        for number in range(5):
            answer = client.post("/mien/api/data/upload", content=encode_jpeg(picture(number, 100)))
            assert answer.json()["faces"][0]["state"] == "added"
        assert server.process is not None
        server.process.kill()
        server.process.wait()
        with closing(sqlite3.connect(path)) as connection:
            assert connection.execute("SELECT count(*) FROM images").fetchone() == (5,)
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_gradios_folder_holds_uploads_alone(server: Server, client: httpx.Client) -> None:
    portrait = jpeg(astronaut(), 95)
    (uploaded,) = client.post("/gradio_api/upload", files={"files": ("me.jpg", portrait)}).json()
    faces = client.post("/gradio_api/run/predict", json={"data": [named(uploaded)]})
    assert faces.status_code == 200 and faces.json()["data"][0]["faces"]
    client.post("/gradio_api/run/add_image", json={"data": [named(uploaded), "happiness", "Ada"]})
    (exported,) = client.post("/gradio_api/run/export_dataset", json={"data": []}).json()["data"]
    assert client.get(f"/gradio_api/file={exported['path']}").content[:2] == b"PK"
    assert {path.read_bytes() for path in uploads(server)} == {portrait}


def test_an_unforeseen_error_says_nothing_of_itself(server: Server, client: httpx.Client) -> None:
    answer = client.post("/gradio_api/run/undo", json={"data": [{"no": "text"}]})
    assert answer.status_code == 500
    assert "sqlite" not in answer.text.lower() and str(server.home) not in answer.text


@pytest.mark.parametrize("number", [2**31, 2**63, 10**30, -1, "one", None])
def test_a_number_that_is_no_images_is_refused_with_a_sentence(client: httpx.Client, number: object) -> None:
    for name, data in (("/label_image", [number, "fear", "label"]), ("/restore_images", [[number]])):
        answer = client.post(f"/gradio_api/run{name}", json={"data": data})
        assert "is no number that an image or a page can have" in json.loads(answer.text)["error"], name


def test_a_stored_face_is_in_no_cache(server: Server, client: httpx.Client) -> None:
    store = Store(f"sqlite:///{server.home / 'mien.db'}")
    image = store.images.add(face(1)).image_id
    store.close()
    for path in (f"images/{image}", f"images/{image}/thumbnail", "gallery", "queue"):
        assert client.get(f"/mien/api/data/{path}").headers["cache-control"] == "no-store"
