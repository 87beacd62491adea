"""The page: a header and four tabs, in the order of the loop, and the named endpoints for other programs."""

from __future__ import annotations

import gradio as gr

from webapp.page import endpoints
from webapp.page.parts import part
from webapp.studio import Studio

TABS = ("Live", "Collect", "Review", "Train")


def page(studio: Studio) -> gr.Blocks:
    """The whole page."""
    with gr.Blocks(title="Mien", analytics_enabled=False, fill_width=True) as blocks:
        part("header")
        with gr.Tabs(elem_id="tabs"):
            for name in TABS:
                with gr.Tab(name, id=name.lower(), elem_id=f"tab-{name.lower()}"):
                    part(name.lower())
        endpoints.build(studio)
    return blocks
