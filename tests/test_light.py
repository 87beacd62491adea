"""What each way to use Mien imports: who only uses it neither waits for nor holds in memory what others need."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from labeling.store import Store
from models.home import open_home
from tests.serving import astronaut, jpeg, serving

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


def test_the_server_names_faces_without_what_only_exports_need(
    home: Path, face: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(TRACE, "1")
    with serving(home) as server:
        request = urllib.request.Request(f"{server.url}/mien/api/predict", face.read_bytes(), method="POST")
        with urllib.request.urlopen(request, timeout=60) as answer:
            assert b"happiness" in answer.read()
    packages_of_server = packages(server.log())
    assert {"cv2", "gradio", "sqlalchemy"} <= packages_of_server
    assert not packages_of_server & {"alembic", "coremltools", "onnx", "onnxscript", "scipy"}
