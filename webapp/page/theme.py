"""Gradio's theme, as far as it shows: the colours of the moment before the page is there. System fonts only.

All else that a theme can set is covered by the page's own styles.
"""

from __future__ import annotations

import gradio as gr

SANS = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "Helvetica Neue", "Noto Sans", "Arial", "sans-serif")
MONO = ("ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "Liberation Mono", "monospace")


def theme() -> gr.themes.Base:
    """The theme; its values are the tokens of `static/shared/tokens.css`, which know light from dark."""
    return gr.themes.Base(font=SANS, font_mono=MONO).set(
        body_background_fill="var(--mien-page)",
        body_background_fill_dark="var(--mien-page)",
        body_text_color="var(--mien-ink)",
        body_text_color_dark="var(--mien-ink)",
        color_accent="var(--mien-focus)",
    )
