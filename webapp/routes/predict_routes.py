"""Routes that the page's own scripts call: what is active, and what faces a picture has."""

from __future__ import annotations

import time
from typing import Any

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse

from models.pictures import BadImage, decode
from webapp.label_colors import label_colors, teachable
from webapp.studio import Studio

MAX_PICTURE = 32 * 2**20


def router(studio: Studio) -> APIRouter:
    """`GET /mien/api/status` and `POST /mien/api/predict` (the picture is the body)."""
    routes = APIRouter(prefix="/mien/api")

    @routes.get("/status")
    def status() -> dict[str, Any]:
        predictor = studio.predictor
        return {
            "version": predictor.number,
            "labels": [vars(color) for color in label_colors(studio.store, predictor.labels)],
            "teachable": [vars(color) for color in teachable(studio.store)],
            "images": studio.store.images.count(),
            "notice": studio.notice,
        }

    @routes.post("/predict")
    async def predict(request: Request) -> JSONResponse:
        data = bytearray()
        async for chunk in request.stream():
            data += chunk
            if len(data) > MAX_PICTURE:
                return _refusal(f"This file is larger than {MAX_PICTURE // 2**20} MB.", 413)
        try:
            return JSONResponse(await run_in_threadpool(faces_of, studio, bytes(data)))
        except BadImage as error:
            return _refusal(str(error), 422)

    return routes


def faces_of(studio: Studio, data: bytes) -> dict[str, Any]:
    """The faces of a picture as JSON: size, and for each face its box in fractions, label and probabilities.

    Raises:
        BadImage: the bytes are no usable picture.
    """
    started = time.perf_counter()
    rgb = decode(data)
    height, width = rgb.shape[:2]
    predictor = studio.predictor
    faces = [
        {
            "box": [face.box.x / width, face.box.y / height, face.box.width / width, face.box.height / height],
            "label": face.label,
            "probabilities": {name: round(p, 4) for name, p in face.probabilities.items()},
        }
        for face in predictor.faces(rgb)
        if face.box is not None
    ]
    return {
        "version": predictor.number,
        "labels": [vars(color) for color in label_colors(studio.store, predictor.labels)],
        "width": width,
        "height": height,
        "ms": round((time.perf_counter() - started) * 1000, 1),
        "faces": faces,
    }


def _refusal(reason: str, status: int) -> JSONResponse:
    return JSONResponse({"error": reason}, status)
