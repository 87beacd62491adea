"""The web kit as the Live tab gets it. What npm installs is not looked at here, so small files stand in its place."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from models.versions import MODEL
from models.yunet import yunet_model
from tests.made_versions import copy_base
from webapp import installed_web_kit
from webapp.app import create_app
from webapp.installed_web_kit import LISTED
from webapp.studio import Studio

CODE = {"mien.js": b"export {};", "core/crop.js": b"1;", "runtime/ort.wasm": b"\0asm\1\0\0\0"}


@pytest.fixture
def kit(clean_studio: Studio) -> Path:
    """The folder of a kit that counts as installed, in which something lies that is not listed."""
    folder = clean_studio.home.web
    for name, data in (CODE | {"secret.js": b"secret"}).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    sizes = {name: len(data) for name, data in CODE.items()}
    (folder / LISTED).write_text(json.dumps({"kit": installed_web_kit._fingerprint(), "files": sizes}))
    return folder


def test_without_a_kit_it_says_how_and_serves_nothing(api: TestClient, clean_studio: Studio) -> None:
    said = api.get("/mien/api/web").json()
    assert (said["module"], said["version"]) == ("", 0)
    assert said["install"] == f"mien web --install --home {clean_studio.home.path}"
    for name in ("mien.js", "models/0/mien.json"):
        assert api.get(f"/mien/web/{name}").status_code == 404


def test_the_listed_files_are_served_as_what_they_are(api: TestClient, kit: Path) -> None:
    assert api.get("/mien/api/web").json()["module"] == "/mien/web/mien.js"
    for name, kind in (("mien.js", "text/javascript"), ("runtime/ort.wasm", "application/wasm")):
        answer = api.get(f"/mien/web/{name}")
        assert answer.content == CODE[name]
        assert answer.headers["content-type"].split(";")[0] == kind
        assert answer.headers["x-content-type-options"] == "nosniff"
        again = api.get(f"/mien/web/{name}", headers={"if-none-match": answer.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")


ELSE = (
    *("secret.js", LISTED, "", "core", "core/", "core/../secret.js", "../mien.db", "%2e%2e/mien.db", "/etc/passwd"),
    *("core/%2e%2e/secret.js", "..%2fmien.db", "core\\crop.js", "mien.js%00", "models/0/card.json", "models/0"),
    *("models/0/..%2f..%2fmien.db", "models/0/model.onnx", "models/-1/mien.onnx", "models/x/mien.onnx"),
)


def test_nothing_else_is(api: TestClient, kit: Path) -> None:
    for name in ELSE:
        answer = api.get(f"/mien/web/{name}")
        assert answer.status_code in (404, 422), name
        assert b"secret" not in answer.content and b"SQLite" not in answer.content, name


def test_each_versions_networks_are_served_with_what_is_said_of_them(
    api: TestClient, clean_studio: Studio, kit: Path
) -> None:
    number = copy_base(clean_studio.versions, clean_studio.store.version_numbers.take(above=0)).number
    clean_studio.store.labels.change("fear", color="#123456")
    clean_studio.activate(clean_studio.predictor_of(number))
    said = api.get("/mien/api/web").json()
    assert said["version"] == number and said["models"] == f"/mien/web/models/{number}/"
    assert {"name": "fear", "color": "#123456"}.items() <= next(
        label for label in said["labels"] if label["name"] == "fear"
    ).items()
    settings = api.get(f"{said['models']}mien.json").json()
    assert (settings["version"], settings["looks"]["fear"]["color"]) == (number, "#123456")
    for part in ("classifier", "finder"):
        answer = api.get(said["models"] + settings[part]["file"])
        assert hashlib.sha256(answer.content).hexdigest() == settings[part]["sha256"]
        again = api.get(said["models"] + settings[part]["file"], headers={"if-none-match": answer.headers["etag"]})
        assert again.status_code == 304
    base = api.get("/mien/web/models/0/mien.onnx").content
    assert base == (clean_studio.versions.get(0).path / MODEL).read_bytes()
    assert api.get("/mien/web/models/0/yunet.onnx").content == yunet_model()
    (clean_studio.versions.get(number).path / MODEL).unlink()
    assert api.get(f"{said['models']}mien.onnx").status_code == 404


def test_it_is_behind_the_password_like_all_else(clean_studio: Studio, kit: Path) -> None:
    with TestClient(create_app(clean_studio, ("ann", "secret")), base_url="http://127.0.0.1:7860") as guarded:
        for path in ("/mien/api/web", "/mien/web/mien.js", "/mien/web/models/0/mien.onnx"):
            guarded.cookies.clear()
            assert guarded.get(path).status_code == 401
            assert guarded.get(path, auth=("ann", "secret")).status_code == 200
