"""What each way to use Mien imports: who only uses it neither waits for nor holds in memory what others need."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import httpx
import pytest
from websockets.sync.client import connect

from labeling.store import Store
from models.home import open_home
from tests.serving import astronaut, jpeg, serving
from tests.training.signed_faces import portrait

ROOT = Path(__file__).resolve().parent.parent
TRACE = "PYTHONPROFILEIMPORTTIME"
"""With this variable Python notes every import, of every thread, on stderr."""


def packages(log: str) -> set[str]:
    """The top-level modules that a process which was traced has imported."""
    return {name.split(".")[0] for name in re.findall(r"^import time: .*\| +(\S+)$", log, re.MULTILINE)}


def imported(*arguments: str) -> set[str]:
    """What a process of `mien` with these arguments has imported when it has done its work."""
    command = [sys.executable, "-m", "webapp.cli", *arguments]
    traced = {**os.environ, TRACE: "1"}
    done = subprocess.run(command, cwd=ROOT, env=traced, capture_output=True, text=True, timeout=300, check=True)
    return packages(done.stderr)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with a data set, so that none need be made."""
    path = tmp_path / "home"
    Store(open_home(path).database_url).close()
    return path


@pytest.fixture
def face(tmp_path: Path) -> Path:
    path = tmp_path / "face.jpg"
    path.write_bytes(jpeg(astronaut()))
    return path


def test_predict_neither_opens_the_store_nor_knows_of_the_server(home: Path, face: Path) -> None:
    needless = {"alembic", "fastapi", "gradio", "pandas", "scipy", "sqlalchemy", "starlette"}
    packages_of_predict = imported("predict", "--json", "--home", str(home), str(face))
    assert {"cv2", "onnxruntime"} <= packages_of_predict
    assert not packages_of_predict & needless


def test_predict_makes_no_data_set(tmp_path: Path, face: Path) -> None:
    assert not imported("predict", "--home", str(tmp_path / "home"), str(face)) & {"alembic", "sqlalchemy"}
    assert not (tmp_path / "home" / "mien.db").exists()


def test_the_data_set_is_opened_without_what_changes_its_format(tmp_path: Path, home: Path) -> None:
    assert "alembic" in imported("labels", "--home", str(tmp_path / "new"))
    packages_of_labels = imported("labels", "--home", str(home))
    assert "sqlalchemy" in packages_of_labels
    assert not packages_of_labels & {"alembic", "gradio", "pandas", "scipy", "starlette"}


TRAINING = {"torch", "torchvision", "coremltools", "onnx"}
"""What only training, exporting and proving need, each in a process of its own."""


def test_no_command_but_training_knows_what_trains(tmp_path: Path, face: Path) -> None:
    pictures, home = tmp_path / "pictures" / "happiness", str(tmp_path / "home")
    pictures.mkdir(parents=True)
    (pictures / "face.jpg").write_bytes(face.read_bytes())
    for command in (
        ["predict", str(face)],
        ["import", str(pictures.parent)],
        ["labels", "add", "wink"],
        ["export", str(tmp_path / "out.zip")],
        ["versions", "--json"],
        ["use", "0"],
        ["coreml", str(tmp_path / "base.zip"), "--onnx"],
        ["web", str(tmp_path / "web.zip")],
        ["onnx", str(tmp_path / "onnx.zip")],
    ):
        assert not imported(*command, "--home", home) & TRAINING, command


def until(true: Callable[[], object]) -> None:
    end = time.monotonic() + 120
    while not true():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.1)


def look_and_capture(url: str) -> None:
    """Ten faces as the live view sees and captures them."""
    with connect(f"{url.replace('http', 'ws', 1)}/live") as socket:
        socket.send(json.dumps({"capture": {"label": "happiness", "subject": None, "session": "one"}}))
        for step in range(10):
            socket.send(jpeg(portrait("happiness", step)))
            until(lambda: "faces" in json.loads(socket.recv(60)))
            time.sleep(0.12)


def test_a_server_knows_nothing_of_what_trains(tmp_path: Path, face: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The loop up to the start of Retrain: look, capture, upload, import, review, export, train, and take home."""
    data = "/mien/api/data"
    monkeypatch.setenv(TRACE, "1")
    with serving(tmp_path / "home") as server, httpx.Client(base_url=server.url, timeout=60) as client:

        def post(path: str, **sent: Any) -> Any:
            answer = client.post(path, **sent)
            assert answer.status_code < 300, answer.text
            return answer.json() if "json" in answer.headers["content-type"] else answer.content

        def job_is_done(number: str) -> bool:
            state = client.get(f"{data}/jobs/{number}").json()
            assert not state["error"], state["error"]
            return state["report"] is not None

        look_and_capture(server.url)
        assert post("/mien/api/predict", content=face.read_bytes())["faces"]
        post(f"{data}/labels/add", json={"name": "wink"})
        for number in range(10):
            post(f"{data}/upload?label=wink", content=jpeg(portrait("wink", number)))
        archive = io.BytesIO()
        with ZipFile(archive, "w") as zipped:
            for number in range(10, 20):
                zipped.writestr(f"happiness/{number}.jpg", jpeg(portrait("happiness", number)))
        job = post(f"{data}/import?name=faces.zip", content=archive.getvalue())["job"]
        until(lambda: job_is_done(job))
        with closing(Store(open_home(tmp_path / "home").database_url)) as store:
            until(lambda: not store.suggestions.waiting(0))
        ids = client.get(f"{data}/gallery/ids").json()["ids"]
        assert len(ids) > 20, "something was captured too"
        client.get(f"{data}/images/{ids[0]}/thumbnail").raise_for_status()
        job = post(f"{data}/export/zip")["job"]
        until(lambda: job_is_done(job))
        run = post(f"{data}/train/start", json={})["id"]
        until(lambda: client.get(f"{data}/train").json()["run"]["stage"] == "training")
        post(f"{data}/train/cancel/{run}")
        post(f"{data}/train/versions/0/use")
        client.get(f"{data}/train/versions/0/take-home").raise_for_status()
        post(f"{data}/train/versions/0/web-kit")
    assert "Version 0 runs on cpu" in server.log()
    packages_of_server = packages(server.log())
    assert {"cv2", "gradio", "onnxruntime", "sqlalchemy"} <= packages_of_server
    assert not packages_of_server & (TRAINING | {"scipy"})
