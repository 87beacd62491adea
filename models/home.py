"""Where Mien keeps what it makes: one folder with the data set and the versions, for its owner's eyes only."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_data_path

from models.errors import disk_error


@dataclass(frozen=True)
class Home:
    """One folder of Mien's; `DATABASE_URL` in the environment moves the data set elsewhere."""

    path: Path

    @property
    def database_url(self) -> str:
        return os.environ.get("DATABASE_URL") or f"sqlite:///{self.path / 'mien.db'}"

    @property
    def versions(self) -> Path:
        return self.path / "versions"

    @property
    def web(self) -> Path:
        """The web kit that the Live tab runs in the browser, once it is installed."""
        return self.path / "web"

    @property
    def temporary(self) -> Path:
        """The folder of all temporary files; see `models.temporary`."""
        return self.path / "temporary"

    @property
    def training_log(self) -> Path:
        return self.path / "training.log"

    @property
    def training_lock(self) -> Path:
        """A file that a training process holds locked for as long as it lives."""
        return self.path / "training.lock"

    @property
    def live(self) -> Path:
        """A file that is touched every second while someone looks at the live view."""
        return self.path / "live"


def open_home(path: Path | None = None) -> Home:
    """The home at `path`, else at `MIEN_HOME`, else in the platform's user data folder; made if it is missing.

    From then on only its owner can read it, whatever its files' modes were.

    Raises:
        DiskError: the folder cannot be made or written.
    """
    home = Home((path or default_home()).expanduser().resolve())
    try:
        home.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        home.versions.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise disk_error(error, f"{home.path} cannot be Mien's folder") from error
    for own in _everything(home):
        make_private(own)
    return home


def default_home() -> Path:
    """Where Mien's folder is if nobody says otherwise."""
    return Path(os.environ["MIEN_HOME"]) if os.environ.get("MIEN_HOME") else user_data_path("mien", False)


def make_private(path: Path) -> None:
    """Takes from everyone but its owner the right to read a file or folder; a link, or what is not ours, stays."""
    with suppress(OSError):
        mode = path.lstat().st_mode
        shared_by_all = bool(mode & stat.S_ISVTX)  # such as /tmp, which is not Mien's to close
        if mode & 0o077 and not stat.S_ISLNK(mode) and not shared_by_all:
            path.chmod(stat.S_IMODE(mode) & 0o700)


def _everything(home: Home) -> Iterator[Path]:
    """The home and what Mien keeps in it, but for the database, which `labeling.database` looks after."""
    yield from (home.path, home.temporary, home.training_log, home.training_lock, home.live)
    for folder, _, files in os.walk(home.versions):
        yield Path(folder)
        yield from (Path(folder, name) for name in files)
