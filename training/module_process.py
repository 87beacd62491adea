"""A module of Mien's that runs in a process of its own."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def module_command(module: str, *arguments: str) -> list[str]:
    """`python -m MODULE ARGUMENTS`, with the interpreter that runs now."""
    return [sys.executable, "-m", module, *arguments]


def module_environment() -> dict[str, str]:
    """This process's environment, with which Mien's modules are found from any folder."""
    root = str(Path(__file__).parent.parent)
    return os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH")]))}
