"""What an import reads: folders and zip files, one picture at a time, nothing unpacked to disk.

A file that cannot be taken is an `Entry` with its `problem`, so that the rest goes on and the report can name it.
"""

from __future__ import annotations

import lzma
import stat
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath

from labeling.cells import BadRow, check_row, text_in
from labeling.metadata import ANSWER_FOLDERS, TABLE, Row, answer_in, box_in, face_points_in, read_table, time_in
from labeling.path_reading import PeopleFrom, label_and_person
from labeling.reports import ExchangeError, readable
from labeling.stored_faces import Points
from models.box import Box

MAX_FILE = 64 * 2**20
MAX_ENTRIES = 1_000_000
MAX_EXPANSION = 100
FREE_BYTES = 512 * 2**20
QUIET = {"thumbs.db", "desktop.ini", "readme.md", "readme.txt", "license", "license.txt"}
UNPACKING_ERRORS = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, struct.error),
    *(NotImplementedError, RuntimeError, ValueError, OverflowError),
)
"""What `zipfile` raises on damaged archives, and on kinds of compression that it does not know."""


@dataclass(frozen=True)
class Entry:
    """One picture to import, with what its folder or its table says of it; `problem` says why it cannot be read."""

    name: str
    read: Callable[[], bytes]
    label: str | None = None
    from_table: bool = False
    subject: str | None = None
    session: str | None = None
    source: str | None = None
    box: Box | None = None
    points: Points | None = None
    created: datetime | None = None
    answer: str = ""
    problem: str = ""


@contextmanager
def open_source(path: Path, people_from: PeopleFrom = "nowhere") -> Iterator[tuple[int, Iterator[Entry]]]:
    """The number of pictures in a folder, a zip file or a picture, and the pictures one after another.

    `people_from`: where the paths name people.

    Raises:
        ExchangeError: nothing there can be imported.
    """
    with _opened(path) as files:
        yield len(files.names), _entries(files, people_from)


def source_names(path: Path) -> list[str]:
    """The paths of the files in a folder or a zip file, or the name of a picture.

    Raises:
        ExchangeError: nothing there can be imported.
    """
    with _opened(path) as files:
        return list(files.names)


@contextmanager
def _opened(path: Path) -> Iterator[_Folder | _Archive | _Picture]:
    with readable(path):
        is_folder, is_zip, is_file = path.is_dir(), zipfile.is_zipfile(path), path.is_file()
    if is_folder:
        with readable(path):
            folder = _Folder(path)
        yield folder
    elif is_zip:
        with _opened_zip(path) as opened:
            with readable(path):
                archive = _Archive(path, opened)
            yield archive
    elif is_file:
        yield _Picture(path)
    else:
        raise ExchangeError(f"There is no file or folder {path}.")


class _Picture:
    """One file by itself; the folder that it happens to lie in names nothing."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.names = [path.name]

    def problem(self, name: str) -> str:
        return ""

    def read(self, name: str) -> bytes:
        return _read_file(self.path)


class _Folder:
    """The files below a folder; links are not followed."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.title = root.name
        found = sorted(path for path in root.rglob("*") if path.is_symlink() or not path.is_dir())
        self.names = [path.relative_to(root).as_posix() for path in found if _wanted(path.relative_to(root).as_posix())]

    def problem(self, name: str) -> str:
        path = self.root / name
        if any(part.is_symlink() for part in (path, *path.parents) if part != self.root and self.root in part.parents):
            return "It is a link; links are not followed."
        try:
            return "" if path.is_file() else "It is no ordinary file."
        except OSError as error:
            return str(_unreadable(error))

    def read(self, name: str) -> bytes:
        return _read_file(self.root / name)


class _Archive:
    """The files of a zip, read in memory under their limits."""

    def __init__(self, path: Path, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self.title = path.stem
        infos = [info for info in archive.infolist() if info.filename and not info.is_dir() and _wanted(info.filename)]
        if len(infos) > MAX_ENTRIES:
            raise ExchangeError(f"{path.name} has {len(infos):,} files; at most {MAX_ENTRIES:,} are taken at once.")
        size = sum(info.file_size for info in infos if info.file_size <= MAX_FILE)
        if size > FREE_BYTES and size > MAX_EXPANSION * path.stat().st_size:
            raise ExchangeError(f"{path.name} would unpack to more than {MAX_EXPANSION} times its size: not opened.")
        # Two entries may have one name: each is read by its own entry.
        self.infos: dict[str, zipfile.ZipInfo] = {}
        copies: Counter[str] = Counter()
        for info in infos:
            name = info.filename
            while name in self.infos:
                copies[info.filename] += 1
                name = f"{info.filename} ({copies[info.filename] + 1})"
            self.infos[name] = info
        self.names = sorted(self.infos)

    def problem(self, name: str) -> str:
        info = self.infos[name]
        parts = info.filename.replace("\\", "/").split("/")
        if ".." in parts or not parts[0] or ":" in parts[0]:
            return "Its name leads out of the zip."
        if stat.S_ISLNK(info.external_attr >> 16):
            return "It is a link; links are not followed."
        if info.flag_bits & 1:
            return "It is encrypted."
        if info.file_size > MAX_FILE:
            return f"It would unpack to {info.file_size / 2**20:,.0f} MB; at most {MAX_FILE // 2**20} are taken."
        return ""

    def read(self, name: str) -> bytes:
        try:
            with self.archive.open(self.infos[name]) as file:
                data = file.read(MAX_FILE + 1)
        except (*UNPACKING_ERRORS, OSError) as error:
            if isinstance(error, OSError) and error.errno:  # bzip2's own errors have none
                raise _unreadable(error) from error
            raise ExchangeError("It is damaged and cannot be unpacked.") from error
        if len(data) > MAX_FILE:
            raise ExchangeError(f"It unpacks to more than {MAX_FILE // 2**20} MB.")
        return data


def _opened_zip(path: Path) -> zipfile.ZipFile:
    try:
        with readable(path):
            return zipfile.ZipFile(path)
    except UNPACKING_ERRORS as error:
        raise ExchangeError(f"{path.name} is damaged: it is no readable zip file.") from error


def _entries(files: _Folder | _Archive | _Picture, people_from: PeopleFrom) -> Iterator[Entry]:
    tables = {str(PurePosixPath(name).parent): name for name in files.names if PurePosixPath(name).name == TABLE}
    known = {folder: _table(files, name) for folder, name in tables.items() if not files.problem(name)}
    for name in files.names:
        if name in tables.values() and not files.problem(name):
            continue
        problem = files.problem(name)
        if not problem and name.lower().endswith(".zip"):
            problem = "It is a zip inside: unpack it and import it by itself."
        if problem:
            yield Entry(name, bytes, problem=problem)
            continue

        def read(name: str = name) -> bytes:
            return files.read(name)

        row = _row_of(PurePosixPath(name), known)
        yield _from_table(name, read, row) if row is not None else _from_path(name, read, people_from)


def _table(files: _Folder | _Archive | _Picture, name: str) -> dict[str, Row]:
    try:
        data = files.read(name)
    except ExchangeError as error:
        raise ExchangeError(f"{name}: {error}") from error
    return read_table(data, name)


def _row_of(path: PurePosixPath, known: dict[str, dict[str, Row]]) -> Row | None:
    for folder in path.parents:
        table = known.get(str(folder))
        if table is not None:
            return table.get(str(path.relative_to(folder)))
    return None


def _from_table(name: str, read: Callable[[], bytes], row: Row) -> Entry:
    try:
        check_row(row)
        return Entry(
            name,
            read,
            text_in(row, "label"),
            from_table=True,
            subject=text_in(row, "subject"),
            session=text_in(row, "session"),
            source=text_in(row, "source"),
            box=box_in(text_in(row, "box")),
            points=face_points_in(text_in(row, "points")),
            created=time_in(text_in(row, "time")),
            answer=answer_in(text_in(row, "answer")),
        )
    except BadRow as error:
        return Entry(name, read, problem=f"Its row in {TABLE} is wrong: {error}")


def _from_path(name: str, read: Callable[[], bytes], people_from: PeopleFrom) -> Entry:
    folder, person = label_and_person(name, people_from)
    if folder in ANSWER_FOLDERS:
        return Entry(name, read, subject=person, answer=ANSWER_FOLDERS[folder])
    return Entry(name, read, label=folder, subject=person)


def _wanted(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    hidden = any(part.startswith(".") and part not in (".", "..") for part in parts)
    return not (hidden or "__MACOSX" in parts or parts[-1].lower() in QUIET)


def _read_file(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if size > MAX_FILE:
            raise ExchangeError(f"It has {size / 2**20:,.0f} MB; at most {MAX_FILE // 2**20} are taken.")
        return path.read_bytes()
    except OSError as error:
        raise _unreadable(error) from error


def _unreadable(error: OSError) -> ExchangeError:
    return ExchangeError(f"It cannot be read ({error.strerror or error}).")
