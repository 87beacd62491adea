"""Routes that show the data set: pages of the gallery, the review queue, single images."""

from __future__ import annotations

import base64
from dataclasses import asdict
from datetime import datetime, timedelta, timezone
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from labeling.gallery import GalleryFilter, GalleryItem, Order
from labeling.intake import suggest_some
from webapp.routes.data_routes import Number
from webapp.routes.errors_route import ErrorRoute
from webapp.studio import Studio


def router(studio: Studio) -> APIRouter:
    """`/mien/api/data/gallery`, `/queue`, `/suggest` and `/images/…`."""
    routes = APIRouter(prefix="/mien/api/data", route_class=ErrorRoute)
    store = studio.store

    @routes.get("/gallery")
    def gallery(request: Request, page: Number = 0, size: Number = 60) -> dict[str, Any]:
        found = store.gallery.page(filter_of(request), page, size)
        return {"total": found.total, "items": [item_json(item) for item in found.items]}

    @routes.get("/gallery/ids")
    def gallery_ids(request: Request) -> dict[str, Any]:
        return {"ids": store.gallery.ids(filter_of(request))}

    @routes.get("/queue")
    def queue(order: Order = "uncertain", limit: Number = 12, skip: Number = 0) -> dict[str, Any]:
        found = store.gallery.queue(order, max(1, min(limit, 100)), skip)
        return {"total": found.total, "items": [item_json(item) for item in found.items]}

    @routes.post("/suggest")
    def suggest() -> dict[str, int]:
        return {"left": suggest_some(store, studio.predictor)}

    @routes.get("/images/{image_id}")
    def image(image_id: Number) -> Response:
        return picture(store.images.data(image_id))

    @routes.get("/images/{image_id}/thumbnail")
    def thumbnail(image_id: Number) -> Response:
        return picture(store.gallery.item(image_id).thumbnail)

    @routes.get("/images/{image_id}/history")
    def history(image_id: Number) -> list[dict[str, Any]]:
        return [
            {**asdict(answer), "created": answer.created.isoformat()} for answer in store.annotations.history(image_id)
        ]

    return routes


def filter_of(request: Request) -> GalleryFilter:
    """The gallery's filter from a query string; `since` and `until` are days, both inclusive, in UTC.

    Raises:
        ValueError: a day is none.
    """
    asked = {name: value for name, value in request.query_params.items() if value}
    texts = {name: asked.get(name) for name in ("label", "answer", "source", "flag", "subject")}
    if "no_subject" in asked:
        texts["subject"] = ""
    since, until = _midnight(asked.get("since")), _midnight(asked.get("until"), days=1)
    return GalleryFilter(**texts, since=since, until=until)  # type: ignore[arg-type]


def _midnight(text: str | None, days: int = 0) -> datetime | None:
    """The start of the day `text`, or of one so many days later."""
    if text is None:
        return None
    try:
        return datetime.fromisoformat(text).replace(tzinfo=timezone.utc) + timedelta(days=days)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"“{text[:20]}” is no day that can be looked for; write one like 2026-03-14.") from error


def item_json(item: GalleryItem) -> dict[str, Any]:
    """A listed image; `thumbnail` is a data URI, so that a page of them is one answer."""
    kind = "png" if item.thumbnail[:4] == b"\x89PNG" else "jpeg"
    encoded = base64.b64encode(item.thumbnail).decode()
    fields = asdict(item) | {"created": item.created.isoformat(), "flags": list(item.flags)}
    return fields | {"thumbnail": f"data:image/{kind};base64,{encoded}"}


def picture(data: bytes) -> Response:
    """Image bytes."""
    return Response(data, media_type="image/png" if data[:4] == b"\x89PNG" else "image/jpeg")
