"""The changes of the label set."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from webapp.workspace import Workspace


def add_label(workspace: Workspace, name: str, color: str | None = None, key: str | None = None) -> None:
    """Add a label of one's own; it gets the first free colour and key unless they are given.

    Raises:
        LabelError: the name cannot be used or is taken, or the colour or the key is none.
    """
    workspace.store.labels.add(name, color, key)


def rename_label(workspace: Workspace, name: str, to: str) -> None:
    """Raises LabelError: no such label, a built-in one, or a name that cannot be used or is taken."""
    workspace.store.labels.rename(name, to)


def change_label(
    workspace: Workspace, name: str, color: str | None = None, key: str | None = None, enabled: bool | None = None
) -> None:
    """Change what is given of a label: its colour, its key, whether it can be given and is trained on.

    Raises:
        LabelError: there is no such label, or the colour or the key is none.
    """
    workspace.store.labels.change(name, color=color, key=key, enabled=enabled)


def order_labels(workspace: Workspace, names: Sequence[str]) -> None:
    """Put the labels into this order. Raises LabelError where one is missing or none."""
    workspace.store.labels.reorder(names)


def merge_labels(workspace: Workspace, name: str, into: str) -> str:
    """Give the images of one label to another one and remove the first; the id that takes it back.

    Raises:
        LabelError: there is no such label, or the two are one.
    """
    return workspace.store.removals.merge(name, into)


def remove_label(
    workspace: Workspace, name: str, images: Literal["unlabel", "delete", "move"] = "unlabel", into: str = ""
) -> str:
    """Remove a label of one's own; the id that takes it back. Its images lose their label, go to the trash, or move to
    the label `into`.

    Raises:
        LabelError: no such label, or a built-in one.
    """
    target = into if images == "move" else None
    return workspace.store.removals.remove(name, target, delete_images=images == "delete")
