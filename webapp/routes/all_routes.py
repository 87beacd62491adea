"""The HTTP routes: each module of them has a `router(studio)`, and its request and response models beside it."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter

from webapp.routes import (
    data_routes,
    gallery_routes,
    label_routes,
    predict_routes,
    take_home_routes,
    training_routes,
    transfer_routes,
    trash_routes,
    web_kit_route,
)
from webapp.studio import Studio

MODULES = (
    *(predict_routes, data_routes, gallery_routes, label_routes, trash_routes, transfer_routes, training_routes),
    web_kit_route,
    take_home_routes,
)


def routers(studio: Studio) -> Sequence[APIRouter]:
    """Every route but the live socket's and those of the page's own files."""
    return [module.router(studio) for module in MODULES]
