"""`mien onnx`, and its examples: the files of the kit, which its README shows too, run on pictures of faces."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from skimage import data as pictures

from models.home import open_home
from models.versions import Versions
from tests.made_versions import copy_base
from webapp import cli

INSTALL = re.compile(r"`(npm install [^`]+)`")


@pytest.fixture(scope="module")
def kit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The base model's kit, unpacked, with two pictures of a face beside it: large and turned by EXIF, and grey."""
    folder = tmp_path_factory.mktemp("onnx-command")
    assert cli.main(["onnx", str(folder / "out.zip"), "--version", "0", "--home", str(folder / "home")]) == 0
    with zipfile.ZipFile(folder / "out.zip") as archive:
        archive.extractall(folder / "kit")
    crop = pictures.astronaut()[60:260, 130:330]
    turned = Image.fromarray(np.rot90(crop))
    exif = turned.getexif()
    exif[274] = 6  # to be shown turned to the right
    turned.save(folder / "kit" / "turned.jpg", exif=exif, quality=92)
    dim = 0.4 * crop[40:180, 30:170] + np.random.default_rng(0).normal(0, 20, (140, 140, 3))
    Image.fromarray(dim.clip(0, 255).astype(np.uint8)).convert("L").save(folder / "kit" / "dim.png")
    return folder / "kit"


def example(kit: Path, name: str, model: str) -> str:
    """The name of a copy of an example of the kit, of ten lines at most, that runs `model`."""
    code = (kit / name).read_text("utf-8")
    assert code in (kit / "README.md").read_text("utf-8") and code.count('"mien.onnx"') == 1
    assert len([line for line in code.splitlines() if line.strip()]) <= 10
    copy = kit / f"{model}.{name}"
    copy.write_text(code.replace('"mien.onnx"', f'"{model}"'), "utf-8")
    return copy.name


def predicted(kit: Path, name: str, capsys: pytest.CaptureFixture[str]) -> tuple[str, float]:
    picture, home = str(kit / name), str(kit.parent / "home")
    capsys.readouterr()
    assert cli.main(["predict", "--crop", "--json", picture, "--version", "0", "--home", home]) == 0
    (face,) = json.loads(capsys.readouterr().out)["faces"]
    return face["label"], face["probabilities"][face["label"]]


def said(command: list[str], kit: Path) -> tuple[str, float]:
    ended = subprocess.run(command, cwd=kit, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr
    label, probability = ended.stdout.split()
    return label, float(probability)


@pytest.mark.parametrize("model", ["mien.onnx", "mien-fp16.onnx"])
@pytest.mark.parametrize("name", ["turned.jpg", "dim.png"])
def test_the_python_example_says_what_mien_says(
    kit: Path, name: str, model: str, capsys: pytest.CaptureFixture[str]
) -> None:
    label, probability = predicted(kit, name, capsys)
    answer = said([sys.executable, example(kit, "name.py", model), name], kit)
    assert answer == (label, pytest.approx(probability, abs=0.01))


@pytest.fixture(scope="module")
def with_npm(kit: Path) -> Path:
    """The kit with what its README has a person install."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        pytest.skip("npm is not installed")
    (command,) = INSTALL.findall((kit / "README.md").read_text("utf-8"))
    packages = command.split()[2:]
    assert all(re.fullmatch(r"[\w-]+@\d+\.\d+\.\d+", each) for each in packages), "exact versions"
    subprocess.run([npm, "install", "--silent", "--no-fund", "--no-audit", *packages], cwd=kit, check=True)
    return kit


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("model", ["mien.onnx", "mien-fp16.onnx"])
@pytest.mark.parametrize("name", ["turned.jpg", "dim.png"])
def test_the_javascript_example_says_what_mien_says(
    with_npm: Path, name: str, model: str, capsys: pytest.CaptureFixture[str]
) -> None:
    label, probability = predicted(with_npm, name, capsys)
    answer = said(["node", example(with_npm, "name.mjs", model), name], with_npm)
    assert answer == (label, pytest.approx(probability, abs=0.01))


def test_json_and_a_version_of_an_earlier_mien(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home = tmp_path / "home"
    copy_base(Versions(open_home(home).versions), 1, onnx=False)
    out = tmp_path / "one.zip"
    assert cli.main(["onnx", str(out), "--version", "1", "--json", "--home", str(home)]) == 0
    written = json.loads(capsys.readouterr().out)
    assert (written["path"], written["version"], written["bytes"]) == (str(out), 1, out.stat().st_size)
    assert [proof["format"] for proof in written["proofs"]] == ["ONNX", "ONNX in half precision"]


def test_what_is_wrong_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home = ["--home", str(tmp_path / "home")]
    assert cli.main(["onnx", str(tmp_path / "out.zip"), "--version", "99", *home]) == 1
    assert "mien: There is no version 99" in capsys.readouterr().err
    assert cli.main(["onnx", str(tmp_path / "gone" / "out.zip"), *home]) == 1
    assert f"{tmp_path}/gone/out.zip cannot be written: No such file or directory" in capsys.readouterr().err
    assert not list(tmp_path.glob("*.zip*"))
