"""Named Gradio endpoints for other programs: the data set by `gradio_client`.

client = Client("http://127.0.0.1:7860")
client.predict(image=handle_file("me.jpg"), label="wink", subject="Ada", api_name="/add_image")
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import gradio as gr
from pydantic import JsonValue, TypeAdapter, ValidationError

from labeling.annotations import Kind
from labeling.gallery import GalleryFilter
from labeling.reports import ExportReport
from models.errors import MienError
from webapp.actions import image_actions, label_actions
from webapp.page.endpoint_errors import translating_errors
from webapp.routes.data_models import Number, overview_figures
from webapp.routes.gallery_models import listed_images
from webapp.routes.label_routes import CHANGES
from webapp.routes.predict_routes import picture_faces
from webapp.routes.transfer_models import uploaded_faces
from webapp.studio import Studio

NUMBERS = TypeAdapter(list[Number])


def build(studio: Studio) -> None:
    """Adds the endpoints to the page being built."""
    for endpoint in (*answering(studio), *changing(studio)):
        gr.api(translating_errors(endpoint), api_name=endpoint.__name__)
    file_endpoints(studio)


def answering(studio: Studio) -> list[Callable[..., Any]]:
    """Endpoints about the data set that are called with plain values: those that list and those that label."""

    def label_image(image: int, label: str = "", kind: str = "label") -> str:
        """Label an image, or answer otherwise. The history is kept.

        Args:
            image: its id
            label: an existing label where kind is "label", else ""
            kind: "label", "skip", "not_a_face", or "clear" to take its label away
        Returns: the id of this action, for undo
        """
        return image_actions.annotate(studio, _numbers([image]), label or None, cast("Kind", kind))

    def undo(action: str) -> list[int]:
        """Take back an action of label_image. Returns the ids of its images."""
        return image_actions.undo(studio, action).images

    def list_images(label: str = "", answer: str = "", page: int = 0, size: int = 60) -> dict[str, JsonValue]:
        """List images, the newest first.

        Args:
            label: only those with this label, or ""
            answer: only "label", "skip", "not_a_face" or "none" (unlabelled), or ""
            page: from 0
            size: images a page, at most 500
        Returns: {"total": how many match, "items": [{"id", "label", "answer", "subject", "thumbnail", ...}]}
        """
        page, size = _numbers([page, size])
        found = studio.store.gallery.page(GalleryFilter(label=label or None, answer=answer or None), page, size)
        return listed_images(found).model_dump(mode="json")

    def list_labels() -> dict[str, JsonValue]:
        """Count the data set: its labels with colour, key and number of images, subjects, days, flags.

        Returns: {"total", "labelled", "labels": [{"name", "color", "key", "images", ...}], "subjects", ...}
        """
        return overview_figures(studio.store).model_dump(mode="json")

    return [label_image, undo, list_images, list_labels]


def changing(studio: Studio) -> list[Callable[..., Any]]:
    """Endpoints that delete images and change the label set."""

    def delete_images(images: list[int], subject: str = "") -> list[int]:
        """Put images into the trash, or with `subject` all of that person. restore_images brings them back.

        Returns: the ids of what was put there
        """
        return image_actions.delete_images(studio, None if subject else _numbers(images), subject).images

    def restore_images(images: list[int]) -> int:
        """Take images out of the trash. Returns how many came back."""
        return image_actions.restore_images(studio, _numbers(images))

    def change_label(change: str, name: str, to: str = "") -> list[str]:
        """Change the label set.

        Args:
            change: "add", "rename", "merge" or "remove"
            name: the label
            to: its new name, the label to merge it into, or, where it is removed, who gets its images
        Returns: the labels that can be given now
        """
        if change == "add":
            label_actions.add_label(studio, name)
        elif change == "rename":
            label_actions.rename_label(studio, name, to)
        elif change == "merge":
            label_actions.merge_labels(studio, name, to)
        elif change == "remove":
            label_actions.remove_label(studio, name, "move" if to else "unlabel", to)
        else:
            raise MienError(CHANGES)
        return [label.name for label in studio.store.labels.list()]

    return [delete_images, restore_images, change_label]


def file_endpoints(studio: Studio) -> None:
    """Endpoints for files: they go through components, which take nothing but what the client has uploaded."""

    def predict(image: bytes) -> dict[str, JsonValue]:
        """Name the expression of every face of a picture.

        Returns: {"version", "width", "height", "faces": [{"box" in fractions, "label", "probabilities"}], ...}
        """
        return picture_faces(studio, image or b"").model_dump(mode="json")

    def add_image(image: bytes, label: str, subject: str) -> list[JsonValue]:
        """Add the faces of a picture to the data set. One face gets the label; several are stored unlabelled.

        Returns for each face its image id, and whether it was added or there already.
        """
        added = image_actions.add_picture(studio, image or b"", label, subject)
        return [face.model_dump(mode="json") for face in uploaded_faces(added)]

    def export_dataset() -> str:
        """Export the data set: a zip of one folder per label with metadata.csv. Fetch it within ten minutes."""
        transfer = studio.transfers.export("zip")
        if transfer.error or not transfer.file:
            raise MienError(transfer.error or "Images were deleted meanwhile. Export once more.")
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
            described = {"api_name": endpoint.__name__, "api_description": endpoint.__doc__}
            gr.Button().click(translating_errors(endpoint), takes, gives, **described)


def _numbers(values: object) -> list[int]:
    """Whole numbers as a database knows them. Raises MienError where one is none."""
    try:
        return NUMBERS.validate_python(values)
    except ValidationError as error:
        wrong = str(error.errors()[0]["input"])
        raise MienError(f"“{wrong[:40]}” is no number that an image or a page can have.") from error
