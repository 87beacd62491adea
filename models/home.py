"""Where Mien keeps what it makes: one folder with the data set and the versions."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_data_path


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
    def live(self) -> Path:
        """A file that is touched every second while someone looks at the live view."""
        return self.path / "live"


def open_home(path: Path | None = None) -> Home:
    """The home at `path`, else at `MIEN_HOME`, else in the platform's user data folder; made if it is missing.

    Raises:
        OSError: the folder cannot be made or written.
    """
    chosen = path or (Path(os.environ["MIEN_HOME"]) if os.environ.get("MIEN_HOME") else user_data_path("mien", False))
    home = Home(chosen.expanduser().resolve())
    home.versions.mkdir(parents=True, exist_ok=True)
    return home
