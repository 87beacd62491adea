"""Routes of the label set: each change answers with the overview after it."""

from __future__ import annotations

from fastapi import APIRouter

from models.errors import MienError
from webapp.routes.data_models import OverviewFigures, overview_figures
from webapp.routes.errors_route import ERROR_ANSWERS, ErrorRoute
from webapp.routes.label_models import (
    LabelMerging,
    LabelOrder,
    LabelRemoval,
    LabelRenaming,
    LabelSettings,
    NewLabel,
)
from webapp.studio import Studio

CHANGES = "Labels can be added, renamed, set, ordered, merged and removed."


def router(studio: Studio) -> APIRouter:
    """Everything under `/mien/api/data/labels`."""
    routes = APIRouter(prefix="/mien/api/data/labels", route_class=ErrorRoute, responses=ERROR_ANSWERS)
    store = studio.store

    @routes.post("/add")
    def add(asked: NewLabel) -> OverviewFigures:
        store.labels.add(asked.name, asked.color, asked.key)
        return overview_figures(store.overview.figures())

    @routes.post("/rename")
    def rename(asked: LabelRenaming) -> OverviewFigures:
        store.labels.rename(asked.name, asked.to)
        return overview_figures(store.overview.figures())

    @routes.post("/set")
    def change(asked: LabelSettings) -> OverviewFigures:
        store.labels.change(asked.name, color=asked.color, key=asked.key, enabled=asked.enabled)
        return overview_figures(store.overview.figures())

    @routes.post("/order")
    def order(asked: LabelOrder) -> OverviewFigures:
        store.labels.reorder(asked.order)
        return overview_figures(store.overview.figures())

    @routes.post("/merge")
    def merge(asked: LabelMerging) -> OverviewFigures:
        store.labels.merge(asked.name, asked.to)
        return overview_figures(store.overview.figures())

    @routes.post("/remove")
    def remove(asked: LabelRemoval) -> OverviewFigures:
        into = asked.to if asked.images == "move" else None
        store.labels.remove(asked.name, into, delete_images=asked.images == "delete")
        return overview_figures(store.overview.figures())

    @routes.post("/{change}", include_in_schema=False)
    def unknown(change: str) -> None:
        raise MienError(CHANGES)

    return routes
