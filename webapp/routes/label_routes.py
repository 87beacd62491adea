"""Routes of the label set: each change answers with the overview after it."""

from __future__ import annotations

from typing import Any, Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field

from webapp.routes.data_routes import overview_json
from webapp.routes.errors_route import ErrorRoute
from webapp.studio import Studio


class LabelChange(BaseModel):
    """A change of the label set; which fields count depends on what is done."""

    name: str = ""
    to: str = ""
    color: str | None = None
    key: str | None = None
    enabled: bool | None = None
    images: Literal["unlabel", "delete", "move"] = "unlabel"
    order: list[str] = Field(default_factory=list)


def router(studio: Studio) -> APIRouter:
    """Everything under `/mien/api/data/labels`."""
    routes = APIRouter(prefix="/mien/api/data/labels", route_class=ErrorRoute)

    @routes.post("/{change}")
    def labels(change: str, asked: LabelChange) -> dict[str, Any]:
        change_labels(studio, change, asked)
        return overview_json(studio.store.overview.figures())

    return routes


def change_labels(studio: Studio, change: str, asked: LabelChange) -> None:
    """Does one change of the label set.

    Raises:
        ValueError: there is no such change, or it cannot be made; the message says why.
    """
    store = studio.store
    if change == "add":
        store.labels.add(asked.name, asked.color, asked.key)
    elif change == "rename":
        store.labels.rename(asked.name, asked.to)
    elif change == "set":
        store.labels.change(asked.name, color=asked.color, key=asked.key, enabled=asked.enabled)
    elif change == "order":
        store.labels.reorder(asked.order)
    elif change == "merge":
        store.labels.merge(asked.name, asked.to)
    elif change == "remove":
        store.labels.remove(asked.name, asked.to if asked.images == "move" else None, asked.images == "delete")
    else:
        raise ValueError("Labels can be added, renamed, set, ordered, merged and removed.")
