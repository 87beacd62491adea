"""Routes of the data set: what Collect and Review show and do. JSON in and out; an error is `{"error": "why"}`."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, timedelta, timezone
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from fastapi.routing import APIRoute
from pydantic import BaseModel, Field

from labeling.gallery import Order
from labeling.intake import suggest_some
from labeling.store import Filter, Item, Label, Overview
from webapp.failures import failed
from webapp.studio import Studio

MAX_IDS = 200_000
Number = Annotated[int, Field(ge=0, le=2**31 - 1)]
"""An id, a page or a count; a larger one is none, in SQLite and in PostgreSQL."""


class Ids(BaseModel):
    ids: list[Number] = Field(max_length=MAX_IDS)


class Answer(Ids):
    label: str | None = None
    kind: Literal["label", "skip", "not_a_face", "clear"] = "label"


class Action(BaseModel):
    action: str


class Deletion(BaseModel):
    """What to delete: these images, everything of a subject, or everything."""

    ids: list[Number] | None = Field(None, max_length=MAX_IDS)
    subject: str | None = None
    everything: bool = False


class LabelChange(BaseModel):
    """A change of the label set; which fields count depends on what is done."""

    name: str = ""
    to: str = ""
    color: str | None = None
    key: str | None = None
    enabled: bool | None = None
    images: Literal["unlabel", "delete", "move"] = "unlabel"
    order: list[str] = Field(default_factory=list)


class Plainly(APIRoute):
    """Says what went wrong as JSON."""

    def get_route_handler(self) -> Callable[[Request], Any]:
        handle = super().get_route_handler()

        async def handled(request: Request) -> Response:
            try:
                return await handle(request)
            except KeyError as error:
                return JSONResponse({"error": str(error.args[0])}, 404)
            except RequestValidationError as error:
                return JSONResponse({"error": _wrong_values(error)}, 422)
            except ValueError as error:
                return JSONResponse({"error": str(error)}, 422)
            except OSError as error:
                # Its own text would name a path.
                reason = f"{error.strerror}. " if error.strerror else ""
                return JSONResponse({"error": reason + failed("A request")}, 500)

        return handled


def router(studio: Studio) -> APIRouter:
    """Everything under `/mien/api/data`."""
    routes = APIRouter(prefix="/mien/api/data", route_class=Plainly)
    store = studio.store

    @routes.get("/overview")
    def overview() -> dict[str, Any]:
        return overview_json(store.overview())

    @routes.get("/gallery")
    def gallery(request: Request, page: Number = 0, size: Number = 60) -> dict[str, Any]:
        found = store.page(filter_of(request), page, size)
        return {"total": found.total, "items": [item_json(item) for item in found.items]}

    @routes.get("/gallery/ids")
    def gallery_ids(request: Request) -> dict[str, Any]:
        return {"ids": store.ids(filter_of(request))}

    @routes.get("/queue")
    def queue(order: Order = "uncertain", limit: Number = 12, skip: Number = 0) -> dict[str, Any]:
        found = store.queue(order, max(1, min(limit, 100)), skip)
        return {"total": found.total, "items": [item_json(item) for item in found.items]}

    @routes.post("/suggest")
    def suggest() -> dict[str, int]:
        return {"left": suggest_some(store, studio.predictor)}

    @routes.get("/images/{image_id}")
    def image(image_id: Number) -> Response:
        return picture(store.image(image_id))

    @routes.get("/images/{image_id}/thumbnail")
    def thumbnail(image_id: Number) -> Response:
        return picture(store.item(image_id).thumbnail)

    @routes.get("/images/{image_id}/history")
    def history(image_id: Number) -> list[dict[str, Any]]:
        return [{**asdict(answer), "created": answer.created.isoformat()} for answer in store.history(image_id)]

    @routes.post("/annotate")
    def annotate(answer: Answer) -> dict[str, Any]:
        return {"action": store.annotate(answer.ids, answer.label, answer.kind)}

    @routes.post("/undo")
    def undo(undone: Action) -> dict[str, Any]:
        return {"ids": store.undo(undone.action)}

    @routes.post("/delete")
    def delete(what: Deletion) -> dict[str, Any]:
        if what.ids is not None:
            store.delete(what.ids)
            return {"ids": what.ids}
        if what.subject is None and not what.everything:
            raise ValueError("Say what to delete: ids, a subject, or everything.")
        return {"ids": store.delete_where(subject=what.subject)}

    @routes.post("/restore")
    def restore(images: Ids) -> dict[str, int]:
        return {"restored": store.restore(images.ids)}

    @routes.post("/purge")
    async def purge(request: Request) -> dict[str, Any]:
        # A page that is left sends this as a beacon, whose type is text.
        images = Ids.model_validate_json(await request.body())
        purged = await run_in_threadpool(studio.purge, images.ids)
        return {"purged": purged, "wiping": store.wiping}

    @routes.post("/labels/{change}")
    def labels(change: str, asked: LabelChange) -> dict[str, Any]:
        change_labels(studio, change, asked)
        return overview_json(store.overview())

    return routes


def change_labels(studio: Studio, change: str, asked: LabelChange) -> None:
    """Does one change of the label set.

    Raises:
        ValueError: there is no such change, or it cannot be made; the message says why.
    """
    store = studio.store
    if change == "add":
        store.add_label(asked.name, asked.color, asked.key)
    elif change == "rename":
        store.rename_label(asked.name, asked.to)
    elif change == "set":
        store.set_label(asked.name, color=asked.color, key=asked.key, enabled=asked.enabled)
    elif change == "order":
        store.reorder_labels(asked.order)
    elif change == "merge":
        store.merge_labels(asked.name, asked.to)
    elif change == "remove":
        store.remove_label(asked.name, asked.to if asked.images == "move" else None, asked.images == "delete")
    else:
        raise ValueError("Labels can be added, renamed, set, ordered, merged and removed.")


def filter_of(request: Request) -> Filter:
    """The gallery's filter from a query string; `since` and `until` are days, both inclusive, in UTC.

    Raises:
        ValueError: a day is none.
    """
    asked = {name: value for name, value in request.query_params.items() if value}
    texts = {name: asked.get(name) for name in ("label", "answer", "source", "flag", "subject")}
    if "no_subject" in asked:
        texts["subject"] = ""
    since, until = _midnight(asked.get("since")), _midnight(asked.get("until"), days=1)
    return Filter(**texts, since=since, until=until)  # type: ignore[arg-type]


def _midnight(text: str | None, days: int = 0) -> datetime | None:
    """The start of the day `text`, or of one so many days later."""
    if text is None:
        return None
    try:
        return datetime.fromisoformat(text).replace(tzinfo=timezone.utc) + timedelta(days=days)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"“{text[:20]}” is no day that can be looked for; write one like 2026-03-14.") from error


def item_json(item: Item) -> dict[str, Any]:
    """A listed image; `thumbnail` is a data URI, so that a page of them is one answer."""
    kind = "png" if item.thumbnail[:4] == b"\x89PNG" else "jpeg"
    encoded = base64.b64encode(item.thumbnail).decode()
    fields = asdict(item) | {"created": item.created.isoformat(), "flags": list(item.flags)}
    return fields | {"thumbnail": f"data:image/{kind};base64,{encoded}"}


def overview_json(overview: Overview) -> dict[str, Any]:
    return {
        "total": overview.total,
        "labelled": overview.labelled,
        "unlabelled": overview.unlabelled,
        "skipped": overview.skipped,
        "not_faces": overview.not_faces,
        "labels": [label_json(entry.label) | {"images": entry.images} for entry in overview.labels],
        "subjects": overview.subjects,
        "sources": overview.sources,
        "days": [(day.date().isoformat(), count) for day, count in overview.days],
        "flags": overview.flags,
        "short": overview.short,
    }


def label_json(label: Label) -> dict[str, Any]:
    return asdict(label)


def picture(data: bytes) -> Response:
    """Image bytes."""
    return Response(data, media_type="image/png" if data[:4] == b"\x89PNG" else "image/jpeg")


def _wrong_values(error: RequestValidationError) -> str:
    """What is wrong with a request's values, without the values, which need not be JSON."""
    found = [(".".join(str(part) for part in entry["loc"][1:]), entry["msg"]) for entry in error.errors()[:3]]
    return "; ".join(f"{name}: {message}" if name else message for name, message in found)
