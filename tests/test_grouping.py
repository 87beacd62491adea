from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.grouping import BROWSER, TRAINED, group

FILES = ("models/test_last.py", "e2e/test_one.py", "training/test_process.py", "training/test_pipeline.py")
FILES += ("training/test_other.py", "e2e/test_two.py")
TESTS = "import pytest\n@pytest.mark.parametrize('number', range(4))\ndef test_it(number): pass\n"


def test_each_group_runs_in_one_worker_and_the_longest_begin(tmp_path: Path) -> None:
    for file in FILES:
        path = tmp_path / file
        path.parent.mkdir(exist_ok=True)
        path.write_text(TESTS)
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    command = [sys.executable, "-m", "pytest", "-v", "-n", "2", "-p", "tests.grouping", "-p", "no:cacheprovider"]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    ran = re.findall(r"^\[(gw\d)\] .* PASSED (\S+)", done.stdout, re.M)
    assert len(ran) == 4 * len(FILES), done.stdout + done.stderr
    workers: dict[str, set[str]] = {}
    for worker, nodeid in ran:
        workers.setdefault(group(nodeid), set()).add(worker)
    assert len(workers) == 4 and all(len(own) == 1 for own in workers.values()), workers
    assert workers[BROWSER] != workers[TRAINED]
    first = {worker: group(nodeid) for worker, nodeid in reversed(ran)}
    assert set(first.values()) == {BROWSER, TRAINED}


def test_all_that_need_a_trained_version_are_in_its_group(request: pytest.FixtureRequest) -> None:
    needing = [item for item in request.session.items if "trained" in getattr(item, "fixturenames", ())]
    assert {group(item.nodeid) for item in needing} <= {TRAINED}
