"""The web kit's code with what npm adds to it, in the home, so that the Live tab can run the model in the browser.

`mien web --install` puts it there: the kit's module, and of ONNX Runtime what browsers load. The networks are not in
it: they come from the version that is asked for, so that Retrain reaches who looks.
"""

from __future__ import annotations

import hashlib
import json
import re
import shlex
import shutil
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from filelock import FileLock

from models.errors import MienError, disk_error
from models.home import Home, default_home
from models.temporary import TemporaryFolder
from training.export.web_kit import web_sources

CODE = ("mien.js", "core/", "runtime/")
"""What a page that imports the module loads: the kit's own page is not needed."""
LISTED = "installed.json"
"""The kit that it was made of, and its files by name: nothing else in the folder is served."""
SITE_FILES = 'import("./scripts/site.js").then(async (kit) => console.log(JSON.stringify([...await kit.siteFiles()])))'
"""For Node: the kit's own list of its files, as [address, path]."""
LINES = 4
"""Of what a program says when it fails: npm begins with the cause, and ends with help."""
NPM_ERROR = re.compile(r"npm (?:error|ERR!) *(.*)")
GET_NODE = "Install Node.js 20 or newer, which npm comes with (https://nodejs.org), then run this again."
INSTALL = "mien web --install"


@dataclass(frozen=True)
class InstalledKit:
    """A kit in the home that fits this Mien: its folder, and each file's size in bytes by its name ("core/crop.js")."""

    folder: Path
    files: dict[str, int]

    @property
    def bytes(self) -> int:
        return sum(self.files.values())


def installed_kit(home: Home) -> InstalledKit | None:
    """The kit that is installed; None where there is none, or one of another Mien."""
    try:
        listed = json.loads((home.web / LISTED).read_bytes())
        if listed["kit"] != _fingerprint():
            return None
        return InstalledKit(home.web, {str(name): int(size) for name, size in listed["files"].items()})
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def install_command(home: Home) -> str:
    """What to type where the server runs."""
    usual = default_home().expanduser().resolve()
    return INSTALL if home.path == usual else f"{INSTALL} --home {shlex.quote(str(home.path))}"


def install_kit(home: Home, tell: Callable[[str], None]) -> InstalledKit:
    """Put the kit into the home with what `npm ci` gets for it, in place of one that is there; whole or not at all.

    `tell` hears what is being done.

    Raises:
        MienError: there is no npm, or it fails.
        DiskError: the home cannot be written.
    """
    node, npm = _program("node"), _program("npm")
    with TemporaryFolder(home) as temporary:
        made, whole = temporary.path / "kit", temporary.path / "whole"
        try:
            for inside, data in web_sources():
                (made / inside).parent.mkdir(parents=True, exist_ok=True)
                (made / inside).write_bytes(data)
            (made / "models").mkdir()  # where the kit's list of its files looks for them
            tell("npm gets ONNX Runtime for the browser …")
            _run([npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], made)
            tell("Putting it into place …")
            sizes = _lay_out(json.loads(_run([node, "-e", SITE_FILES], made)), whole)
            _put_in_place(whole, home.web, temporary.path / "old")
        except OSError as error:
            raise disk_error(error, f"The web kit cannot be put into {home.path}") from error
    return InstalledKit(home.web, sizes)


def _program(name: str) -> str:
    """Where Node.js's program is: on Windows it may be a `.cmd`, which only its whole path starts."""
    path = shutil.which(name)
    if path is None:
        raise MienError(f"Running the model in the browser needs {name}, and there is none on the PATH. {GET_NODE}")
    return path


def _run(command: Sequence[str], folder: Path) -> str:
    """What a program prints. Raises MienError with what it says where it fails."""
    done = subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8")
    if done.returncode:
        said = _reason(done.stderr or done.stdout) or f"status {done.returncode}"
        raise MienError(f"{Path(command[0]).stem} failed, so nothing was installed. It said: {said}")
    return done.stdout


def _reason(said: str) -> str:
    """The lines that say why, in one."""
    lines = NPM_ERROR.findall(said) or said.splitlines()
    return " / ".join([line.strip() for line in lines if line.strip()][:LINES])


def _lay_out(site: Sequence[tuple[str, str]], whole: Path) -> dict[str, int]:
    """Move what the page loads, of the kit's list of (address, file), to `whole`, with a list of what is there."""
    sizes = {}
    for name, file in site:
        if name.startswith(CODE):
            target = whole / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(file, target)
            sizes[name] = target.stat().st_size
    (whole / LISTED).write_text(json.dumps({"kit": _fingerprint(), "files": sizes}), "utf-8")
    return sizes


def _put_in_place(whole: Path, place: Path, old: Path) -> None:
    with FileLock(place.with_suffix(".lock"), mode=0o600):
        if place.exists():
            place.rename(old)
        try:
            whole.rename(place)
        except OSError:
            if old.exists():
                old.rename(place)
            raise


@cache
def _fingerprint() -> str:
    """Of the kit's code in this Mien."""
    digest = hashlib.sha256()
    for inside, data in web_sources():
        digest.update(inside.encode() + b"\0" + data)
    return digest.hexdigest()
