"""Set-up from a bare clone, with nothing but Python: a virtual environment beside the code, filled once.

Only the standard library is imported here, since nothing else is there yet.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
PYTHON = ENVIRONMENT / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
HALF_MADE = ENVIRONMENT / "half-made"
CONSTRAINTS = ROOT / "constraints.txt"
OLDEST, NEWEST = (3, 10), (3, 13)


class SetUpFailed(Exception):
    """The environment cannot be made; the message says why and what to do."""


def run_in_environment(arguments: list[str], extra: str = "") -> int:
    """Become Python with `arguments` in the project's environment, making or renewing that first.

    `extra` names the optional dependencies in pyproject.toml that are wanted too. Returns an exit status where there is
    one to return: set-up failed, or on Windows, where a process cannot become another.
    """
    try:
        prepare(extra)
    except SetUpFailed as failure:
        print(f"Mien could not be set up: {failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped before Mien was set up; the next start begins again.", file=sys.stderr)
        return 130
    if os.name != "nt":
        os.chdir(ROOT)
        os.execv(PYTHON, [str(PYTHON), *arguments])  # in this process's place, so that every signal arrives
    with subprocess.Popen([PYTHON, *arguments], cwd=ROOT) as process:
        while True:
            try:
                return process.wait()
            except KeyboardInterrupt:
                pass  # Ctrl-C reaches the other process too, which ends in its own time


def prepare(extra: str) -> None:
    """Have the environment hold the project and `extra`, as pyproject.toml and constraints.txt say now.

    Raises:
        SetUpFailed: it does not; the next call tries again, whatever this one left.
    """
    found = sys.version_info[:2]
    if not OLDEST <= found <= NEWEST:
        raise SetUpFailed(
            f"it needs Python 3.10 to 3.13, and this is Python {found[0]}.{found[1]}. Start it with one of those."
        )
    done = ENVIRONMENT / f"installed{'-' + extra if extra else ''}"
    try:
        if PYTHON.exists() and done.is_file() and done.read_text() == fingerprint():
            return
        print(f"Installing what Mien needs into {ENVIRONMENT} (once; this takes a few minutes) …", flush=True)
        if HALF_MADE.exists() or not has_pip():
            make_environment()
        install(f"{ROOT}[{extra}]" if extra else str(ROOT))
        done.write_text(fingerprint())
    except OSError as error:
        raise SetUpFailed(f"{error}. Mien needs to write to {ENVIRONMENT}, 8 GB in all.") from error


def fingerprint() -> str:
    """What an installation depends on: what is asked for, which Python runs it, where the code is."""
    parts = (ROOT / "pyproject.toml").read_bytes(), CONSTRAINTS.read_bytes(), bytes(PYTHON.resolve()), bytes(ROOT)
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def has_pip() -> bool:
    """Whether the environment runs at all; one whose Python was replaced since does not."""
    return (
        PYTHON.exists()
        and subprocess.run([PYTHON, "-c", "import pip"], stderr=subprocess.DEVNULL, check=False).returncode == 0
    )


def make_environment() -> None:
    if importlib.util.find_spec("ensurepip") is None:
        raise SetUpFailed(
            "this Python lacks the module ensurepip, which puts pip into new environments. Install it (on Debian and "
            "Ubuntu: apt install python3-venv), then start again."
        )
    if ENVIRONMENT.exists():
        shutil.rmtree(ENVIRONMENT)
    ENVIRONMENT.mkdir()
    HALF_MADE.touch()
    try:
        venv.create(ENVIRONMENT, with_pip=True, symlinks=os.name != "nt")
    except subprocess.CalledProcessError as error:
        raise SetUpFailed(f"Python cannot make a virtual environment here ({error}).") from error


def install(project: str) -> None:
    """Install with the very versions that were tested, so that what others publish later changes nothing."""
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    HALF_MADE.touch()
    status = subprocess.run([*pip, "--constraint", CONSTRAINTS, "--editable", project], check=False).returncode
    if status >= 0:
        HALF_MADE.unlink()  # pip came to an end; one that was killed may have left half a package that looks whole
    if status != 0:
        raise SetUpFailed(
            "pip could not install what it needs, and says why above. Mend that (mostly it is the connection to the "
            "internet or a full disk) and start again; what was downloaded is kept."
        )
