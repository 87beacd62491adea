"""Temporary files: each process has one folder for them in the home, so that none is left elsewhere."""

from __future__ import annotations

import os
import shutil
import tempfile
import uuid
from collections.abc import Mapping
from types import TracebackType

from filelock import FileLock, Timeout

from models.errors import disk_error
from models.home import Home

VARIABLES = ("TMPDIR", "TEMP", "TMP")
"""Where Python, SQLite and others look for the folder of temporary files."""


class TemporaryFolder:
    """A process's own folder, `HOME/temporary/<name>`: locked while the process lives, removed when it ends.

    The lock tells others whether the process is still there, also after it was killed.
    """

    def __init__(self, home: Home) -> None:
        """Raises DiskError where the folder cannot be made."""
        self.name = uuid.uuid4().hex
        self.path = home.temporary / self.name
        self._before: dict[str, str | None] | None = None
        self._lock = FileLock(home.temporary / f"{self.name}.lock", mode=0o600)
        try:
            with _one_at_a_time(home):
                self._lock.acquire(timeout=0)
                self.path.mkdir(mode=0o700)
        except OSError as error:
            raise disk_error(error, f"{self.path} cannot be made") from error

    def __enter__(self) -> TemporaryFolder:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def adopt(self) -> None:
        """Makes every library of this process, and of those that it starts, put its temporary files here."""
        self._before = {name: os.environ.get(name) for name in VARIABLES}
        self._point(dict.fromkeys(VARIABLES, str(self.path)))

    def close(self) -> None:
        """Removes the folder with all that is in it."""
        if self._before is not None:
            self._point(self._before)
        shutil.rmtree(self.path, ignore_errors=True)
        self._lock.release()
        self.path.with_suffix(".lock").unlink(missing_ok=True)

    @staticmethod
    def _point(variables: Mapping[str, str | None]) -> None:
        for name, value in variables.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
        tempfile.tempdir = None  # Python looks at the variables again


def sweep(home: Home) -> list[str]:
    """Removes the folders of processes that are no longer there; their names."""
    gone = []
    with _one_at_a_time(home):
        for path in home.temporary.glob("*.lock"):
            lock = FileLock(path, mode=0o600)
            try:
                lock.acquire(timeout=0)
            except Timeout:
                continue
            shutil.rmtree(path.with_suffix(""), ignore_errors=True)
            lock.release()
            path.unlink(missing_ok=True)
            gone.append(path.stem)
    return gone


def _one_at_a_time(home: Home) -> FileLock:
    # Between a folder's making and its locking nobody may take it for one that was left.
    home.temporary.mkdir(mode=0o700, parents=True, exist_ok=True)
    return FileLock(home.temporary / "changing", mode=0o600)
