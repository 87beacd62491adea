"""What each way to use Mien imports: who only uses it neither waits for nor holds in memory what others need."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from labeling.store import Store
from models.home import open_home
from tests.serving import astronaut, jpeg

ROOT = Path(__file__).resolve().parent.parent
COMMAND = """
import json, sys
from webapp.cli import main
status = main(sys.argv[1:])
print(json.dumps(sorted({name.split(".")[0] for name in sys.modules})), file=sys.stderr)
sys.exit(status)
"""


def imported(*arguments: str) -> set[str]:
    """The top-level modules that a process has imported when `mien` with these arguments has done its work."""
    done = subprocess.run(
        [sys.executable, "-c", COMMAND, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=300, check=True
    )
    return set(json.loads(done.stderr.splitlines()[-1]))


@pytest.fixture
def face(tmp_path: Path) -> Path:
    path = tmp_path / "face.jpg"
    path.write_bytes(jpeg(astronaut()))
    return path


def test_predict_neither_opens_the_store_nor_knows_of_the_server(tmp_path: Path, face: Path) -> None:
    home = tmp_path / "home"
    needless = {"alembic", "fastapi", "gradio", "pandas", "scipy", "sqlalchemy", "starlette"}
    for _ in ("without a data set", "with one"):
        assert not imported("predict", "--json", "--home", str(home), str(face)) & needless
        Store(open_home(home).database_url).close()


def test_a_data_set_of_todays_format_is_opened_without_what_changes_its_format(tmp_path: Path) -> None:
    assert "alembic" in imported("labels", "--home", str(tmp_path))
    assert not imported("labels", "--home", str(tmp_path)) & {"alembic", "gradio", "pandas", "scipy"}
