"""A part of the page: `NAME.html` in a folder of `static/` as its markup, and `NAME.js` beside it, whose `mount(part)`
brings it to life once its tab is opened.

    part("live")                        # a gr.HTML of static/live/live.html; runs mount() of static/live/live.js
    part("gallery", value=[...])        # value reaches the script as part.props.value

Until then the markup is a `<template>`. `mount` gets `{element, props, trigger, watch, server, upload}`, as gr.HTML's
`js_on_load` has them; `element` then carries `data-mounted`. Styles are plain files, all of which the page links,
written with the tokens of `static/shared/tokens.css`.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

import gradio as gr

STATIC = Path(__file__).parent.parent / "static"
SERVED = {".js", ".css", ".html", ".svg"}


def part(name: str, value: Any = None, **options: Any) -> gr.HTML:
    """A gr.HTML component made of `static/*/NAME.html` and the `NAME.js` beside it."""
    (markup,) = STATIC.glob(f"*/{name}.html")
    script = (
        f"import({static_url('shared/mount-part.js')!r}).then(({{ mountPart }}) => mountPart({name!r}, "
        f"() => import({static_url(f'{markup.parent.name}/{name}.js')!r}), "
        "{ element, props, trigger, watch, server, upload }))"
        ".catch((error) => console.error(error));"
    )
    options.setdefault("elem_id", f"part-{name}")
    options.setdefault("apply_default_css", False)
    options.setdefault("padding", False)
    template = f"<template>{markup.read_text('utf-8')}</template>"
    return gr.HTML(value, html_template=template, js_on_load=script, **options)


def static_url(name: str) -> str:
    """Address of a file in `static/`, say "live/live.js".

    It changes whenever any of them does, so that no browser keeps an old one.
    """
    return f"/mien/static/{_fingerprint()}/{name}"


@cache
def static_files() -> frozenset[str]:
    """Every file in `static/` that a browser may ask for, as `static_url` takes it."""
    paths = (path for path in STATIC.glob("*/*") if path.suffix in SERVED)
    return frozenset(path.relative_to(STATIC).as_posix() for path in paths)


def styles() -> list[str]:
    """The style sheets as `static_url` takes them, the shared ones first, so that a tab's own can build on them."""
    sheets = (name for name in static_files() if name.endswith(".css"))
    return sorted(sheets, key=lambda name: (not name.startswith("shared/"), name))


@cache
def _fingerprint() -> str:
    digest = hashlib.sha256()
    for name in sorted(static_files()):
        digest.update(name.encode() + (STATIC / name).read_bytes())
    return digest.hexdigest()[:12]
