"""Routes of the data set: its figures, and what is answered about images and done to them."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError

from labeling.people import PersonOfImages
from webapp.actions import image_actions
from webapp.routes.data_models import (
    AnnotationDone,
    AnnotationRequest,
    DeletionRequest,
    ImageIds,
    NamedImages,
    NamedPeople,
    OverviewFigures,
    Purged,
    Restored,
    UndoRequest,
    overview_figures,
)
from webapp.routes.errors_route import ERROR_ANSWERS, ErrorRoute
from webapp.studio import Studio

IMAGE_IDS = {"schema": {"$ref": "#/components/schemas/ImageIds"}}
BEACON = {"requestBody": {"required": True, "content": {"application/json": IMAGE_IDS, "text/plain": IMAGE_IDS}}}


def router(studio: Studio) -> APIRouter:
    """`/mien/api/data/overview`, `/annotate`, `/undo`, `/people`, `/delete`, `/restore` and `/purge`."""
    routes = APIRouter(prefix="/mien/api/data", route_class=ErrorRoute, responses=ERROR_ANSWERS)

    @routes.get("/overview")
    def overview() -> OverviewFigures:
        return overview_figures(studio.store.overview.figures())

    @routes.post("/annotate")
    def annotate(asked: AnnotationRequest) -> AnnotationDone:
        return AnnotationDone(action=image_actions.annotate(studio, asked.ids, asked.label, asked.kind))

    @routes.post("/undo")
    def undo(asked: UndoRequest) -> ImageIds:
        return ImageIds(ids=image_actions.undo(studio, asked.action))

    @routes.post("/people")
    def people(asked: NamedPeople) -> NamedPeople:
        named = [PersonOfImages(each.subject, each.ids) for each in asked.people]
        before = image_actions.name_people(studio, named)
        return NamedPeople(people=[NamedImages(ids=list(each.image_ids), subject=each.subject) for each in before])

    @routes.post("/delete")
    def delete(asked: DeletionRequest) -> ImageIds:
        return ImageIds(ids=image_actions.delete_images(studio, asked.ids, asked.subject, asked.everything))

    @routes.post("/restore")
    def restore(images: ImageIds) -> Restored:
        return Restored(restored=image_actions.restore_images(studio, images.ids))

    @routes.post("/purge", openapi_extra=BEACON)
    async def purge(request: Request) -> Purged:
        """A page that is left sends this as a beacon, whose type is text."""
        images = _image_ids(await request.body())
        purged = await run_in_threadpool(image_actions.purge_images, studio, images.ids)
        return Purged(purged=purged, wiping=studio.store.deletion.wiping)

    return routes


def _image_ids(body: bytes) -> ImageIds:
    try:
        return ImageIds.model_validate_json(body)
    except ValidationError as error:
        raise RequestValidationError([{**each, "loc": ("body", *each["loc"])} for each in error.errors()]) from error
