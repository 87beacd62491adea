"""The Live tab: the camera with an expression on every face, and the same for pictures dropped below it."""

from __future__ import annotations

from webapp.parts import part
from webapp.studio import Studio


def build(studio: Studio) -> None:
    """Lay out the tab inside the caller's `gr.Tab`."""
    part("live")
