import os
import time
from pathlib import Path

import pytest

from models.home import open_home
from training.priority import threads


def test_a_run_takes_half_the_processors_while_the_live_view_is_in_use(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = open_home(tmp_path / "home")
    monkeypatch.setattr(os, "cpu_count", lambda: 6)
    assert threads(home) == 6
    home.live.touch()
    assert threads(home) == 3
    long_ago = time.time() - 60
    os.utime(home.live, (long_ago, long_ago))
    assert threads(home) == 6
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    home.live.touch()
    assert threads(home) == 1
