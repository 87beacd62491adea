"""What is done with images of the data set: add, annotate, delete, restore, purge."""

from __future__ import annotations

from collections.abc import Sequence

from labeling import intake
from labeling.annotations import Kind
from labeling.people import PersonOfImages
from labeling.stored_faces import Added
from models.errors import MienError
from webapp.studio import Studio
from webapp.workspace import Workspace


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


def undo(workspace: Workspace, action: str) -> list[int]:
    """Take back what `annotate` gave this id; its images have the answers again that they had before."""
    return workspace.store.annotations.undo(action)


def delete_images(
    workspace: Workspace, images: Sequence[int] | None = None, subject: str | None = None, everything: bool = False
) -> list[int]:
    """Delete these images, else all of a subject, else everything; the ids. `restore_images` brings them back until
    they are purged.

    Raises:
        MienError: nothing of that is given.
    """
    if images is not None:
        workspace.store.deletion.delete(images)
        return list(images)
    if subject is None and not everything:
        raise MienError("Say what to delete: ids, a subject, or everything.")
    return workspace.store.deletion.delete_where(subject=subject)


def restore_images(workspace: Workspace, images: Sequence[int]) -> int:
    """Bring deleted images back; how many."""
    return workspace.store.deletion.restore(images)


def purge_images(studio: Studio, images: Sequence[int]) -> int:
    """Remove deleted images for good, with every copy of any image in temporary files; how many."""
    purged = studio.store.deletion.purge(images)
    studio.discard_copies()
    return purged
