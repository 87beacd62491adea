"""Routes for taking a version home: what lies behind the three doors, and the zip of each."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import FileResponse
from starlette.background import BackgroundTask

from training.export.kit_zip import ProvedKit
from training.export.take_home import Door, DoorName
from webapp.actions import version_actions
from webapp.routes.errors_route import ERROR_ANSWERS, ErrorRoute
from webapp.routes.file_bodies import file_answer
from webapp.studio import Studio

ZIP = file_answer("application/zip")


def router(studio: Studio) -> APIRouter:
    """What a version's `take-home` is, and the zips, under `/mien/api/data/train/versions`.

    The header `x-mien-proof` of a zip has the proof of each model that was proved for it, as JSON.
    """
    routes = APIRouter(prefix="/mien/api/data/train/versions", route_class=ErrorRoute, responses=ERROR_ANSWERS)

    @routes.get("/{number}/take-home")
    def take_home(number: int) -> list[Door]:
        return version_actions.take_home(studio, number)

    @routes.post("/{number}/bundle", response_class=FileResponse, responses=ZIP)
    def bundle(number: int, palettize: bool = False, onnx: bool = False) -> FileResponse:
        def make(path: Path) -> ProvedKit:
            return version_actions.bundle_version(studio, number, path, palettize=palettize, onnx=onnx)

        return zip_answer(studio, number, "iphone", make)

    @routes.post("/{number}/web-kit", response_class=FileResponse, responses=ZIP)
    def web_kit(number: int) -> FileResponse:
        return zip_answer(studio, number, "web", lambda path: version_actions.web_kit(studio, number, path))

    @routes.post("/{number}/onnx-kit", response_class=FileResponse, responses=ZIP)
    def onnx_kit(number: int) -> FileResponse:
        return zip_answer(studio, number, "onnx", lambda path: version_actions.onnx_kit(studio, number, path))

    return routes


def zip_answer(studio: Studio, number: int, door: DoorName, make: Callable[[Path], ProvedKit]) -> FileResponse:
    """What `make` writes, which is deleted once it is sent."""
    path = studio.temporary.path / f"{uuid.uuid4().hex}.zip"
    try:
        made = make(path)
        name = version_actions.kit_name(studio.versions.get(number), door)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return FileResponse(
        path,
        media_type="application/zip",
        filename=name,
        headers={"x-mien-proof": json.dumps([proof.as_json() for proof in made.proofs])},
        background=BackgroundTask(path.unlink, missing_ok=True),
    )
