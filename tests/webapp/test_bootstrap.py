"""`python3 -m webapp` in a bare clone, with the real set-up code and a project so small that it takes seconds.

Packages come from an index that the test serves on 127.0.0.1 and can break; pip's own configuration plays no part.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

import webapp

PYPROJECT = """
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]

[project]
name = "small"
version = "1.0"
dependencies = ["tiny"]
"""

BACKEND = """
import zipfile

def build_editable(folder, config_settings=None, metadata_directory=None):
    with zipfile.ZipFile(f"{folder}/small-1.0-py3-none-any.whl", "w") as wheel:
        for name, text in {
            "METADATA": "Metadata-Version: 2.1\\nName: small\\nVersion: 1.0\\nRequires-Dist: tiny\\n",
            "WHEEL": "Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n",
            "RECORD": "",
        }.items():
            wheel.writestr(f"small-1.0.dist-info/{name}", text)
    return "small-1.0-py3-none-any.whl"
"""

PROGRAM = """
import sys
import tiny

print("started with tiny", tiny.VERSION)
sys.exit(len(sys.argv) - 1)
"""


class Index:
    """A package index with `tiny` 1.0 and 2.0, which answers 500 while broken and nothing while stalled."""

    def __init__(self, folder: Path) -> None:
        self.broken = False
        self.stalled, self.asked = threading.Event(), threading.Event()
        for version in ("1.0", "2.0"):
            write_wheel(folder / "tiny", version)
        index = self

        class Handler(SimpleHTTPRequestHandler):
            def do_GET(self) -> None:
                index.asked.set()
                while index.stalled.is_set():
                    time.sleep(0.05)
                if index.broken:
                    self.send_error(500)
                else:
                    super().do_GET()

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(folder)))
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}"


def write_wheel(folder: Path, version: str) -> None:
    folder.mkdir(exist_ok=True, parents=True)
    about = f"tiny-{version}.dist-info"
    with zipfile.ZipFile(folder / f"tiny-{version}-py3-none-any.whl", "w") as wheel:
        wheel.writestr("tiny.py", f"VERSION = {version!r}\n")
        wheel.writestr(f"{about}/METADATA", f"Metadata-Version: 2.1\nName: tiny\nVersion: {version}\n")
        wheel.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{about}/RECORD", f"tiny.py,,\n{about}/METADATA,,\n{about}/WHEEL,,\n{about}/RECORD,,\n")


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    index = Index(tmp_path / "index")
    yield index
    index.server.shutdown()
    index.server.server_close()


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """The set-up code as it is, and around it the smallest project that it can set up."""
    code = tmp_path / "clone" / "webapp"
    code.mkdir(parents=True)
    for name in ("__init__.py", "__main__.py", "bootstrap.py"):
        shutil.copy(Path(webapp.__file__).parent / name, code)
    (code / "cli.py").write_text(PROGRAM)
    (code.parent / "pyproject.toml").write_text(PYPROJECT)
    (code.parent / "backend.py").write_text(BACKEND)
    (code.parent / "constraints.txt").write_text("tiny==1.0\n")
    return code.parent


def begin(clone: Path, index: Index, *arguments: str, **environment: str) -> subprocess.Popen[str]:
    others = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "PYTHON"))}
    return subprocess.Popen(
        [sys.executable, "-m", "webapp", *arguments],
        cwd=clone,
        env=others
        | {"PIP_CONFIG_FILE": os.devnull, "PIP_INDEX_URL": index.url, "PIP_RETRIES": "0", "PIP_NO_CACHE_DIR": "1"}
        | {"NO_PROXY": "127.0.0.1"}
        | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=listen_to_control_c,
    )


def listen_to_control_c() -> None:
    """What a shell starts in the background ignores Ctrl-C, and so does all that it starts in turn."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def start(clone: Path, index: Index, *arguments: str, **environment: str) -> tuple[int, str, str]:
    """Exit status, standard output and standard error of `python3 -m webapp`."""
    process = begin(clone, index, *arguments, **environment)
    output, errors = process.communicate(timeout=120)
    return process.returncode, output, errors


def test_a_broken_network_then_a_mended_one_then_other_versions_then_another_python(clone: Path, index: Index) -> None:
    index.broken = True
    status, output, errors = start(clone, index)
    assert status == 1 and "Traceback" not in errors and "started" not in output
    sentence = errors.splitlines()[-1]
    assert sentence.startswith("Mien could not be set up: pip could not install what it needs, and says why above.")
    assert "start again" in sentence

    index.broken = False
    status, output, errors = start(clone, index, "three", "more", "words")
    assert (status, errors) == (3, "")
    assert output.startswith("Installing what Mien needs") and output.endswith("started with tiny 1.0\n")

    index.broken = True
    assert start(clone, index) == (0, "started with tiny 1.0\n", "")

    index.broken = False
    (clone / "constraints.txt").write_text("tiny==2.0\n")
    status, output, errors = start(clone, index)
    assert status == 0 and output.endswith("started with tiny 2.0\n"), errors

    for python in (clone / ".venv" / "bin").glob("python*"):  # as after the system's Python was replaced
        python.unlink()
        python.symlink_to("/nowhere/python")
    status, output, errors = start(clone, index)
    assert status == 0 and output.endswith("started with tiny 2.0\n"), errors


def test_a_start_after_interrupted_ones_succeeds(clone: Path, index: Index) -> None:
    process = begin(clone, index)
    while not (clone / ".venv" / "bin" / "python").exists():
        assert process.poll() is None
        time.sleep(0.001)
    end_all(process, signal.SIGINT)
    assert process.communicate(timeout=60)[1] == "Stopped before Mien was set up; the next start begins again.\n"
    assert process.returncode == 130

    index.stalled.set()
    process = begin(clone, index)
    assert index.asked.wait(60)
    end_all(process, signal.SIGKILL)
    process.communicate(timeout=60)

    index.stalled.clear()
    status, output, errors = start(clone, index)
    assert status == 0 and output.endswith("started with tiny 1.0\n"), errors


def end_all(process: subprocess.Popen[str], end: signal.Signals) -> None:
    """Send `end` to the process and its children, as a terminal does with Ctrl-C."""
    os.killpg(process.pid, end)


@pytest.mark.parametrize(
    ("patch", "sentence"),
    [
        ("sys.modules['ensurepip'] = None", "this Python lacks the module ensurepip"),
        ("sys.version_info = (3, 9, 2, 'final', 0)", "it needs Python 3.10 to 3.13, and this is Python 3.9."),
    ],
)
def test_a_python_that_will_not_do(clone: Path, index: Index, tmp_path: Path, patch: str, sentence: str) -> None:
    (tmp_path / "sitecustomize.py").write_text(f"import sys\n{patch}\n")
    status, output, errors = start(clone, index, PYTHONPATH=str(tmp_path))
    assert status == 1 and "started" not in output
    assert errors.startswith(f"Mien could not be set up: {sentence}") and errors.count("\n") == 1


def test_a_folder_that_cannot_be_made(clone: Path, index: Index) -> None:
    (clone / ".venv").write_text("in the way")
    status, _, errors = start(clone, index)
    assert status == 1 and errors.count("\n") == 1
    assert errors.startswith("Mien could not be set up: ") and str(clone / ".venv") in errors
