"""Which tests run in one worker, where `python3 -m tests` runs two side by side, and which come first."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.installed_kit import installed_kit

FOLDERS = ("e2e", "training", "webapp", "labeling", "models")
"""Those with the longest tests first, so that no worker is left with one of them at the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A file's tests stay together and share what it sets up; so do all that need the browser or a trained version."""
    items.sort(key=lambda item: place(item.path))
    training = {item.path for item in items if "trained" in getattr(item, "fixturenames", ())}
    for item in items:
        if "e2e" in item.path.parts:
            group = "browser"
        elif item.path in training:
            group = "trained version"
        else:
            group = str(item.path)
        item.add_marker(pytest.mark.xdist_group(group))


def place(path: Path) -> int:
    return next((number for number, folder in enumerate(FOLDERS) if folder in path.parts), len(FOLDERS))


@pytest.fixture(scope="session")
def web_kit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return installed_kit(tmp_path_factory)
