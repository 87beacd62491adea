"""The Collect tab: examples from the camera while a button is held, and from files."""

from __future__ import annotations

from fastapi import APIRouter

from webapp import transfer_api
from webapp.parts import part
from webapp.studio import Studio


def build(studio: Studio) -> None:
    """Lay out the tab inside the caller's `gr.Tab`."""
    part("collect")


def router(studio: Studio) -> APIRouter:
    """The tab's routes."""
    return transfer_api.router(studio)
