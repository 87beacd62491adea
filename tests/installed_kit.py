"""The web kit of the base model as a developer has it after `npm ci`, made once for all tests."""

from __future__ import annotations

import os
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from filelock import FileLock

from models.home import open_home
from models.versions import Versions
from training.export.conversion import convert_to_web
from training.export.web_settings import WebLook

LOOKS = {"happiness": WebLook(color="#e69f00", pattern="")}


def installed_kit(temporary: pytest.TempPathFactory) -> Path:
    """The unzipped kit with what npm installs; all of a run's workers share it. Skips where there is no npm."""
    npm = need_npm()
    own = temporary.getbasetemp()
    folder = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "web-kit"
    with FileLock(f"{folder}.lock"):
        if not folder.exists():
            home = open_home(own / "web-kit-home")
            path = convert_to_web(home, Versions(home.versions).get(0), own / "web-kit.zip", LOOKS).path
            part = folder.with_suffix(".part")
            with zipfile.ZipFile(path) as archive:
                archive.extractall(part)
            command = [npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
            done = subprocess.run(command, cwd=part, capture_output=True, text=True)
            assert done.returncode == 0, done.stdout + done.stderr
            part.rename(folder)
    return folder


def need_npm() -> str:
    """Where npm is. Skips where there is none."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("There is no npm on the PATH; the web kit's tests need Node 20 or newer.")
    return npm
