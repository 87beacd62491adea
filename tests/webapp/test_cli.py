"""The command line as a shell sees it: real processes, real pictures, a home of its own."""

import argparse
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path
from pkgutil import resolve_name

import cv2
import pytest
from PIL import Image
from skimage import data as pictures
from sqlalchemy import update

from labeling.schema import ImageDataRow
from labeling.store import Store
from models.card import Proof
from models.crop import face_crop, grey_pixels
from models.errors import MienError
from models.finder import STILL_SIDE, FaceFinder
from models.home import open_home
from models.versions import CARD, Versions, write_card
from tests.hollow_package import add_hollow_package
from tests.labeling.face_patterns import face as stored
from tests.made_versions import copy_base
from tests.serving import astronaut
from training.export.mil_evaluator import Program
from training.export.quiet import quiet
from webapp import cli
from webapp.serve import listen

ROOT = Path(__file__).parents[2]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MIEN_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    return tmp_path / "home"


@pytest.fixture
def face(tmp_path: Path) -> Path:
    path = tmp_path / "astronaut.jpg"
    Image.fromarray(pictures.astronaut()).save(path, quality=95)
    return path


def functions(parser: argparse.ArgumentParser) -> Iterator[str]:
    """The function of each command below `parser`, as `_Commands` names it."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for command in action.choices.values():
                yield command.get_default("run")
                yield from functions(command)


def test_every_command_has_a_function() -> None:
    named = list(functions(cli.parser()))
    assert len(named) == len(set(named)) > 10
    assert all(callable(resolve_name(name)) for name in named)


def test_predict_json(home: Path, face: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["predict", "--json", str(face)]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["path"] == str(face)
    (found,) = answer["faces"]
    assert found["label"] == "happiness"
    assert found["box"] == pytest.approx([178, 63, 90, 113], abs=15)
    assert sum(found["probabilities"].values()) == pytest.approx(1, abs=1e-4)
    assert found["quality"] == {"score": 1.0, "faults": []} and found["doubt"] == ""


def test_predict_says_when_it_is_not_sure(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    crop = tmp_path / "dark.png"
    cv2.imwrite(str(crop), astronaut()[70:190, 165:285, 1] // 12)
    assert cli.main(["predict", "--crop", "--json", str(crop)]) == 0
    (found,) = json.loads(capsys.readouterr().out)["faces"]
    assert found["quality"]["faults"][0] == "dark" and found["quality"]["score"] < 0.5
    assert found["doubt"] == "too dark" and found["label"] in found["probabilities"]
    assert cli.main(["predict", "--crop", str(crop)]) == 0
    assert "(not sure: too dark)" in capsys.readouterr().out


def test_a_named_version_predicts_without_the_data_set(
    home: Path, face: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{home.parent}")
    assert cli.main(["predict", str(face)]) == 1
    assert "is a folder, where Mien keeps its database" in capsys.readouterr().err
    assert cli.main(["predict", "--version", "0", str(face)]) == 0
    assert "happiness" in capsys.readouterr().out


def test_predict_crop_and_a_bad_file_among_good_ones(
    home: Path, face: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad, blank = tmp_path / "bad.jpg", tmp_path / "blank.png"
    bad.write_bytes(b"no picture")
    Image.new("RGB", (80, 80), "grey").save(blank)
    assert cli.main(["predict", str(bad), str(tmp_path / "gone.jpg"), str(face), str(blank)]) == 1
    printed = capsys.readouterr()
    assert printed.err.splitlines()[0].startswith(f"mien: {bad}: This is not a picture")
    assert "gone.jpg: cannot be read (No such file or directory)" in printed.err
    assert printed.out.splitlines()[0].startswith(f"{face}: happiness")
    assert printed.out.splitlines()[1] == f"{blank}: no face found"
    assert cli.main(["predict", "--crop", "--json", str(blank)]) == 0
    assert json.loads(capsys.readouterr().out)["faces"][0]["box"] is None


def test_labels(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["labels", "add", "wink"]) == 0
    assert cli.main(["labels", "rename", "wink", "left wink"]) == 0
    assert cli.main(["labels", "--json"]) == 0
    names = [row["name"] for row in json.loads(capsys.readouterr().out)]
    assert names[:2] == ["neutral", "happiness"] and "left wink" in names
    assert cli.main(["labels", "remove", "left wink"]) == 0
    assert cli.main(["labels", "remove", "left wink"]) == 1
    assert "left wink" in capsys.readouterr().err


def test_merging_labels(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store = Store(open_home(home).database_url)
    store.labels.add("smile")
    store.images.add(stored(1), label="smile")
    store.close()
    assert cli.main(["labels", "merge", "smile", "happiness"]) == 0
    assert cli.main(["labels", "--json"]) == 0
    images = {row["name"]: row["images"] for row in json.loads(capsys.readouterr().out)}
    assert images["happiness"] == 1 and "smile" not in images
    assert cli.main(["labels", "merge", "smile", "happiness"]) == 1
    assert "mien: There is no label “smile”" in capsys.readouterr().err


def test_the_trash_is_shown_restored_and_emptied(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store = Store(open_home(home).database_url)
    ids = [store.images.add(stored(number), subject="Ada" if number else None).image_id for number in range(3)]
    store.deletion.delete(ids)
    assert cli.main(["trash", "--json"]) == 0
    size = sum(len(stored(number).data) for number in range(3))
    assert json.loads(capsys.readouterr().out) == {"images": 3, "bytes": size, "people": {"Ada": 2}}
    assert cli.main(["trash"]) == 0
    assert capsys.readouterr().out == f"3 images, {size / 1e6:.1f} MB, each kept for 30 days\n  Ada: 2\n"
    assert cli.main(["trash", "restore"]) == 0
    assert capsys.readouterr().out == "3 images restored\n" and store.gallery.page().total == 3
    assert cli.main(["trash", "restore"]) == 1
    assert capsys.readouterr().err == "mien: The trash is empty.\n"
    store.deletion.delete(ids[:1])
    assert cli.main(["trash", "empty"]) == 0
    assert capsys.readouterr().out == "1 image removed for good\n"
    assert stored(0).data[-90:-30] not in b"".join(path.read_bytes() for path in home.glob("mien*"))
    assert cli.main(["trash", "empty"]) == 1
    assert capsys.readouterr().err == "mien: The trash is empty.\n" and store.gallery.page().total == 2
    store.close()


def test_the_home_is_taken_behind_a_change_of_labels_too(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = ["--home", str(tmp_path / "other")]
    assert cli.main(["labels", "add", "wink", *other]) == 0
    assert cli.main(["labels", *other, "rename", "wink", "left wink"]) == 0
    assert cli.main(["labels", "add", "right wink", *other]) == 0
    assert cli.main(["labels", "remove", "right wink", *other]) == 0
    assert cli.main(["labels", *other, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[-1]["name"] == "left wink"
    assert not (home / "mien.db").exists()


def test_an_export_names_what_it_could_not_read(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store = Store(open_home(home).database_url)
    ids = [store.images.add(stored(number), label="fear").image_id for number in range(3)]
    with store.database.writing() as connection:
        damaged = update(ImageDataRow).where(ImageDataRow.image_id == ids[1]).values(data=b"damaged")
        connection.execute(damaged)
    store.close()
    out = tmp_path / "out.zip"
    assert cli.main(["export", str(out)]) == 1
    told = capsys.readouterr().out
    assert "2 images written; 1 could not be read" in told and f"image {ids[1]}" in told
    with zipfile.ZipFile(out) as archive:
        assert sum(name.startswith("fear/") for name in archive.namelist()) == 2


def test_versions_and_use(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["versions"]) == 0
    assert capsys.readouterr().out.startswith("*   0  Base model: neutral, happiness")
    assert cli.main(["use", "3"]) == 1
    assert "no version 3" in capsys.readouterr().err


def test_the_active_version_says_what_it_runs_on(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    copy_base(Versions(open_home(home).versions), 1)
    assert cli.main(["versions", "--json"]) == 0
    base, other = json.loads(capsys.readouterr().out)
    assert (base["active"], base["provider"], other["active"], "provider" in other) == (True, "cpu", False, False)


def test_a_provider_that_is_not_there_is_named(
    home: Path, face: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MIEN_PROVIDER", "abacus")
    for command in (["predict", str(face)], ["serve", "--no-browser"]):
        assert cli.main(command) == 1
        assert "mien: MIEN_PROVIDER is 'abacus', but ONNX Runtime has " in capsys.readouterr().err


def test_a_version_of_an_earlier_mien_is_named_with(home: Path, face: Path) -> None:
    copy_base(Versions(open_home(home).versions), 1, onnx=False)
    for said in ("Version 1 was made by an earlier Mien: its ONNX model is being made, once …", ""):
        named = subprocess.run(
            [sys.executable, "-m", "webapp.cli", "predict", str(face), "--version", "1", "--home", str(home)],
            capture_output=True,
            text=True,
        )
        assert (named.returncode, named.stderr.strip()) == (0, said)
        assert "happiness" in named.stdout


def test_a_version_is_described_and_deleted(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    versions = Versions(open_home(home).versions)
    copy_base(versions, 1)
    assert cli.main(["versions", "describe", "1", "--name", " Ada’s ", "--note", "a note"]) == 0
    assert cli.main(["versions", "describe", "1", "--note", "another"]) == 0
    assert cli.main(["versions", "--json"]) == 0
    row = json.loads(capsys.readouterr().out)[1]
    assert (row["number"], row["active"], row["name"], row["note"]) == (1, False, "Ada’s", "another")
    assert cli.main(["use", "1"]) == 0
    for wrong, said in (
        (["delete", "1"], "Version 1 is in use. Choose another one first, then delete it."),
        (["describe", "1", "--name", "x" * 61], "A version's name has at most 60 characters"),
        (["describe", "1"], "Say what to change: --name, --note, or both."),
        (["describe", "0", "--name", "mine"], "The base model is read only."),
        (["delete", "7"], "There is no version 7."),
    ):
        capsys.readouterr()
        assert cli.main(["versions", *wrong]) == 1
        assert capsys.readouterr().err.startswith(f"mien: {said}")
    assert cli.main(["use", "0"]) == 0
    assert cli.main(["versions", "delete", "1"]) == 0
    assert versions.numbers() == [0]


def test_nothing_is_cancelled_where_nothing_trains(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["cancel"]) == 1
    assert capsys.readouterr().err == "mien: No training run is under way.\n"


def test_a_run_that_another_process_began_is_cancelled(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    opened = open_home(home)
    store = Store(opened.database_url)
    run = store.runs.queue()
    assert cli.main(["cancel"]) == 0
    assert capsys.readouterr().out == f"Training run {run.id} is cancelled.\n"
    assert store.runs.get(run.id).state == "cancelled"
    store.close()


def test_train_without_labels_says_what_is_missing(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["train"]) == 1
    assert "mien: Nothing is labelled yet. Collect two expressions" in capsys.readouterr().err
    assert cli.main(["versions", "--json"]) == 0
    (base,) = json.loads(capsys.readouterr().out)
    assert base["number"] == 0 and base["active"]


def test_train_holds_out_nobody_who_is_not_there(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["train", "--hold-out", "Ada", "--hold-out", "x" * 200]) == 1
    said = capsys.readouterr().err
    assert said == f"mien: No labelled image shows a person called “Ada”, “{'x' * 40}…”, so nobody can be held out.\n"


def test_coreml_writes_a_bundle_that_reads_back(
    home: Path, face: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "base.zip"
    assert cli.main(["coreml", str(out), "--onnx"]) == 0
    size, core_ml, onnx = capsys.readouterr().out.splitlines()
    assert size == f"{out}: version 0, {out.stat().st_size / 1e6:.1f} MB"
    assert re.match(r"Core ML: greatest difference in probability 0\.0[01]\d\d, equal labels (99|100)\.\d %", core_ml)
    assert re.match(r"ONNX: greatest difference in probability under 0\.0001, equal labels 100\.0 %", onnx)
    with zipfile.ZipFile(out) as archive:
        assert archive.testzip() is None
        archive.extractall(tmp_path / "app")
    with quiet():
        package = Program(tmp_path / "app/Mien.swiftpm/Sources/Mien/Resources/MienExpressions.mlpackage")
    assert cli.main(["predict", "--json", str(face)]) == 0
    (shown,) = json.loads(capsys.readouterr().out)["faces"]
    (found,) = FaceFinder(STILL_SIDE).find(pictures.astronaut())
    answer = package.predict(grey_pixels([face_crop(pictures.astronaut(), found.points)]))[0]
    assert answer == pytest.approx([shown["probabilities"][label] for label in package.labels], abs=0.03)


def test_coreml_json_of_what_its_run_made_and_proved(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    versions = Versions(open_home(home).versions)
    base = versions.get(0)
    size = add_hollow_package(copy_base(versions, 1))
    proof = Proof(format="Core ML", runner="a Mac", faces=9, max_difference=0.001, equal_labels=1.0, bytes=size)
    write_card(base.card.model_copy(update={"proof": proof}), home / "versions" / "1" / CARD)
    out = tmp_path / "one.zip"
    assert cli.main(["coreml", str(out), "--version", "1", "--json"]) == 0
    written = json.loads(capsys.readouterr().out)
    assert written == {"path": str(out), "version": 1, "bytes": out.stat().st_size, "proofs": [proof.as_json()]}


def test_coreml_says_what_is_wrong(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["coreml", str(tmp_path / "out.zip"), "--version", "99"]) == 1
    assert "mien: There is no version 99" in capsys.readouterr().err
    assert cli.main(["coreml", str(tmp_path / "gone" / "out.zip")]) == 1
    assert f"{tmp_path}/gone/out.zip cannot be written: No such file or directory" in capsys.readouterr().err
    (home / "versions" / "1").mkdir()
    assert cli.main(["coreml", str(tmp_path / "out.zip"), "--version", "1"]) == 1
    assert "card.json is missing or no JSON" in capsys.readouterr().err
    assert not list(tmp_path.glob("*.zip*"))


def test_import_then_export(home: Path, face: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "faces" / "happiness"
    folder.mkdir(parents=True)
    face.rename(folder / "one.jpg")
    assert cli.main(["import", str(folder.parent), "--subject", "Eileen"]) == 0
    assert cli.main(["export", str(tmp_path / "out.zip")]) == 0
    assert "1 image" in capsys.readouterr().out
    assert (tmp_path / "out.zip").stat().st_size > 1000


def test_a_strange_host_needs_a_password(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["serve", "--host", "0.0.0.0", "--no-browser"]) == 1
    assert "--auth USER:PASSWORD" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        cli.main(["serve", "--auth", "nocolon"])


def test_a_taken_port_is_named_with_the_next_free_one() -> None:
    with listen("127.0.0.1", None) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(MienError, match=rf"Port {port} is taken; \d+ is free"):
            listen("127.0.0.1", port)
        with listen("127.0.0.1", None) as other:
            assert other.getsockname()[1] != port


@pytest.mark.skipif(os.name == "nt", reason="signals of this kind are POSIX's")
def test_serve_answers_and_stops_cleanly_on_control_c(home: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "webapp.cli", "--no-browser", "--port", str(port)]
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        lines = iter(server.stdout.readline, "")
        assert any(f"Mien listens on http://127.0.0.1:{port} " in line for line in lines)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=60) as page:
            assert b"Mien" in page.read()
        server.send_signal(signal.SIGINT)
        began = time.monotonic()
        _, errors = server.communicate(timeout=30)
        assert server.returncode == 0 and time.monotonic() - began < 10
        assert "Traceback" not in errors
    finally:
        server.kill()
        server.wait()
