from __future__ import annotations

from pathlib import Path

import pytest

from tests.grouping import pytest_collection_modifyitems, pytest_xdist_make_scheduler
from tests.installed_kit import installed_kit

__all__ = ["pytest_collection_modifyitems", "pytest_xdist_make_scheduler"]


@pytest.fixture(scope="session")
def web_kit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return installed_kit(tmp_path_factory)
