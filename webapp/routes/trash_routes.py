"""Routes of deletion: into the trash, what it holds, back out of it, and for good."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from labeling.deletion import KEPT_DAYS
from webapp.actions import image_actions
from webapp.routes.data_models import trash_summary
from webapp.routes.errors_route import ERROR_ANSWERS, ErrorRoute
from webapp.routes.trash_models import (
    Deleted,
    DeletionRequest,
    Purged,
    PurgeRequest,
    Restored,
    RestoreRequest,
    TrashPage,
    TrashQuery,
    in_trash,
)
from webapp.studio import Studio


def router(studio: Studio) -> APIRouter:
    """`/mien/api/data/delete`, `/trash`, `/restore` and `/purge`."""
    routes = APIRouter(prefix="/mien/api/data", route_class=ErrorRoute, responses=ERROR_ANSWERS)

    @routes.post("/delete")
    def delete(asked: DeletionRequest) -> Deleted:
        what = (asked.ids, asked.subject, asked.everything)
        if asked.for_good:
            return Deleted(ids=[], action="", purged=image_actions.delete_for_good(studio, *what))
        deletion = image_actions.delete_images(studio, *what)
        return Deleted(ids=deletion.images, action=deletion.action, purged=0)

    @routes.get("/trash")
    def trash(asked: Annotated[TrashQuery, Query()]) -> TrashPage:
        summary = trash_summary(studio.store.trash.figures())
        images = studio.store.trash.page(asked.page, asked.size)
        return TrashPage(**dict(summary), days=KEPT_DAYS, items=[in_trash(image) for image in images])

    @routes.post("/restore")
    def restore(asked: RestoreRequest) -> Restored:
        return Restored(restored=image_actions.restore_images(studio, asked.ids))

    @routes.post("/purge")
    def purge(asked: PurgeRequest) -> Purged:
        purged = image_actions.purge_images(studio, asked.ids, asked.until)
        return Purged(purged=purged, wiping=studio.store.deletion.wiping)

    return routes
