"""The Swift of the Linux in the folder that MIEN_SWIFT names, to compile and run the kit with."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

FORMAT = "/usr/libexec/swift/bin/swift-format"
"""Of Debian's package."""


@dataclass(frozen=True)
class SwiftLinux:
    root: Path

    @contextmanager
    def folder(self, copied: Path | None = None) -> Iterator[Path]:
        """A folder in that Linux, with a copy of the contents of another, until it is left."""
        with tempfile.TemporaryDirectory(dir=self.root / "tmp") as name:
            if copied is not None:
                shutil.copytree(copied, name, dirs_exist_ok=True)
            yield Path(name)

    def inside(self, path: Path) -> str:
        """A path as it is in that Linux."""
        return f"/{path.relative_to(self.root)}"

    def run(self, *command: str | Path) -> str:
        """What a command in that Linux prints. A path is one on this side. Fails the test with it where it fails."""
        words = [self.inside(word) if isinstance(word, Path) else word for word in command]
        with self.folder() as leftovers:
            places = {"HOME": "/tmp", "TMPDIR": self.inside(leftovers)}
            done = subprocess.run(
                ["chroot", str(self.root), *words], capture_output=True, text=True, env={**os.environ, **places}
            )
        assert done.returncode == 0, f"{' '.join(words)}\n{done.stdout[-20000:]}{done.stderr[-20000:]}"
        return done.stdout + done.stderr


def swift_linux() -> SwiftLinux:
    """Skips the test where there is none."""
    root = os.environ.get("MIEN_SWIFT")
    if not root:
        pytest.skip("MIEN_SWIFT names no folder with a Linux that has Swift: `.ci/swift` makes one")
    if not (Path(root) / "usr/bin/swiftc").exists():
        pytest.skip(f"There is no Swift in {root}, which MIEN_SWIFT names")
    if os.geteuid() != 0:
        pytest.skip("Only root may enter the Linux that MIEN_SWIFT names")
    return SwiftLinux(Path(root).resolve())
