"""Gradio's theme in Mien's colours: neutral ink and paper, so that colour always means a label. System fonts only."""

from __future__ import annotations

import gradio as gr

SANS = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "Helvetica Neue", "Noto Sans", "Arial", "sans-serif")
MONO = ("ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "Liberation Mono", "monospace")


def theme() -> gr.themes.Base:
    """The theme; its values are the tokens of `static/shared/tokens.css`, which know light from dark."""
    neutral = gr.themes.colors.slate
    base = gr.themes.Base(
        primary_hue=neutral,
        secondary_hue=neutral,
        neutral_hue=neutral,
        font=SANS,
        font_mono=MONO,
        radius_size=gr.themes.sizes.radius_md,
        spacing_size=gr.themes.sizes.spacing_md,
        text_size=gr.themes.sizes.text_md,
    )
    values = {
        "body_background_fill": "var(--mien-page)",
        "body_text_color": "var(--mien-ink)",
        "body_text_color_subdued": "var(--mien-soft)",
        "background_fill_primary": "var(--mien-card)",
        "background_fill_secondary": "var(--mien-page)",
        "block_background_fill": "var(--mien-card)",
        "block_label_background_fill": "var(--mien-card)",
        "block_label_text_color": "var(--mien-soft)",
        "block_title_text_color": "var(--mien-ink)",
        "block_info_text_color": "var(--mien-soft)",
        "panel_background_fill": "var(--mien-card)",
        "border_color_primary": "var(--mien-line)",
        "border_color_accent": "var(--mien-focus)",
        "block_border_color": "var(--mien-line)",
        "input_background_fill": "var(--mien-card)",
        "input_border_color": "var(--mien-edge)",
        "input_border_color_focus": "var(--mien-focus)",
        "input_placeholder_color": "var(--mien-soft)",
        "color_accent": "var(--mien-focus)",
        "color_accent_soft": "var(--mien-hover)",
        "link_text_color": "var(--mien-focus)",
        "link_text_color_hover": "var(--mien-ink)",
        "link_text_color_active": "var(--mien-ink)",
        "link_text_color_visited": "var(--mien-focus)",
        "button_primary_background_fill": "var(--mien-ink)",
        "button_primary_background_fill_hover": "var(--mien-ink-hover)",
        "button_primary_text_color": "var(--mien-card)",
        "button_primary_text_color_hover": "var(--mien-card)",
        "button_primary_border_color": "var(--mien-ink)",
        "button_secondary_background_fill": "var(--mien-card)",
        "button_secondary_background_fill_hover": "var(--mien-hover)",
        "button_secondary_text_color": "var(--mien-ink)",
        "button_secondary_text_color_hover": "var(--mien-ink)",
        "button_secondary_border_color": "var(--mien-edge)",
        "button_cancel_background_fill": "var(--mien-card)",
        "button_cancel_background_fill_hover": "var(--mien-hover)",
        "button_cancel_text_color": "var(--mien-bad)",
        "button_cancel_border_color": "var(--mien-bad)",
        "table_even_background_fill": "var(--mien-card)",
        "table_odd_background_fill": "var(--mien-page)",
        "table_border_color": "var(--mien-line)",
        "table_row_focus": "var(--mien-hover)",
        "table_text_color": "var(--mien-ink)",
        "checkbox_background_color": "var(--mien-card)",
        "checkbox_background_color_selected": "var(--mien-ink)",
        "checkbox_border_color": "var(--mien-edge)",
        "checkbox_border_color_selected": "var(--mien-ink)",
        "checkbox_label_background_fill": "var(--mien-card)",
        "checkbox_label_background_fill_hover": "var(--mien-hover)",
        "checkbox_label_background_fill_selected": "var(--mien-hover)",
        "checkbox_label_text_color": "var(--mien-ink)",
        "checkbox_label_text_color_selected": "var(--mien-ink)",
        "checkbox_label_border_color": "var(--mien-edge)",
        "slider_color": "var(--mien-ink)",
        "shadow_drop": "none",
        "shadow_drop_lg": "none",
        "block_shadow": "none",
    }
    shared = {"button_border_width": "1px", "block_border_width": "1px", "block_radius": "12px"}
    dark = {f"{name}_dark": value for name, value in values.items() if hasattr(base, f"{name}_dark")}
    return base.set(**values, **dark, **shared)
