"""The page: a header and four tabs, in the order of the loop, and the named endpoints for other programs."""

from __future__ import annotations

import gradio as gr

from webapp.page import endpoints
from webapp.page.idle_queue import IdleBlocks
from webapp.page.parts import part
from webapp.studio import Studio

TABS = ("Live", "Collect", "Review", "Train")
CLEAN_EVERY, FILES_KEPT = 60, 600
"""Seconds between looks at the files that came for named endpoints, and for which each of them is kept."""


def page(studio: Studio) -> IdleBlocks:
    """The whole page."""
    cleaned = (CLEAN_EVERY, FILES_KEPT)
    blocks = IdleBlocks(title="Mien", analytics_enabled=False, fill_width=True, delete_cache=cleaned)
    with blocks:
        part("header")
        with gr.Tabs(elem_id="tabs"):
            for name in TABS:
                with gr.Tab(name, id=name.lower(), elem_id=f"tab-{name.lower()}"):
                    part(name.lower())
        endpoints.build(studio)
    return blocks
