"""Routes that show the data set: pages of the gallery, the review queue, single images."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from labeling.gallery import Order
from webapp.actions.heat_actions import explain_image
from webapp.routes.data_models import ImageIds, Number
from webapp.routes.errors_route import ERROR_ANSWERS, ErrorRoute
from webapp.routes.file_bodies import file_answer
from webapp.routes.gallery_models import (
    GalleryPageQuery,
    GalleryQuery,
    HistoryEntry,
    ImageHeat,
    ListedImage,
    ListedImages,
    ReviewQueue,
    history_entry,
    listed_image,
    listed_images,
    media_type,
)
from webapp.shown_heat import heat_map_of, heat_of
from webapp.studio import Studio

IMAGE = file_answer("image/jpeg", "image/png")


def router(studio: Studio) -> APIRouter:
    """`/mien/api/data/gallery`, `/queue` and `/images/…`."""
    routes = APIRouter(prefix="/mien/api/data", route_class=ErrorRoute, responses=ERROR_ANSWERS)
    store = studio.store

    @routes.get("/gallery")
    def gallery(asked: Annotated[GalleryPageQuery, Query()]) -> ListedImages:
        return listed_images(store.gallery.page(asked.filter(), asked.page, asked.size))

    @routes.get("/gallery/ids")
    def gallery_ids(asked: Annotated[GalleryQuery, Query()]) -> ImageIds:
        return ImageIds(ids=store.gallery.ids(asked.filter()))

    @routes.get("/queue")
    def queue(order: Order = "uncertain", limit: Number = 12, skip: Number = 0) -> ReviewQueue:
        unasked = waiting()  # first, so that with none left every item has its suggestion
        found = store.gallery.queue(order, max(1, min(limit, 100)), skip)
        return ReviewQueue(total=found.total, items=[listed_image(item) for item in found.items], waiting=unasked)

    def waiting() -> int:
        """Images that the active version is yet to be asked about; none where it cannot be used, since nobody asks."""
        number = studio.predictor.number
        return store.suggestions.left(number) if number == store.settings.active_version() else 0

    @routes.get("/images/{image_id}", response_class=Response, responses=IMAGE)
    def image(image_id: Number) -> Response:
        data = store.images.data(image_id)
        return Response(data, media_type=media_type(data))

    @routes.get("/images/{image_id}/thumbnail", response_class=Response, responses=IMAGE)
    def thumbnail(image_id: Number) -> Response:
        data = store.gallery.thumbnail(image_id)
        return Response(data, media_type=media_type(data))

    @routes.get("/images/{image_id}/listed")
    def listed(image_id: Number) -> ListedImage:
        return listed_image(store.gallery.item(image_id))

    @routes.get("/images/{image_id}/history")
    def history(image_id: Number) -> list[HistoryEntry]:
        return [history_entry(answer) for answer in store.annotations.history(image_id)]

    @routes.get("/images/{image_id}/heat")
    def heat(image_id: Number) -> ImageHeat:
        """What the version in use takes the image's face for, and why."""
        predictor = studio.predictor
        heat_map, no_heat = heat_map_of(predictor)
        face, width, height = explain_image(store, predictor, heat_map, image_id)
        return ImageHeat(
            version=predictor.number,
            label=face.label,
            certainty=round(face.probabilities[face.label], 4),
            doubt=face.doubt,
            heat=heat_of(face, width, height),
            no_heat=no_heat,
        )

    return routes
