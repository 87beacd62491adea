"""Routes that the page's own scripts call: what is active, and what faces a picture has."""

from __future__ import annotations

import time

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool

from models.pictures import decode
from webapp.label_colors import label_colors, teachable
from webapp.named_face import in_fractions
from webapp.routes.errors_route import ERROR_ANSWERS, ErrorRoute
from webapp.routes.file_bodies import FILE_BODY, read_file
from webapp.routes.predict_models import PictureFaces, Status
from webapp.studio import Studio

MAX_PICTURE = 32 * 2**20


def router(studio: Studio) -> APIRouter:
    """`GET /mien/api/status` and `POST /mien/api/predict`."""
    routes = APIRouter(prefix="/mien/api", route_class=ErrorRoute, responses=ERROR_ANSWERS)

    @routes.get("/status")
    def status() -> Status:
        predictor = studio.predictor
        return Status(
            version=predictor.number,
            labels=label_colors(studio.store, predictor.labels),
            teachable=teachable(studio.store),
            images=studio.store.images.count(),
            notice=studio.notice,
        )

    @routes.post("/predict", openapi_extra=FILE_BODY)
    async def predict(request: Request) -> PictureFaces:
        """The body is a picture."""
        return await run_in_threadpool(faces_of, studio, await read_file(request, MAX_PICTURE))

    return routes


def faces_of(studio: Studio, data: bytes) -> PictureFaces:
    """The faces of a picture.

    Raises:
        BadImage: the bytes are no usable picture.
    """
    started = time.perf_counter()
    rgb = decode(data)
    height, width = rgb.shape[:2]
    predictor = studio.predictor
    return PictureFaces(
        version=predictor.number,
        labels=label_colors(studio.store, predictor.labels),
        width=width,
        height=height,
        faces=[in_fractions(face, width, height) for face in predictor.faces(rgb)],
        ms=round((time.perf_counter() - started) * 1000, 1),
    )
