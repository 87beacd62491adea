"""What Gradio draws of the page: a part for each tab, and the named endpoints for other programs."""

from __future__ import annotations

from webapp.page import endpoints
from webapp.page.first_paint import TABS
from webapp.page.idle_queue import IdleBlocks
from webapp.page.parts import part
from webapp.studio import Studio

CLEAN_EVERY, FILES_KEPT = 60, 600
"""Seconds between looks at the files that came for named endpoints, and for which each of them is kept."""


def page(studio: Studio) -> IdleBlocks:
    """The whole page."""
    cleaned = (CLEAN_EVERY, FILES_KEPT)
    blocks = IdleBlocks(title="Mien", analytics_enabled=False, fill_width=True, delete_cache=cleaned)
    with blocks:
        for name in TABS:
            part(name.lower())
        endpoints.build(studio)
    return blocks
