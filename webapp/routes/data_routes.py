"""Routes of the data set: its figures, and what is answered about images and done to them."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError

from models.errors import MienError
from webapp.routes.data_models import (
    AnnotationDone,
    AnnotationRequest,
    DeletionRequest,
    ImageIds,
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
    """`/mien/api/data/overview`, `/annotate`, `/undo`, `/delete`, `/restore` and `/purge`."""
    routes = APIRouter(prefix="/mien/api/data", route_class=ErrorRoute, responses=ERROR_ANSWERS)
    store = studio.store

    @routes.get("/overview")
    def overview() -> OverviewFigures:
        return overview_figures(store.overview.figures())

    @routes.post("/annotate")
    def annotate(asked: AnnotationRequest) -> AnnotationDone:
        return AnnotationDone(action=store.annotations.annotate(asked.ids, asked.label, asked.kind))

    @routes.post("/undo")
    def undo(asked: UndoRequest) -> ImageIds:
        return ImageIds(ids=store.annotations.undo(asked.action))

    @routes.post("/delete")
    def delete(asked: DeletionRequest) -> ImageIds:
        if asked.ids is not None:
            store.deletion.delete(asked.ids)
            return ImageIds(ids=asked.ids)
        if asked.subject is None and not asked.everything:
            raise MienError("Say what to delete: ids, a subject, or everything.")
        return ImageIds(ids=store.deletion.delete_where(subject=asked.subject))

    @routes.post("/restore")
    def restore(images: ImageIds) -> Restored:
        return Restored(restored=store.deletion.restore(images.ids))

    @routes.post("/purge", openapi_extra=BEACON)
    async def purge(request: Request) -> Purged:
        """A page that is left sends this as a beacon, whose type is text."""
        images = _image_ids(await request.body())
        purged = await run_in_threadpool(studio.purge, images.ids)
        return Purged(purged=purged, wiping=store.deletion.wiping)

    return routes


def _image_ids(body: bytes) -> ImageIds:
    try:
        return ImageIds.model_validate_json(body)
    except ValidationError as error:
        raise RequestValidationError([{**each, "loc": ("body", *each["loc"])} for each in error.errors()]) from error
