"""What an import or an export did: the counts, and by name what it had to leave out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from models.errors import MienError

SHOWN = 20

Progress = Callable[[int, int], object]
Cancelled = Callable[[], bool]


class ExchangeError(MienError):
    """This file or folder cannot be imported or exported; the message is a sentence for the user."""


@contextmanager
def readable(path: Path) -> Iterator[None]:
    """Raises ExchangeError where the operating system does not give what is read of `path` in the block."""
    try:
        yield
    except OSError as error:
        raise ExchangeError(f"{path} cannot be read: {error.strerror or error}.") from error


@dataclass(frozen=True)
class Refusal:
    """A file that was not taken, or an image that could not be given, and why."""

    name: str
    reason: str


@dataclass
class ImportReport:
    """What an import did. `several` counts faces of pictures with several: stored unlabelled, for a person to say."""

    added: int = 0
    already_there: int = 0
    several: int = 0
    refused: list[Refusal] = field(default_factory=list)
    cancelled: bool = False

    def __str__(self) -> str:
        lines = [f"{self.added} added, {self.already_there} already there, {len(self.refused)} refused"]
        if self.several:
            lines.append(f"{self.several} of them from pictures with several faces: unlabelled, review them")
        if self.cancelled:
            lines.append("cancelled: what was added stays; import again to go on")
        return "\n".join([*lines, *_as_lines(self.refused)])


@dataclass(frozen=True)
class ExportReport:
    """What an export did; `unreadable` names the images that the database does not give. Cancelled, it left no file."""

    written: int
    unreadable: list[Refusal] = field(default_factory=list)
    cancelled: bool = False

    def __str__(self) -> str:
        if self.cancelled:
            return "cancelled: nothing was written"
        done = f"{self.written} image{'' if self.written == 1 else 's'} written"
        if not self.unreadable:
            return done
        return "\n".join([f"{done}; {len(self.unreadable)} could not be read:", *_as_lines(self.unreadable)])


def _as_lines(refusals: list[Refusal]) -> list[str]:
    lines = [f"  {refusal.name}: {refusal.reason}" for refusal in refusals[:SHOWN]]
    return [*lines, f"  … and {len(refusals) - SHOWN} more"] if len(refusals) > SHOWN else lines
