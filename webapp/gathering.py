"""Pictures that come in one by one, kept under their paths until all of them are imported together."""

from __future__ import annotations

import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from models.errors import MienError, TooLarge, disk_error

MAX_TOGETHER = 8 * 2**30


class Gathering:
    """A zip file that grows by a picture at a time; what its names may be is checked where it is read. Thread-safe."""

    def __init__(self, path: Path) -> None:
        """Raises OSError where the file cannot be made."""
        self.path = path
        self.count = 0
        self._size = 0
        self._lock = threading.Lock()
        self._archive: zipfile.ZipFile | None = zipfile.ZipFile(path, "w", zipfile.ZIP_STORED)

    def add(self, name: str, data: bytes) -> None:
        """Keeps a file under the path that it has where it comes from.

        Raises:
            MienError: it has no name.
            DiskError: the disk is full or cannot be written.
            TooLarge: it would be too much together.
        """
        if not name or name.endswith("/"):
            raise MienError("A file without a name cannot be imported.")
        with self._lock, _writing():
            if self._size + len(data) > MAX_TOGETHER:
                raise TooLarge(f"These are more than {MAX_TOGETHER // 2**30} GB. Use `mien import` instead.")
            if self._archive is None:
                self._archive = zipfile.ZipFile(self.path, "a", zipfile.ZIP_STORED)
            self._archive.writestr(zipfile.ZipInfo(name), data)
            self._size += len(data)
            self.count += 1

    def finish(self) -> None:
        """Everything so far can be read from the file. Raises DiskError where it cannot be written."""
        with self._lock, _writing():
            archive, self._archive = self._archive, None
            if archive is not None:
                archive.close()


@contextmanager
def _writing() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise disk_error(error, "These files cannot be kept while they are imported") from error
