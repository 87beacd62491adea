"""What a database's own errors mean for a person."""

from __future__ import annotations

from models.errors import MienError


class StoreError(MienError):
    """The database cannot do what was asked; the message is a sentence for the user, naming the file."""


def damaged(name: str) -> str:
    return (
        f"{name} is damaged or is no Mien database. Put a backup in its place (Mien keeps one beside it before each "
        "format change), or move it away and Mien starts an empty one."
    )


def sentence(name: str, message: str, sqlite: bool) -> str | None:
    """The sentence for what the database `name` says of itself; None where it is a fault of Mien's."""
    if not sqlite:
        lost = "connect" in message or "could not translate host" in message
        return f"The database {name} cannot be reached. Check DATABASE_URL and that it runs." if lost else None
    for sign, meaning in (
        (
            "disk is full",
            f"The disk is full: {name} could not grow, and nothing was changed. Free some space, try again.",
        ),
        (
            "readonly",
            f"{name} is read-only. Give yourself the right to write to it and its folder, or use another --home.",
        ),
        ("malformed", damaged(name)),
        ("not a database", damaged(name)),
        ("unable to open", f"{name} cannot be opened. Check that you may read and write it and its folder."),
        ("disk I/O error", f"{name} could not be read or written (disk error). Check the disk; nothing was changed."),
        (
            "is locked",
            f"{name} is in use by another program for too long. Close it and try again; nothing was changed.",
        ),
    ):
        if sign in message:
            return meaning
    return None
