"""Every GET is answered from a database that can only be read."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from sqlalchemy import event, text
from sqlalchemy.exc import OperationalError

from models.card import Card
from tests.labeling.face_patterns import face
from tests.made_versions import copy_base
from webapp.app import create_app
from webapp.studio import Studio

DATA = "/mien/api/data"


@pytest.fixture
def filled(clean_studio: Studio) -> dict[str, dict[str, object]]:
    """A studio with something behind each GET; what stands for the placeholders of each path that has some."""
    store = clean_studio.store
    image = store.images.add(face(1), label="fear").image_id
    store.images.add(face(2))
    base = clean_studio.versions.get(0)
    wrong = [{"image": image, "label": "fear", "predicted": "anger", "certainty": 0.6}]
    facts = base.card.model_dump(include={"network", "labels", "temperature"}) | {"wrong": wrong}
    taken = store.version_numbers.take(above=0)
    number = copy_base(clean_studio.versions, taken, Card.model_validate(facts)).number
    run = store.runs.queue()
    store.runs.end(run.id, "cancelled", "Cancelled.")
    export = clean_studio.transfers.export("zip")
    assert export.file == "mien.zip"
    waiting = clean_studio.transfers.gather()
    return {
        f"{DATA}/images/{{image_id}}": {"image_id": image},
        f"{DATA}/images/{{image_id}}/thumbnail": {"image_id": image},
        f"{DATA}/images/{{image_id}}/listed": {"image_id": image},
        f"{DATA}/images/{{image_id}}/history": {"image_id": image},
        f"{DATA}/images/{{image_id}}/heat": {"image_id": image},
        f"{DATA}/jobs/{{number}}": {"number": export.number},
        f"{DATA}/jobs/{{number}}/plan": {"number": waiting.number},
        f"{DATA}/exported/{{number}}/{{name}}": {"number": export.number, "name": export.file},
        f"{DATA}/train/versions/{{number}}": {"number": number},
        f"{DATA}/train/versions/{{number}}/model-card": {"number": number},
        f"{DATA}/train/versions/{{number}}/take-home": {"number": number},
    }


def routes_of(app: FastAPI) -> list[APIRoute]:
    """Every route of the app, also of routers that newer versions of FastAPI keep as they were included."""
    included = [getattr(route, "original_router", None) for route in app.routes]
    routes = [*app.routes, *(route for router in included if router is not None for route in router.routes)]
    return [route for route in routes if isinstance(route, APIRoute)]


def test_every_get_is_answered(clean_studio: Studio, filled: dict[str, dict[str, object]]) -> None:
    app = create_app(clean_studio)
    paths = [route.path for route in routes_of(app) if "GET" in route.methods and route.path.startswith("/mien/api/")]
    assert {path for path in paths if "{" in path} == filled.keys() and len(paths) > len(filled) + 6
    engine = clean_studio.store.database.engine
    event.listen(engine, "checkout", _read_only)
    with pytest.raises(OperationalError, match="readonly"), engine.begin() as connection:
        connection.execute(text("DELETE FROM images"))
    api = TestClient(app, base_url="http://127.0.0.1:7860")
    try:
        for path in paths:
            answer = api.get(path.format(**filled.get(path, {})))
            assert answer.status_code == 200, (path, answer.text)
            assert answer.content
    finally:
        event.remove(engine, "checkout", _read_only)
        engine.dispose()  # the connections of the pool can still only read


def _read_only(connection: Any, *_: object) -> None:
    connection.execute("PRAGMA query_only = ON")


def test_routers_touch_no_data(clean_studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    def touched(*_: object) -> None:
        raise AssertionError("The data set was used.")

    monkeypatch.setattr(clean_studio.store.database.engine, "connect", touched)
    monkeypatch.setattr(clean_studio.store.database.engine, "begin", touched)
    before = {path: path.stat().st_mtime_ns for path in Path(clean_studio.home.path).rglob("*")}
    time.sleep(0.01)
    create_app(clean_studio)
    assert {path: path.stat().st_mtime_ns for path in Path(clean_studio.home.path).rglob("*")} == before
