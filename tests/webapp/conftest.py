from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"

import pytest
from fastapi.testclient import TestClient

from models.home import open_home
from webapp.app import create_app
from webapp.studio import Studio


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Studio:
    return Studio(open_home(tmp_path_factory.mktemp("home")))


@pytest.fixture(scope="module")
def client(studio: Studio) -> Iterator[TestClient]:
    with TestClient(create_app(studio), base_url="http://127.0.0.1:7860") as client:
        yield client


@pytest.fixture
def clean_studio(tmp_path: Path) -> Iterator[Studio]:
    studio = Studio(open_home(tmp_path / "home"))
    yield studio
    studio.close()


@pytest.fixture
def api(clean_studio: Studio) -> Iterator[TestClient]:
    """The application on an empty home; a test that leaves its data set as it is takes `client`, which is there."""
    with TestClient(create_app(clean_studio), base_url="http://127.0.0.1:7860") as client:
        yield client
