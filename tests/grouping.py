"""Which tests run in one worker, where `python3 -m tests` runs two side by side, and which come first.

xdist's own `--dist loadgroup` would say the group in a test's id, which pytest 9.2 no longer lets it change.
"""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

BROWSER = "browser"
TRAINED = "trained version"
TRAINED_FILES = ("test_pipeline.py", "test_process.py", "test_what_a_run_leaves.py")
"""Those whose tests take the fixture `trained`."""
ORDER = (BROWSER, TRAINED, "training", "webapp", "labeling", "models")
"""Groups and folders, those with the longest tests first, so that no worker is left with one of them at the end."""


def group(nodeid: str) -> str:
    """A file's tests stay together and share what it sets up; so do all that need the browser or a trained version."""
    file = nodeid.split("::", 1)[0]
    path = PurePosixPath(file)
    if "e2e" in path.parts:
        return BROWSER
    if "training" in path.parts and path.name in TRAINED_FILES:
        return TRAINED
    return file


def place(nodeid: str) -> int:
    own = {group(nodeid), *PurePosixPath(nodeid.split("::", 1)[0]).parts}
    return next((number for number, name in enumerate(ORDER) if name in own), len(ORDER))


class GroupScheduling(LoadScopeScheduling):
    """A group goes to one worker whole, in the order in which the tests were collected."""

    def _split_scope(self, nodeid: str) -> str:
        return group(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> GroupScheduling:
    config.option.loadscopereorder = False
    return GroupScheduling(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: place(item.nodeid))
