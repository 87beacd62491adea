"""Named Gradio endpoints for other programs: the data set by `gradio_client`.

client = Client("http://127.0.0.1:7860")
client.predict(image=handle_file("me.jpg"), label="wink", subject="Ada", api_name="/add_image")
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import gradio as gr
from pydantic import TypeAdapter, ValidationError

from labeling.gallery import GalleryFilter
from labeling.intake import add_picture
from labeling.reports import ExportReport
from models.errors import MienError
from webapp.routes.data_models import Number, overview_figures
from webapp.routes.gallery_models import listed_images
from webapp.routes.label_routes import CHANGES
from webapp.routes.predict_routes import faces_of
from webapp.studio import Studio

ID = TypeAdapter(Number)


@contextmanager
def plainly() -> Iterator[None]:
    """What cannot be done reaches the client as its reason."""
    try:
        yield
    except (MienError, KeyError, ValueError) as error:
        raise gr.Error(str(error.args[0]), print_exception=False) from error


def build(studio: Studio) -> None:
    """Adds the endpoints to the page being built."""
    for endpoint in (*answering(studio), *changing(studio)):
        gr.api(endpoint, api_name=endpoint.__name__)
    taking_files(studio)


def answering(studio: Studio) -> list[Callable[..., Any]]:
    """Endpoints about the data set that are called with plain values: those that list and those that label."""
    store = studio.store

    def label_image(image: int, label: str = "", kind: str = "label") -> str:
        """Label an image, or answer otherwise. The history is kept.

        Args:
            image: its id
            label: an existing label where kind is "label", else ""
            kind: "label", "skip", "not_a_face", or "clear" to take its label away
        Returns: the id of this action, for undo
        """
        with plainly():
            return store.annotations.annotate([_id(image)], label or None, kind)  # type: ignore[arg-type]

    def undo(action: str) -> list[int]:
        """Take back an action of label_image. Returns the ids of its images."""
        with plainly():
            return store.annotations.undo(action)

    def list_images(label: str = "", answer: str = "", page: int = 0, size: int = 60) -> dict[str, Any]:
        """List images, the newest first.

        Args:
            label: only those with this label, or ""
            answer: only "label", "skip", "not_a_face" or "none" (unlabelled), or ""
            page: from 0
            size: images a page, at most 500
        Returns: {"total": how many match, "items": [{"id", "label", "answer", "subject", "thumbnail", ...}]}
        """
        with plainly():
            found = store.gallery.page(GalleryFilter(label=label or None, answer=answer or None), _id(page), _id(size))
        return listed_images(found).model_dump(mode="json")

    def list_labels() -> dict[str, Any]:
        """Count the data set: its labels with colour, key and number of images, subjects, days, flags.

        Returns: {"total", "labelled", "labels": [{"name", "color", "key", "images", ...}], "subjects", ...}
        """
        return overview_figures(store.overview.figures()).model_dump(mode="json")

    return [label_image, undo, list_images, list_labels]


def changing(studio: Studio) -> list[Callable[..., Any]]:
    """Endpoints that delete images and change the label set."""
    store = studio.store

    def delete_images(images: list[int], subject: str = "") -> list[int]:
        """Delete images, or with `subject` all of that person. restore_images brings them back until Mien is stopped.

        Returns: the ids of what was deleted
        """
        if subject:
            return store.deletion.delete_where(subject=subject)
        with plainly():
            store.deletion.delete([_id(image) for image in images])
        return images

    def restore_images(images: list[int]) -> int:
        """Bring deleted images back. Returns how many."""
        with plainly():
            return store.deletion.restore([_id(image) for image in images])

    def change_label(change: str, name: str, to: str = "") -> list[str]:
        """Change the label set.

        Args:
            change: "add", "rename", "merge" or "remove"
            name: the label
            to: its new name, the label to merge it into, or, where it is removed, who gets its images
        Returns: the labels that can be given now
        """
        with plainly():
            if change == "add":
                store.labels.add(name)
            elif change == "rename":
                store.labels.rename(name, to)
            elif change == "merge":
                store.labels.merge(name, to)
            elif change == "remove":
                store.labels.remove(name, to or None)
            else:
                raise MienError(CHANGES)
        return [label.name for label in store.labels.list()]

    return [delete_images, restore_images, change_label]


def _id(number: object) -> int:
    """A whole number as a database knows it. Raises ValueError where it is none."""
    try:
        return ID.validate_python(number)
    except ValidationError as error:
        raise ValueError(f"“{str(number)[:40]}” is no number that an image or a page can have.") from error


def taking_files(studio: Studio) -> None:
    """Endpoints for files: they go through components, which take nothing but what the client has uploaded."""
    store = studio.store

    def predict(image: bytes) -> dict[str, Any]:
        """Name the expression of every face of a picture.

        Returns: {"version", "width", "height", "faces": [{"box" in fractions, "label", "probabilities"}], ...}
        """
        with plainly():
            return faces_of(studio, image or b"").model_dump(mode="json")

    def add_image(image: bytes, label: str, subject: str) -> list[dict[str, Any]]:
        """Add the faces of a picture to the data set. One face gets the label; several are stored unlabelled.

        Returns for each face its image id, and whether it was added or there already.
        """
        with plainly():
            added = add_picture(store, image or b"", label=label or None, subject=subject or None)
        return [{"image": face.image_id, "state": face.state} for face in added]

    def export_dataset() -> str:
        """Export the data set: a zip of one folder per label with metadata.csv. Fetch it within ten minutes."""
        transfer = studio.transfers.export("zip")
        if transfer.error or not transfer.file:
            raise gr.Error(transfer.error or "Images were deleted meanwhile. Export once more.", print_exception=False)
        if isinstance(transfer.report, ExportReport) and transfer.report.unreadable:
            gr.Warning(str(transfer.report))
        return str(transfer.folder / transfer.file)

    with gr.Row(visible=False):
        image = gr.File(label="image", type="binary")
        label, subject = gr.Textbox("", label="label"), gr.Textbox("", label="subject")
        faces, exported = gr.JSON(label="faces"), gr.File(label="zip")
        for endpoint, takes, gives in (
            (predict, [image], faces),
            (add_image, [image, label, subject], faces),
            (export_dataset, [], exported),
        ):
            gr.Button().click(endpoint, takes, gives, api_name=endpoint.__name__, api_description=endpoint.__doc__)
