"""A fault of Mien's own, deep down behind each edge, is logged and answered by its number alone; what a person can mend
is answered in its own words."""

from __future__ import annotations

import errno
import os
import re
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from labeling import intake
from labeling.overview import Overviews
from labeling.takes import Takes
from models.errors import Conflict, DiskError, MienError, NotFound, TooLarge
from models.pictures import encode_jpeg
from models.predictor import Predictor
from tests.labeling.face_patterns import face, picture
from webapp import cli
from webapp.studio import Studio

SECRET = "a secret word"
DATA = "/mien/api/data"
FAULTS = [KeyError(SECRET), ValueError(SECRET), OSError(errno.ENOSPC, SECRET, "/a/path"), AttributeError(SECRET)]
ID = r"[0-9a-f]{8}"
SENTENCE = rf"Mien failed at this \(id ({ID})\); its log says why\."

Fail = Callable[[BaseException], None]

faults = pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: type(fault).__name__)


@pytest.fixture
def fail(monkeypatch: pytest.MonkeyPatch) -> Fail:
    """Makes three things that lie deep fail: counting images, cutting a face out, and the network."""

    def fail(error: BaseException) -> None:
        def failing(*_: object, **__: object) -> None:
            raise error

        counting = ((Overviews, "figures"), (Overviews, "label_counts"), (Takes, "list"))
        for where, name in (*counting, (Predictor, "named")):
            monkeypatch.setattr(where, name, failing)
        monkeypatch.setattr(intake, "whole_crop", failing)

    return fail


def number_in(said: str, log: str) -> str:
    found = re.fullmatch(SENTENCE, said)
    assert found, said
    assert f"(id {found[1]})" in log and "Traceback" in log and SECRET in log
    return found[1]


@faults
def test_routes(client: TestClient, fail: Fail, fault: Exception, caplog: pytest.LogCaptureFixture) -> None:
    crop, portrait = encode_jpeg(picture(1, 100)), encode_jpeg(intake.resize(picture(1, 100), 300))
    fail(fault)
    answers = [
        client.get(f"{DATA}/overview"),
        client.get(f"{DATA}/train"),
        client.post(f"{DATA}/train/start", json={}),
        client.post(f"{DATA}/upload", content=crop),
        client.post("/mien/api/predict", content=portrait),
    ]
    assert [answer.status_code for answer in answers] == [500] * len(answers)
    numbers = {number_in(answer.json()["error"], caplog.text) for answer in answers}
    assert len(numbers) == len(answers) and all(answer.json().keys() == {"error"} for answer in answers)


@pytest.mark.parametrize(
    ("kind", "status"), [(MienError, 422), (NotFound, 404), (Conflict, 409), (TooLarge, 413), (DiskError, 507)]
)
def test_routes_give_the_words_of_what_a_person_can_mend(
    client: TestClient, fail: Fail, kind: type[MienError], status: int, caplog: pytest.LogCaptureFixture
) -> None:
    fail(kind("Do this instead."))
    answer = client.get(f"{DATA}/overview")
    assert (answer.status_code, answer.json()) == (status, {"error": "Do this instead."})
    assert "Traceback" not in caplog.text


@faults
def test_named_endpoints(
    client: TestClient, studio: Studio, fail: Fail, fault: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    (uploaded,) = client.post("/gradio_api/upload", files={"files": ("a.jpg", encode_jpeg(picture(2, 100)))}).json()
    fail(fault)
    file = {"path": uploaded, "meta": {"_type": "gradio.FileData"}}
    for name, values in (("list_labels", []), ("add_image", [file, "", ""])):
        answer = client.post(f"/gradio_api/run/{name}", json={"data": values})
        assert answer.status_code == 500
        number_in(answer.json()["error"], caplog.text)


def test_named_endpoints_give_the_words_of_what_a_person_can_mend(client: TestClient, fail: Fail) -> None:
    fail(NotFound("Do this instead."))
    answer = client.post("/gradio_api/run/list_labels", json={"data": []})
    assert answer.json()["error"] == "Do this instead."


@faults
def test_commands(
    tmp_path: Path, fail: Fail, fault: Exception, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    fail(fault)
    home = ["--home", str(tmp_path / "home")]
    for command in (["labels", *home], ["labels", "--json", *home], ["train", *home]):
        assert cli.main(command) == 70
        (line,) = capsys.readouterr().err.splitlines()
        assert re.fullmatch(rf"mien: Mien failed at this \(id {ID}\); add --debug to see why\.", line)
    assert cli.main(["labels", "--debug", *home]) == 70
    *trace, line = capsys.readouterr().err.splitlines()
    assert trace[0].startswith("Traceback") and SECRET in trace[-1] and line.startswith("mien: Mien failed")


def test_a_command_in_a_process_of_its_own(tmp_path: Path) -> None:
    program = (
        "import sys; from labeling.overview import Overviews; from webapp.cli import main; "
        f"Overviews.label_counts = lambda _: {{}}['{SECRET}']; sys.exit(main(sys.argv[1:]))"
    )
    command = [sys.executable, "-c", program, "labels", "--home", str(tmp_path / "home")]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout, SECRET in ran.stderr) == (70, "", False)
    assert len(ran.stderr.splitlines()) == 1


@contextmanager
def no_larger_files(limit: int) -> Iterator[None]:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.skipif(os.name == "nt", reason="limits of this kind are POSIX's")
def test_an_upload_that_the_disk_does_not_take(client: TestClient, studio: Studio) -> None:
    with no_larger_files(2**20):
        answer = client.post(f"{DATA}/import", params={"name": "a.zip"}, content=os.urandom(3 * 2**20))
    assert answer.status_code == 507
    assert answer.json()["error"] == "This file cannot be kept while it is imported: File too large."
    assert not [path for path in (studio.temporary.path / "imports").rglob("*") if path.is_file()]


def test_a_home_that_cannot_be_made_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("")
    assert cli.main(["labels", "--home", str(tmp_path / "file" / "home")]) == 1
    assert capsys.readouterr().err == f"mien: {tmp_path}/file/home cannot be Mien's folder: Not a directory.\n"
    assert cli.main(["labels", "--home", str(tmp_path / "file")]) == 1
    assert "cannot be Mien's folder: File exists." in capsys.readouterr().err


def test_a_version_that_cannot_be_had_is_said(client: TestClient, studio: Studio) -> None:
    studio.store.images.add(face(3))
    assert client.get(f"{DATA}/train/versions/9").status_code == 422
    assert client.get(f"{DATA}/images/99999").json() == {"error": "There is no image 99999."}
