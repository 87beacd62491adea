"""`mien web` as a shell sees it."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from labeling.store import Store
from models.home import open_home
from models.versions import MODEL, Versions
from tests.made_versions import copy_base
from webapp import cli


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MIEN_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    return tmp_path / "home"


def test_it_writes_the_kit_in_the_data_sets_colours(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "kit.zip"
    assert cli.main(["web", str(out)]) == 0
    assert "kit.zip: version 0, " in capsys.readouterr().out
    store = Store(open_home(home).database_url)
    colors = {label.name: label.color for label in store.labels.list()}
    store.close()
    with zipfile.ZipFile(out) as archive:
        looks = json.loads(archive.read("models/mien.json"))["looks"]
    assert colors and {name: look["color"] for name, look in looks.items()} == colors


def test_json_and_what_is_wrong(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "kit.zip"
    versions = Versions(home / "versions")
    own, damaged = copy_base(versions, 1), copy_base(versions, 2)
    assert cli.main(["web", str(out), "--version", "1", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said == {"path": str(out), "version": own.number, "bytes": out.stat().st_size}
    (damaged.path / MODEL).write_bytes(b"\0" * 1000)
    for arguments, words in (
        ([str(out), "--version", "99"], "There is no version 99"),
        ([str(tmp_path / "two.zip"), "--version", "2"], "model.onnx is damaged"),
        ([str(tmp_path / "gone" / "kit.zip")], "kit.zip cannot be written: No such file or directory."),
    ):
        assert cli.main(["web", *arguments]) == 1
        assert words in capsys.readouterr().err
    assert {path.name for path in tmp_path.iterdir()} == {"home", "kit.zip"}
