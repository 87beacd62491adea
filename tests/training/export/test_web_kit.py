"""The web kit as it is written, and its own tests as a developer runs them."""

from __future__ import annotations

import hashlib
import json
import posixpath
import re
import zipfile
from pathlib import Path

import numpy as np
import onnxruntime
import pytest

from models.errors import DiskError, MienError
from models.home import Home, open_home
from models.onnx_model import FACE, PROBABILITIES
from models.versions import MODEL, Version, Versions
from tests.made_versions import copy_base
from tests.training.export.conftest import OF_THE_DATA_SET, check_silent_about_the_data_set
from training.export.conversion import convert_to_web
from training.export.web_settings import CLASSIFIER, HALF, WebLook

LOOKS = {"happiness": WebLook(color="#e69f00", pattern="dots")}
MEGABYTE = 2**20


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return open_home(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def version(home: Home) -> Version:
    return Versions(home.versions).get(0)


@pytest.fixture(scope="module")
def archive(home: Home, version: Version, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("kit") / "kit.zip"
    kit = convert_to_web(home, version, path, LOOKS)
    assert kit.path == path and kit.bytes == path.stat().st_size
    return path


def read(archive: Path, name: str) -> bytes:
    with zipfile.ZipFile(archive) as opened:
        return opened.read(name)


def test_it_is_small_and_has_what_a_developer_expects(archive: Path) -> None:
    assert archive.stat().st_size <= 6 * MEGABYTE
    with zipfile.ZipFile(archive) as opened:
        names = set(opened.namelist())
    assert {"index.html", "mien.js", "mien.d.ts", "package.json", "package-lock.json", "README.md"} <= names
    assert {"MODEL_CARD.md", "card.json", "models/mien.json"} <= names
    assert {"models/mien.onnx", "models/mien-fp16.onnx", "models/yunet.onnx"} <= names
    assert not [name for name in names if "node_modules" in name or "dist/" in name]


def test_the_networks_are_those_that_mien_runs(archive: Path, version: Version) -> None:
    assert read(archive, "models/mien.onnx") == (version.path / MODEL).read_bytes()
    settings = json.loads(read(archive, "models/mien.json"))
    for network in (settings["classifier"], settings["half"], settings["finder"]):
        assert network["sha256"] == hashlib.sha256(read(archive, f"models/{network['file']}")).hexdigest()
    assert settings["labels"] == list(version.labels) and settings["looks"]["happiness"]["color"] == "#e69f00"
    limits = version.card.sureness
    assert limits and settings["sureness"] == {"margin": limits.margin, "quality": limits.quality}


def test_the_runtime_has_an_exact_version_and_no_host_is_named(archive: Path) -> None:
    wanted = json.loads(read(archive, "package.json"))["dependencies"]
    assert wanted.keys() == {"onnxruntime-web"} and re.fullmatch(r"\d+\.\d+\.\d+", wanted["onnxruntime-web"])
    lock = json.loads(read(archive, "package-lock.json"))["packages"]
    assert lock["node_modules/onnxruntime-web"]["version"] == wanted["onnxruntime-web"]
    assert all("resolved" not in package and (not name or package["integrity"]) for name, package in lock.items())


def test_the_readme_is_about_this_version(archive: Path, version: Version) -> None:
    readme = read(archive, "README.md").decode()
    assert f"It names {len(version.labels)} expressions: {', '.join(version.labels)}." in readme
    assert not re.findall(r"\{\w+\}", readme)
    codes = re.findall(r'"([a-z-]+)"', read(archive, "mien.d.ts").decode().split("MienErrorCode =")[1].split(";")[0])
    assert len(codes) == 10 and all(f"`{code}`" in readme for code in codes)


def test_the_page_asks_for_all_its_modules_at_once(archive: Path) -> None:
    page = read(archive, "index.html").decode()
    with zipfile.ZipFile(archive) as opened:
        names = opened.namelist()
    modules = {name for name in names if re.fullmatch(r"(core|page)/[\w-]+\.js", name)} - {"page/offline.js"}
    asked = {*re.findall(r'modulepreload" href="([^"]+)"', page), "page/page.js", "page/runtime.js"}
    assert asked == modules | {"mien.js", "runtime/ort.wasm.min.mjs"}


def test_each_module_has_those_that_it_imports(archive: Path) -> None:
    with zipfile.ZipFile(archive) as opened:
        names = opened.namelist()
    imports = {
        (name, posixpath.normpath(posixpath.join(posixpath.dirname(name), module)))
        for name in names
        if name.endswith(".js")
        for module in re.findall(r"""from "(\.[^"]+)\"""", read(archive, name).decode())
    }
    assert len(imports) > 30 and [(name, module) for name, module in imports if module not in names] == []


def test_nothing_in_it_points_into_the_data_set(version: Version, tmp_path: Path) -> None:
    home = open_home(tmp_path / "home")
    taught = copy_base(Versions(home.versions), 1, version.card.model_copy(update=OF_THE_DATA_SET))
    check_silent_about_the_data_set(convert_to_web(home, taught, tmp_path / "kit.zip", {}).path)


def test_the_same_version_gives_the_same_bytes(home: Home, archive: Path, version: Version, tmp_path: Path) -> None:
    assert convert_to_web(home, version, tmp_path / "again.zip", LOOKS).path.read_bytes() == archive.read_bytes()


def test_half_precision_is_that_with_the_others_weights(archive: Path, version: Version, tmp_path: Path) -> None:
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(tmp_path)
    half, whole = (onnxruntime.InferenceSession(tmp_path / "models" / name) for name in (HALF, CLASSIFIER))
    assert (tmp_path / "models" / HALF).stat().st_size < 50_000
    side = version.card.network.size
    faces = np.random.default_rng(3).integers(0, 256, (4, 1, side, side)).astype(np.float32)
    answers = [session.run([PROBABILITIES], {FACE: faces})[0] for session in (half, whole)]
    assert 0 < np.abs(answers[0] - answers[1]).max() <= 0.02


def test_a_version_of_ones_own_labels(tmp_path: Path) -> None:
    home = open_home(tmp_path / "home")
    versions = Versions(home.versions)
    base = versions.get(0)
    labels = ("a|b", "😀", '"quoted" \\ {side}', *base.labels[3:])
    own = copy_base(versions, 1, base.card.model_copy(update={"labels": labels}))
    path = convert_to_web(home, own, tmp_path / "own.zip", {}).path
    assert json.loads(read(path, "models/mien.json"))["labels"] == list(labels)


def test_a_damaged_version_or_folder_leaves_nothing(version: Version, tmp_path: Path) -> None:
    home = open_home(tmp_path / "home")
    damaged = copy_base(Versions(home.versions), 1)
    (damaged.path / MODEL).write_bytes(b"\0" * 1000)
    with pytest.raises(MienError, match=r"model\.onnx"):
        convert_to_web(home, damaged, tmp_path / "damaged.zip", LOOKS)
    with pytest.raises(DiskError, match=r"gone/out\.zip cannot be written: No such file or directory"):
        convert_to_web(home, version, tmp_path / "gone" / "out.zip", LOOKS)
    assert [path.name for path in tmp_path.iterdir()] == ["home"]
