"""Routes that the page's own scripts call: what is active, what faces a picture has, and what one is."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.concurrency import run_in_threadpool

from models.predictor import Face
from webapp.actions.predict_actions import name_faces, name_largest_face
from webapp.actions.teach_actions import teach_face
from webapp.label_colors import label_colors, teachable
from webapp.named_face import in_fractions
from webapp.routes.errors_route import ERROR_ANSWERS, ErrorRoute
from webapp.routes.file_bodies import FILE_BODY, read_file
from webapp.routes.predict_models import ComparedFace, PictureFace, PictureFaces, Status, TaughtPicture
from webapp.shown_heat import heat_map_of, heat_of
from webapp.studio import Studio

MAX_PICTURE = 32 * 2**20

Fraction = Annotated[float, Query(ge=-1, le=2, allow_inf_nan=False)]
"""Of a picture's width or height; a face's box may reach over the edge."""


def router(studio: Studio) -> APIRouter:
    """`GET /mien/api/status`, `POST /mien/api/predict`, `/teach` and `/compare/…`."""
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
    async def predict(request: Request, heat: bool = False) -> PictureFaces:
        """The body is a picture; with `heat` its faces show what spoke for their labels."""
        return await run_in_threadpool(picture_faces, studio, await read_file(request, MAX_PICTURE), heat=heat)

    @routes.post("/teach", openapi_extra=FILE_BODY)
    async def teach(
        request: Request, label: str, left: Fraction, top: Fraction, width: Fraction, height: Fraction
    ) -> TaughtPicture:
        """The body is a picture; its face in that place, in fractions of it as `/predict` says, is really `label`."""
        picture = await read_file(request, MAX_PICTURE)
        taught = await run_in_threadpool(teach_face, studio, picture, (left, top, width, height), label)
        added = taught.added
        return TaughtPicture(image=added.image_id, state=added.state, label=label, guess=taught.guess)

    @routes.post("/compare/{number}/{other}", openapi_extra=FILE_BODY)
    async def compare(number: int, other: int, request: Request) -> ComparedFace:
        """The body is a picture, a camera's frame; two versions name its largest face."""
        return await run_in_threadpool(compared_face, studio, (number, other), await read_file(request, MAX_PICTURE))

    return routes


def compared_face(studio: Studio, numbers: Sequence[int], picture: bytes) -> ComparedFace:
    """The largest face of a picture, as each of these versions names it.

    Raises:
        BadVersion: one of them is missing or cannot be used.
        BadImage: the bytes are no usable picture.
    """
    studio.live_is_seen()
    width, height, faces = name_largest_face([studio.predictor_of(number) for number in numbers], picture)
    return ComparedFace(answers=[in_fractions(face, width, height) for face in faces])


def picture_faces(studio: Studio, picture: bytes, *, heat: bool = False) -> PictureFaces:
    """The faces of a picture, as the version in use names them; with `heat`, what spoke for their labels too.

    Raises:
        BadImage: the bytes are no usable picture.
    """
    started = time.perf_counter()
    predictor = studio.predictor
    heat_map, no_heat = heat_map_of(predictor) if heat else (None, "")
    named = name_faces(predictor, picture, heat_map=heat_map)
    return PictureFaces(
        version=predictor.number,
        labels=label_colors(studio.store, predictor.labels),
        width=named.width,
        height=named.height,
        faces=[_picture_face(face, named.width, named.height) for face in named.faces],
        no_heat=no_heat,
        ms=round((time.perf_counter() - started) * 1000, 1),
    )


def _picture_face(face: Face, width: int, height: int) -> PictureFace:
    return PictureFace(heat=heat_of(face, width, height), **dict(in_fractions(face, width, height)))
