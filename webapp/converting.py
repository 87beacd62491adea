"""Conversion to Core ML and ONNX in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from models.card import Proof
from models.errors import MienError
from models.home import Home
from models.versions import Version
from training.export.bundle import Bundle


def convert_elsewhere(home: Home, version: Version, path: Path, *, palettize: bool, onnx: bool) -> Bundle:
    """`mien coreml` in a process of its own that lets the live view go first."""
    command = [sys.executable, "-m", "webapp.cli", "coreml", str(path), "--json", "--version", str(version.number)]
    command += ["--home", str(home.path.resolve())] + ["--palettize"] * palettize + ["--onnx"] * onnx
    root = Path(__file__).parents[1]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        if hasattr(os, "setpriority"):
            os.setpriority(os.PRIO_PROCESS, process.pid, 10)
        said, complaint = process.communicate()
    if process.returncode:
        lines = complaint.decode(errors="replace").strip().splitlines() or ["The bundle was not made."]
        raise MienError(lines[-1].removeprefix("mien: "))
    facts = json.loads(said)
    return Bundle(path, facts["bytes"], tuple(Proof(**proof) for proof in facts["proofs"]))
