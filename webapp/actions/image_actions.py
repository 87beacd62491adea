"""What is done with images of the data set: add, annotate, delete, restore, purge."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from labeling import intake
from labeling.annotations import Kind
from labeling.deletion import Deletion
from labeling.people import PersonOfImages
from labeling.stored_faces import Added
from labeling.undoing import Undone
from models.errors import MienError, NotFound
from webapp.workspace import Workspace

NOTHING_THERE = "The trash is empty."
NONE_OF_THEM = "None of these images is in the trash any more: they were brought back, or removed for good."


def add_picture(
    workspace: Workspace, picture: bytes, label: str | None, subject: str | None, session: str | None = None
) -> list[Added]:
    """Add the faces of a picture to the data set. One face gets the label; several are stored without.

    Raises:
        BadImage: the bytes are no usable picture, or there is no face in it.
        LabelError: there is no such label.
    """
    return intake.add_picture(
        workspace.store, picture, label=label or None, subject=subject or None, session=session or None
    )


def annotate(workspace: Workspace, images: Sequence[int], label: str | None, kind: Kind = "label") -> str:
    """Give all of these images one answer; the id that takes it back.

    Raises:
        LabelError: there is no such label.
        MienError: `kind` is none, or a label is missing or given where there is none to give.
        NotFound: an image is not there; nothing is changed then.
    """
    return workspace.store.annotations.annotate(images, label, kind)


def name_people(workspace: Workspace, people: Sequence[PersonOfImages]) -> list[PersonOfImages]:
    """Say whose faces images show; who was named before, which takes it back.

    Raises:
        MienError: a name is too long or has control characters.
        NotFound: an image is not there; nothing is changed then.
    """
    return workspace.store.people.assign(people)


def undo(workspace: Workspace, action: str) -> Undone:
    """Take back what `annotate`, `delete_images` or a change of the label set gave this id.

    Raises:
        NotFound: it was taken back before, or its images are gone for good.
        LabelError: the label that it took away cannot come back, because another one has its name by now.
    """
    return workspace.store.undoing.undo(action)


def delete_images(
    workspace: Workspace, images: Sequence[int] | None = None, subject: str | None = None, everything: bool = False
) -> Deletion:
    """Put these images, else all of a subject, else everything into the trash.

    Raises:
        MienError: nothing of that is given.
    """
    if images is not None:
        return workspace.store.deletion.delete(images)
    return workspace.store.deletion.delete_where(subject=_asked(subject, everything))


def delete_for_good(
    workspace: Workspace, images: Sequence[int] | None = None, subject: str | None = None, everything: bool = False
) -> int:
    """Remove these images, else all of a subject, else everything, at once and from the trash too; how many.

    With them goes every copy of any image in temporary files.

    Raises:
        MienError: nothing of that is given.
    """
    if images is None:
        removed = workspace.store.deletion.delete_for_good(subject=_asked(subject, everything))
    else:
        removed = workspace.store.deletion.delete_for_good(images)
    workspace.discard_copies()
    return removed


def restore_images(workspace: Workspace, images: Sequence[int] | None = None) -> int:
    """Take these images, or all, out of the trash; how many came back.

    Raises:
        NotFound: none of them is in the trash.
    """
    restored = workspace.store.deletion.restore(images)
    if not restored:
        raise NotFound(NOTHING_THERE if images is None else NONE_OF_THEM)
    return restored


def purge_images(workspace: Workspace, images: Sequence[int] | None = None, until: datetime | None = None) -> int:
    """Remove from the trash for good: these images, or all that were there at `until`, or all; how many.

    With them goes every copy of any image in temporary files.

    Raises:
        NotFound: none of them is in the trash.
    """
    purged = workspace.store.deletion.purge(images, until)
    if not purged:
        raise NotFound(NOTHING_THERE if images is None else NONE_OF_THEM)
    workspace.discard_copies()
    return purged


def _asked(subject: str | None, everything: bool) -> str | None:
    """The subject; None for everything."""
    if subject is None and not everything:
        raise MienError("Say what to delete: ids, a subject, or everything.")
    return subject
