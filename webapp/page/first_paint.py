"""What the browser gets as the page: Gradio's, and in it what has to be there before Gradio has drawn anything.

That is all for the first paint: dark or light, the styles, the header with the tabs, and the outlines of each tab, of
which the page shows the one that its address names (`static/shared/frame.js` goes on with it).
"""

from __future__ import annotations

import re
from functools import cache

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from webapp.page.parts import STATIC, static_url, styles

TABS = ("Live", "Collect", "Review", "Train")
EARLY_SCRIPTS = ("shared/dark.js", "shared/first-view.js")


class FirstPaint:
    """ASGI middleware that puts the frame into the page that Gradio answers for "/"."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != "/" or scope["method"] != "GET":
            return await self.app(scope, receive, send)
        start: Message = {}
        body = b""

        async def send_framed(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start":
                start = message
                return
            if message["type"] != "http.response.body":
                return await send(message)
            body += message.get("body", b"")
            if message.get("more_body"):
                return
            headers = MutableHeaders(scope=start)
            page = framed(body) if headers.get("content-type", "").startswith("text/html") else body
            headers["content-length"] = str(len(page))
            await send(start)
            await send({"type": "http.response.body", "body": page})

        await self.app(scope, receive, send_framed)


def framed(page: bytes) -> bytes:
    """Gradio's `page` with the frame in it."""
    html = page.decode()
    html = html.replace("<head>", f"<head>{head()}", 1).replace("<body", '<body class="gradio-container"', 1)
    html = html.replace("<gradio-app", f'{header()}<div id="views">{outlines()}<gradio-app', 1)
    return html.replace("</gradio-app>", "</gradio-app></div>", 1).encode()


@cache
def head() -> str:
    """Light or dark and the tab to show are settled before anything is painted."""
    scripts = "".join(f"<script>{(STATIC / name).read_text('utf-8')}</script>" for name in EARLY_SCRIPTS)
    links = "".join(f'<link rel="stylesheet" href="{static_url(name)}">' for name in styles())
    frame = f'<script type="module" src="{static_url("shared/frame.js")}"></script>'
    return f'<title>Mien</title><meta name="color-scheme" content="light dark">{scripts}{links}{frame}'


@cache
def header() -> str:
    """The header with the tabs, which stays."""
    return f'<div id="part-header">{(STATIC / "shared/header.html").read_text("utf-8")}</div>'


@cache
def outlines() -> str:
    """Each tab's own markup, over the place where Gradio draws it, out of reach of mouse, keys and screen readers."""
    drawn = "".join(f'<div class="of-{tab.lower()}">{_outline(tab.lower())}</div>' for tab in TABS)
    return f'<div id="part-outline" inert aria-hidden="true">{drawn}</div>'


def _outline(tab: str) -> str:
    """A tab's markup without names and roles, by which scripts and people find elements."""
    markup = (STATIC / tab / f"{tab}.html").read_text("utf-8")
    return re.sub(r' (?:id|name|role|for|list|aria-[a-z]+|data-[a-z-]+)(?:="[^"]*")?(?=[ >])', "", markup)
