"""The Train tab: what would be trained on, retrain, the result, all versions, the Core ML bundle."""

from __future__ import annotations

from fastapi import APIRouter

from webapp import train_api
from webapp.parts import part
from webapp.studio import Studio


def build(studio: Studio) -> None:
    """Lay out the tab inside the caller's `gr.Tab`."""
    part("train")


def router(studio: Studio) -> APIRouter:
    """The tab's routes."""
    return train_api.router(studio)
