"""Routes of the data set: its figures, and what is answered about images."""

from __future__ import annotations

from fastapi import APIRouter

from labeling.people import PersonOfImages
from webapp.actions import image_actions
from webapp.routes.data_models import (
    AnnotationDone,
    AnnotationRequest,
    NamedImages,
    NamedPeople,
    OverviewFigures,
    UndoDone,
    UndoRequest,
    overview_figures,
)
from webapp.routes.errors_route import ERROR_ANSWERS, ErrorRoute
from webapp.studio import Studio


def router(studio: Studio) -> APIRouter:
    """`/mien/api/data/overview`, `/annotate`, `/undo` and `/people`."""
    routes = APIRouter(prefix="/mien/api/data", route_class=ErrorRoute, responses=ERROR_ANSWERS)

    @routes.get("/overview")
    def overview() -> OverviewFigures:
        return overview_figures(studio.store)

    @routes.post("/annotate")
    def annotate(asked: AnnotationRequest) -> AnnotationDone:
        return AnnotationDone(action=image_actions.annotate(studio, asked.ids, asked.label, asked.kind))

    @routes.post("/undo")
    def undo(asked: UndoRequest) -> UndoDone:
        undone = image_actions.undo(studio, asked.action)
        return UndoDone(ids=undone.images, later=undone.later, label=undone.label)

    @routes.post("/people")
    def people(asked: NamedPeople) -> NamedPeople:
        named = [PersonOfImages(each.subject, each.ids) for each in asked.people]
        before = image_actions.name_people(studio, named)
        return NamedPeople(people=[NamedImages(ids=list(each.image_ids), subject=each.subject) for each in before])

    return routes
