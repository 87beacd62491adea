"""Routes of the data set: its figures, and what is answered about images and done to them."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, Field

from labeling.labels import Label
from labeling.overview import Overview
from webapp.routes.errors_route import ErrorRoute
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


def router(studio: Studio) -> APIRouter:
    """`/mien/api/data/overview`, `/annotate`, `/undo`, `/delete`, `/restore` and `/purge`."""
    routes = APIRouter(prefix="/mien/api/data", route_class=ErrorRoute)
    store = studio.store

    @routes.get("/overview")
    def overview() -> dict[str, Any]:
        return overview_json(store.overview.figures())

    @routes.post("/annotate")
    def annotate(answer: Answer) -> dict[str, Any]:
        return {"action": store.annotations.annotate(answer.ids, answer.label, answer.kind)}

    @routes.post("/undo")
    def undo(undone: Action) -> dict[str, Any]:
        return {"ids": store.annotations.undo(undone.action)}

    @routes.post("/delete")
    def delete(what: Deletion) -> dict[str, Any]:
        if what.ids is not None:
            store.deletion.delete(what.ids)
            return {"ids": what.ids}
        if what.subject is None and not what.everything:
            raise ValueError("Say what to delete: ids, a subject, or everything.")
        return {"ids": store.deletion.delete_where(subject=what.subject)}

    @routes.post("/restore")
    def restore(images: Ids) -> dict[str, int]:
        return {"restored": store.deletion.restore(images.ids)}

    @routes.post("/purge")
    async def purge(request: Request) -> dict[str, Any]:
        # A page that is left sends this as a beacon, whose type is text.
        images = Ids.model_validate_json(await request.body())
        purged = await run_in_threadpool(studio.purge, images.ids)
        return {"purged": purged, "wiping": store.deletion.wiping}

    return routes


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
