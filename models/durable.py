"""Files that are whole on the disk before anything names them."""

from __future__ import annotations

import os
from pathlib import Path


def write_durably(data: bytes, path: Path) -> None:
    """Write a file, and return once the disk has it. Raises OSError where it does not take it."""
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
