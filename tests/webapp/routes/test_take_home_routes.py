"""What is behind the three doors, and the zips that come out of them."""

from __future__ import annotations

import io
import json
import threading
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from models.card import Card
from models.home import Home
from models.versions import CARD, MODEL, Version, write_card
from tests.hollow_package import add_hollow_package
from tests.made_versions import copy_base
from training.export import conversion
from training.export.kit_zip import ProvedKit
from webapp.app import create_app
from webapp.studio import Studio

BASE = "/mien/api/data/train"


def write_version(studio: Studio, *, packed: bool = False, **facts: object) -> Version:
    """Version 1, the base model's weights; if `packed` with a proved Core ML package that has its labels only."""
    version = copy_base(studio.versions, 1)
    if packed:
        figures = {"faces": 9, "max_difference": 0.001, "equal_labels": 1.0, "bytes": add_hollow_package(version)}
        facts["proof"] = {"format": "Core ML", "runner": "a Mac", **figures}
    write_card(Card.model_validate(version.card.model_dump() | facts), version.path / CARD)
    return studio.versions.get(1)


def doors(api: TestClient, number: int) -> dict[str, dict[str, Any]]:
    answer = api.get(f"{BASE}/versions/{number}/take-home")
    assert answer.status_code == 200, answer.text
    return {door["name"]: door for door in answer.json()}


def states(door: dict[str, Any]) -> list[tuple[str, str]]:
    return [(comparison["what"], comparison["state"]) for comparison in door["proofs"]]


def zip_of(answer: Any) -> zipfile.ZipFile:
    assert answer.status_code == 200, answer.text
    return zipfile.ZipFile(io.BytesIO(answer.content))


def folded(names: list[str]) -> set[str]:
    """Paths inside a zip, a Core ML package as one."""
    return {f"{name.split('.mlpackage/')[0]}.mlpackage/" if ".mlpackage/" in name else name for name in names}


def test_the_doors_of_a_version_without_a_core_ml_package(client: TestClient) -> None:
    found = doors(client, 0)
    assert list(found) == ["iphone", "web", "onnx"]
    iphone, web, onnx = found.values()
    assert states(iphone) == [("crop", "inside"), ("network", "to come"), ("labels", "to come")]
    assert states(web) == [("crop", "inside"), ("network", "checked"), ("labels", "checked")]
    assert states(onnx) == [("network", "checked"), ("network", "to come"), ("labels", "checked")]
    assert "24 pictures" in iphone["proofs"][0]["said"] and "not run on this server" in iphone["proofs"][0]["said"]
    assert "40 pictures" in web["proofs"][0]["said"]
    assert web["proofs"][1]["proof"] == onnx["proofs"][0]["proof"] and onnx["proofs"][0]["proof"]["format"] == "ONNX"
    assert not any(door["ready"] or door["exact"] for door in found.values())
    assert iphone["note"].startswith("The Core ML model is made, and proved right, when you download it")
    assert all(2e6 < door["bytes"] < 6e6 and len(door["lines"]) == 3 for door in found.values())


def test_a_package_that_is_being_made_or_failed_is_told_of(clean_studio: Studio) -> None:
    # Without its start-up nothing looks after runs.
    api = TestClient(create_app(clean_studio), base_url="http://127.0.0.1:7860")
    write_version(clean_studio, package_failed="The disk is full.")
    assert doors(api, 1)["iphone"]["note"] == "The disk is full. It is tried again when you download it."
    run = clean_studio.store.runs.queue()
    clean_studio.store.runs.publish(run.id, 1, "", activate=False)
    assert "being made now" in doors(api, 1)["iphone"]["note"]


def test_a_version_of_an_earlier_mien_has_doors_too(api: TestClient, clean_studio: Studio) -> None:
    copy_base(clean_studio.versions, 1, onnx=False)
    assert doors(api, 1)["onnx"]["proofs"][0]["proof"]["format"] == "ONNX"


def test_damage_is_said(api: TestClient, clean_studio: Studio) -> None:
    version = write_version(clean_studio, packed=True)
    (version.path / "self-test.json").write_text("{}")
    assert not doors(api, 1)["iphone"]["ready"]
    (version.path / MODEL).write_bytes(b"no model")
    for method, path in (("GET", "take-home"), ("POST", "web-kit"), ("POST", "onnx-kit")):
        answer = api.request(method, f"{BASE}/versions/1/{path}")
        assert (answer.status_code, "model.onnx is damaged" in answer.json()["error"]) == (422, True), path
    assert list(clean_studio.temporary.path.glob("*.zip")) == []


@pytest.mark.parametrize("door", ["web", "onnx"])
def test_the_zip_is_what_its_door_says(api: TestClient, clean_studio: Studio, door: str) -> None:
    said = doors(api, 0)[door]
    answer = api.post(f"{BASE}/versions/0/{door}-kit")
    made = clean_studio.versions.get(0).card.created
    assert made and f'filename="mien-base-{made.date()}-{door}.zip"' in answer.headers["content-disposition"]
    with zip_of(answer) as archive:
        assert archive.testzip() is None and archive.namelist() == said["contents"]
    assert len(answer.content) == pytest.approx(said["bytes"], rel=0.02)
    assert said["lines"][0].startswith(f"unzip mien-base-{made.date()}-{door}.zip ")
    proofs = [proof["format"] for proof in json.loads(answer.headers["x-mien-proof"])]
    assert proofs == {"web": [], "onnx": ["ONNX", "ONNX in half precision"]}[door]
    assert list(clean_studio.temporary.path.glob("*.zip")) == []


def test_the_base_models_bundle_is_made_and_proved(api: TestClient, clean_studio: Studio) -> None:
    said = doors(api, 0)["iphone"]
    answer = api.post(f"{BASE}/versions/0/bundle")
    made = clean_studio.versions.get(0).card.created
    assert made and f'filename="mien-base-{made.date()}.zip"' in answer.headers["content-disposition"]
    (proof,) = json.loads(answer.headers["x-mien-proof"])
    assert (proof["format"], proof["max_difference"] <= 0.02, proof["equal_labels"] >= 0.99) == ("Core ML", True, True)
    assert proof["faces"] == 208
    with zip_of(answer) as archive:
        assert archive.testzip() is None
        assert folded(archive.namelist()) == folded(said["contents"])
        inside = [entry for entry in archive.infolist() if "MienExpressions.mlpackage/" in entry.filename]
    assert sum(entry.file_size for entry in inside) == proof["bytes"]
    assert len(answer.content) == pytest.approx(said["bytes"], rel=0.02)


def test_one_model_is_converted_at_a_time(
    api: TestClient, clean_studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Six pictures of a page that ask for a bundle once started six processes."""
    at_once: list[int] = []
    running = threading.Semaphore(0)

    def convert(_: Home, version: Version, path: Path, **__: object) -> ProvedKit:
        running.release()
        at_once.append(running._value)
        time.sleep(0.1)
        path.write_bytes(b"PK")
        running.acquire()
        return ProvedKit(path, 2, ())

    monkeypatch.setattr(conversion, "convert", convert)
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: api.post(f"{BASE}/versions/0/bundle?onnx=1").status_code, range(6)))
    assert (answers, at_once) == ([200] * 6, [1] * 6)
    assert list(clean_studio.temporary.path.glob("*.zip")) == []


def test_what_its_run_made_and_proved_is_packed_as_it_is(
    api: TestClient, clean_studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = write_version(clean_studio, packed=True, created="2026-11-24T23:59:00+00:00")
    monkeypatch.setattr(conversion, "convert", lambda *_, **__: pytest.fail("It was made anew."))
    said = doors(api, 1)["iphone"]
    assert states(said) == [("crop", "inside"), ("network", "checked"), ("labels", "checked")]
    assert (said["ready"], said["exact"], said["note"]) == (True, True, "")
    answer = api.post(f"{BASE}/versions/1/bundle")
    assert 'filename="mien-version-1-2026-11-24.zip"' in answer.headers["content-disposition"]
    (proof,) = json.loads(answer.headers["x-mien-proof"])
    assert version.card.proof and proof == said["proofs"][1]["proof"] == version.card.proof.as_json()
    assert len(answer.content) == said["bytes"]
    with zip_of(answer) as archive:
        assert archive.namelist() == said["contents"]
        inside = [entry for entry in archive.infolist() if "MienExpressions.mlpackage/" in entry.filename]
    assert [entry.file_size for entry in inside] == [proof["bytes"]]
