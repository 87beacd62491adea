"""Routes of the label set: each change answers with the overview after it."""

from __future__ import annotations

from fastapi import APIRouter

from models.errors import MienError
from webapp.actions import label_actions
from webapp.routes.data_models import OverviewFigures, overview_figures
from webapp.routes.errors_route import ERROR_ANSWERS, ErrorRoute
from webapp.routes.label_models import (
    LabelGone,
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

    def overview() -> OverviewFigures:
        return overview_figures(studio.store)

    @routes.post("/add")
    def add(asked: NewLabel) -> OverviewFigures:
        label_actions.add_label(studio, asked.name, asked.color, asked.key)
        return overview()

    @routes.post("/rename")
    def rename(asked: LabelRenaming) -> OverviewFigures:
        label_actions.rename_label(studio, asked.name, asked.to)
        return overview()

    @routes.post("/set")
    def change(asked: LabelSettings) -> OverviewFigures:
        label_actions.change_label(studio, asked.name, asked.color, asked.key, asked.enabled)
        return overview()

    @routes.post("/order")
    def order(asked: LabelOrder) -> OverviewFigures:
        label_actions.order_labels(studio, asked.order)
        return overview()

    @routes.post("/merge")
    def merge(asked: LabelMerging) -> LabelGone:
        action = label_actions.merge_labels(studio, asked.name, asked.to)
        return LabelGone(action=action, overview=overview())

    @routes.post("/remove")
    def remove(asked: LabelRemoval) -> LabelGone:
        action = label_actions.remove_label(studio, asked.name, asked.images, asked.to)
        return LabelGone(action=action, overview=overview())

    @routes.post("/{change}", include_in_schema=False)
    def unknown(change: str) -> None:
        raise MienError(CHANGES)

    return routes
