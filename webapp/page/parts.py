"""A part of the page: `static/NAME.html` as its markup, and `static/NAME.js`, whose `mount(part)` brings it to life.

    part("live")                        # a gr.HTML of static/live.html; runs mount() of static/live.js
    part("gallery", value=[...])        # value reaches the script as part.props.value

`mount` gets `{element, props, trigger, watch, server, upload}`, as gr.HTML's `js_on_load` has them; `element` then
carries `data-mounted`. Styles are plain files that the page links (`webapp.app.STYLES`), written with the tokens of
`static/mien.css`.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

import gradio as gr

STATIC = Path(__file__).parent.parent / "static"


def part(name: str, value: Any = None, **options: Any) -> gr.HTML:
    """A gr.HTML component made of `static/NAME.html` and, where there is one, `static/NAME.js`."""
    script = None
    if (STATIC / f"{name}.js").exists():
        script = (
            f"import({static_url(f'{name}.js')!r})"
            ".then((module) => module.mount({ element, props, trigger, watch, server, upload }))"
            ".then(() => (element.dataset.mounted = 'yes'))"
            ".catch((error) => console.error(error));"
        )
    options.setdefault("elem_id", f"part-{name}")
    options.setdefault("apply_default_css", False)
    options.setdefault("padding", False)
    html = (STATIC / f"{name}.html").read_text("utf-8")
    return gr.HTML(value, html_template=html, js_on_load=script, **options)


def static_url(name: str) -> str:
    """Address of a file in `static/`, which changes whenever any of them does, so that no browser keeps an old one."""
    return f"/mien/static/{_fingerprint()}/{name}"


@cache
def _fingerprint() -> str:
    digest = hashlib.sha256()
    for path in sorted(STATIC.iterdir()):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:12]
