"""The web kit for the Live tab: whether it is installed, its files, and the networks of each version."""

from __future__ import annotations

import hashlib
from pathlib import PurePosixPath

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, Response

from models.errors import NotFound
from models.versions import MODEL
from models.yunet import yunet_model
from training.export.web_settings import CLASSIFIER, FINDER, WebLook, web_settings
from webapp.installed_web_kit import install_command, installed_kit
from webapp.label_colors import label_colors
from webapp.routes.errors_route import ERROR_ANSWERS, ErrorRoute
from webapp.routes.web_kit_models import BrowserModel
from webapp.studio import Studio

ADDRESS = "/mien/web"
MODULE = "mien.js"
SETTINGS = "mien.json"
TYPES = {
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".json": "application/json",
    ".onnx": "application/octet-stream",
    ".wasm": "application/wasm",
}
"""Media types; WebAssembly is compiled while it comes only where it is called by its name."""
CACHE = "private, no-cache"
"""Browsers keep it, and ask whether it is still the same."""


def router(studio: Studio) -> APIRouter:
    """`GET /mien/api/web`, `/mien/web/models/{number}/{name}` and `/mien/web/{name}`."""
    routes = APIRouter(route_class=ErrorRoute, responses=ERROR_ANSWERS)

    @routes.get("/mien/api/web")
    def browser_model() -> BrowserModel:
        number, installed = studio.predictor.number, installed_kit(studio.home)
        return BrowserModel(
            version=number,
            labels=label_colors(studio.store, studio.predictor.labels),
            module=f"{ADDRESS}/{MODULE}" if installed else "",
            models=f"{ADDRESS}/models/{number}/",
            install=install_command(studio.home),
        )

    @routes.get(ADDRESS + "/models/{number}/{name}", include_in_schema=False)
    def model_file(number: int, name: str, request: Request) -> Response:
        """In a folder of the version's own, so that what a browser loads together belongs together."""
        if installed_kit(studio.home) is None:
            raise NotFound("The web kit is not installed.")
        data = _model_file(studio, number, name)
        tag = _tag(data)
        return _unchanged(request, tag) or Response(data, media_type=_type_of(name), headers=_headers(tag))

    @routes.get(ADDRESS + "/{name:path}", include_in_schema=False)
    def code_file(name: str, request: Request) -> Response:
        kit = installed_kit(studio.home)
        if kit is None or name not in kit.files:
            raise NotFound("There is no such file in the web kit.")
        path = kit.folder / name
        tag = _tag(f"{path.stat().st_mtime_ns} {kit.files[name]}".encode())
        return _unchanged(request, tag) or FileResponse(path, media_type=_type_of(name), headers=_headers(tag))

    return routes


def _model_file(studio: Studio, number: int, name: str) -> bytes:
    """One of the three files of a version's folder.

    Raises:
        NotFound: there is no such file.
        BadVersion: there is no such version, or it is damaged.
    """
    if name == FINDER:
        return yunet_model()
    version = studio.versions.get(number)
    if name not in (CLASSIFIER, SETTINGS) or not (version.path / MODEL).is_file():
        raise NotFound("There is no such file in this version's folder.")
    classifier = (version.path / MODEL).read_bytes()
    if name == CLASSIFIER:
        return classifier
    colors = label_colors(studio.store, version.labels)
    looks = {each.name: WebLook(color=each.color, pattern=each.pattern) for each in colors}
    return web_settings(version, looks, classifier, yunet_model()).encode()


def _unchanged(request: Request, tag: str) -> Response | None:
    """The answer where the browser has it already."""
    return Response(status_code=304, headers=_headers(tag)) if request.headers.get("if-none-match") == tag else None


def _headers(tag: str) -> dict[str, str]:
    return {"etag": tag, "cache-control": CACHE}


def _tag(data: bytes) -> str:
    return f'"{hashlib.sha256(data).hexdigest()[:32]}"'


def _type_of(name: str) -> str:
    return TYPES[PurePosixPath(name).suffix]
