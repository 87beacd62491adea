"""`mien web --install`: npm is really run; where it fails, another program stands in its place."""

from __future__ import annotations

import json
import shutil
import stat
import sys
from pathlib import Path

import pytest

from models.home import Home, open_home
from tests.installed_kit import need_npm
from webapp import cli
from webapp.installed_web_kit import LISTED, install_command, installed_kit

pytestmark = pytest.mark.timeout(600)


def everything(home: Home) -> set[str]:
    """What is in the home but for lock files and the folder of temporary files."""
    return {path.name for path in home.path.iterdir()} - {"web.lock", "temporary"}


def test_it_is_installed_and_again_in_its_place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    need_npm()
    home = open_home(tmp_path / "home")
    assert installed_kit(home) is None
    assert cli.main(["web", "--install", "--home", str(home.path)]) == 0
    said = capsys.readouterr()
    assert "npm gets ONNX Runtime" in said.err and "“Run in this browser”" in said.out
    kit = installed_kit(home)
    assert kit is not None
    on_disk = {path.relative_to(home.web).as_posix() for path in home.web.rglob("*") if path.is_file()}
    assert on_disk == kit.files.keys() | {LISTED}
    assert {"mien.js", "core/classifier.js", "runtime/ort-wasm-simd-threaded.wasm"} <= on_disk
    assert not [name for name in on_disk if name.endswith((".onnx", ".html", ".map"))]

    (home.web / "core" / "old.js").write_text("")
    assert cli.main(["web", "--install", "--json", "--home", str(home.path)]) == 0
    assert json.loads(capsys.readouterr().out) == {"path": str(home.web), "bytes": kit.bytes}
    assert not (home.web / "core" / "old.js").exists() and installed_kit(home) == kit
    assert not [path for path in (home.path / "temporary").iterdir() if path.is_dir()]

    listed = json.loads((home.web / LISTED).read_text())
    (home.web / LISTED).write_text(json.dumps({**listed, "kit": "of an earlier Mien"}))
    assert installed_kit(home) is None


def put_on_path(folder: Path, monkeypatch: pytest.MonkeyPatch, **programs: str) -> None:
    """Nothing but these shell scripts is on the PATH."""
    folder.mkdir()
    for name, script in programs.items():
        (folder / name).write_text(f"#!/bin/sh\n{script}\n")
        (folder / name).chmod(0o700 | stat.S_IXUSR)
    monkeypatch.setenv("PATH", str(folder))


@pytest.mark.skipif(sys.platform == "win32", reason="The programs in npm's place are shell scripts.")
def test_what_fails_is_said_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    home = open_home(tmp_path / "home")
    command = ["web", "--install", "--home", str(home.path)]
    put_on_path(tmp_path / "none", monkeypatch, node="exit 0")
    assert cli.main(command) == 1
    missing = capsys.readouterr().err
    assert "needs npm, and there is none on the PATH. Install Node.js 20 or newer" in missing
    said = ("npm warn old", "npm error code ENOTFOUND", "npm error", "npm error no network", *["npm error help"] * 9)
    npm = "\n".join(f"echo '{line}' >&2" for line in said) + "\nexit 7"
    put_on_path(tmp_path / "failing", monkeypatch, node="exit 0", npm=npm)
    assert cli.main(command) == 1
    why = "npm failed, so nothing was installed. It said: code ENOTFOUND / no network / help / help\n"
    assert capsys.readouterr().err.endswith(why)
    put_on_path(tmp_path / "old", monkeypatch, node="echo 'SyntaxError: old' >&2; exit 1", npm="exit 0")
    assert cli.main(command) == 1
    assert "node failed, so nothing was installed. It said: SyntaxError: old" in capsys.readouterr().err
    assert everything(home) == {"versions"} and installed_kit(home) is None


def test_either_a_zip_or_installed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home = str(tmp_path / "home")
    for arguments in ([], [str(tmp_path / "kit.zip"), "--install"], ["--install", "--version", "0"]):
        assert cli.main(["web", *arguments, "--home", home]) == 1
        assert "Give either OUT.zip" in capsys.readouterr().err
    assert not (tmp_path / "kit.zip").exists() and not (tmp_path / "home" / "web").exists()


def test_the_command_names_a_home_that_is_not_the_usual_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MIEN_HOME", str(tmp_path / "usual"))
    assert install_command(open_home()) == "mien web --install"
    assert install_command(Home(tmp_path / "my faces")) == f"mien web --install --home '{tmp_path}/my faces'"


def test_a_list_that_is_damaged_counts_as_none(tmp_path: Path) -> None:
    home = open_home(tmp_path / "home")
    home.web.mkdir()
    for text in ("", "[]", "{}", '{"kit": 1}'):
        (home.web / LISTED).write_text(text)
        assert installed_kit(home) is None
    shutil.rmtree(home.web)
    assert everything(home) == {"versions"}
