"""Set-up from a bare clone, with nothing but Python: a virtual environment beside the code, filled once.

Only the standard library is imported here, since nothing else is there yet.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
OLDEST, NEWEST = (3, 10), (3, 13)


def run_in_environment(arguments: list[str], extra: str = "") -> int:
    """Run Python with `arguments` in the project's environment, making or renewing that first; its exit status.

    `extra` names the optional dependencies in pyproject.toml that are wanted too.
    """
    if not OLDEST <= sys.version_info[:2] <= NEWEST:
        found = ".".join(map(str, sys.version_info[:2]))
        print(f"Mien needs Python 3.10 to 3.13; this is Python {found}. Start it with one of those.", file=sys.stderr)
        return 1
    try:
        python = prepare(extra)
    except subprocess.CalledProcessError as error:
        print(f"Installing what Mien needs failed (exit status {error.returncode}); see above.", file=sys.stderr)
        return 1
    try:
        return subprocess.run([python, *arguments], cwd=ROOT, check=False).returncode
    except KeyboardInterrupt:
        return 130


def prepare(extra: str) -> str:
    """The environment's Python, with the project and `extra` installed as pyproject.toml now says.

    Raises:
        subprocess.CalledProcessError: pip failed; the next call tries again.
    """
    python = str(ENVIRONMENT / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))
    wanted = hashlib.sha256((ROOT / "pyproject.toml").read_bytes()).hexdigest()
    done = ENVIRONMENT / f"installed{'-' + extra if extra else ''}"
    if done.is_file() and done.read_text() == wanted:
        return python
    print(f"Installing what Mien needs into {ENVIRONMENT} (once; this takes a few minutes) …", flush=True)
    if not Path(python).exists():
        venv.create(ENVIRONMENT, with_pip=True)
    project = f"{ROOT}[{extra}]" if extra else str(ROOT)
    subprocess.run([python, "-m", "pip", "install", "--quiet", "--editable", project], check=True)
    done.write_text(wanted)
    return python
