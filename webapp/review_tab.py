"""The Review tab: label by keyboard, look through the gallery, edit the labels, see what the data set lacks."""

from __future__ import annotations

from fastapi import APIRouter

from webapp import data_api, endpoints
from webapp.parts import part
from webapp.studio import Studio


def build(studio: Studio) -> None:
    """Lay out the tab inside the caller's `gr.Tab`, and the named endpoints for other programs."""
    part("review")
    endpoints.build(studio)


def router(studio: Studio) -> APIRouter:
    """The tab's routes."""
    return data_api.router(studio)
