"""Who may talk to Mien: one ASGI guard around pages, API routes, Gradio's own routes and sockets alike.

- Another site's page may not reach us: a request or socket whose `Origin` is not our own host is refused, and so is
  one that the browser says comes from elsewhere (`Sec-Fetch-Site`: a picture, a script, a frame), but for a link that
  opens the page. Without a password only local host names are answered (a foreign name that resolves to 127.0.0.1 is
  not one).
- With `auth`, everything needs the password: HTTP Basic, which every browser and HTTP library knows. The answer sets a
  cookie, because not every browser repeats Basic credentials when it opens a WebSocket.
- The answer's Content-Security-Policy lets the page load from this server only, and no browser keeps a copy of what
  the routes of the data set answer, faces above all.
"""

from __future__ import annotations

import base64
import binascii
import ipaddress
import re
import secrets
from http.cookies import CookieError, SimpleCookie
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

CONTENT_POLICY = (
    "default-src 'self' data: blob: 'unsafe-inline' 'unsafe-eval'; connect-src 'self' data: blob: ws://{0} wss://{0}; "
    "base-uri 'self'; form-action 'self'; frame-ancestors 'self'; object-src 'none'"
)
"""Gradio's page needs inline scripts and `Function`; other hosts are out. To some browsers a socket is not 'self'.

That lets the model run in the browser too: 'unsafe-eval' allows WebAssembly, 'self' the worker that runs it."""

PRIVATE = ("/mien/api/", "/gradio_api/")
"""Where answers are nobody's to keep."""

HOST = re.compile(r"[\w.-]+(:\d+)?|\[[0-9a-fA-F:.]+\](:\d+)?")


class Guard:
    """ASGI middleware; wraps the whole application, mounted parts included."""

    def __init__(self, app: ASGIApp, auth: tuple[str, str] | None = None) -> None:
        self.app = app
        self.auth = auth
        self._login_token = secrets.token_urlsafe(32)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            return await self.app(scope, receive, send)
        headers = Headers(scope=scope)
        if reason := self._foreign(headers) or _sent_by_another_site(headers, scope):
            return await _refuse(scope, receive, send, 403, reason)
        if self.auth and not self._known(headers, scope):
            return await _refuse(scope, receive, send, 401, "Mien needs its user name and password.")
        if scope["type"] == "websocket":
            return await self.app(scope, receive, send)
        host = headers["host"]

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                answer = MutableHeaders(scope=message)
                answer.setdefault("content-security-policy", CONTENT_POLICY.format(host))
                answer.setdefault("x-content-type-options", "nosniff")
                answer.setdefault("referrer-policy", "same-origin")
                answer.setdefault("cross-origin-resource-policy", "same-origin")
                if scope["path"].startswith(PRIVATE):
                    answer.setdefault("cache-control", "no-store")
                if self.auth:
                    answer.append("set-cookie", self._cookie(scope))
            await send(message)

        return await self.app(scope, receive, send_guarded)

    def _foreign(self, headers: Headers) -> str | None:
        host = headers.get("host", "")
        if not HOST.fullmatch(host):
            return "This request names no host."
        origin = headers.get("origin")
        if origin is not None and urlsplit(origin).netloc.lower() != host.lower():
            return "Mien does not answer pages of other sites."
        if self.auth is None and not is_local(urlsplit(f"//{host}").hostname or ""):
            return "Without a password, Mien answers on this computer only: open it as http://127.0.0.1."
        return None

    def _known(self, headers: Headers, scope: Scope) -> bool:
        assert self.auth is not None
        try:
            cookie = SimpleCookie(headers.get("cookie", "")).get(_cookie_name(scope))
        except CookieError:
            cookie = None
        if cookie is not None and secrets.compare_digest(cookie.value.encode(), self._login_token.encode()):
            return True
        kind, _, encoded = headers.get("authorization", "").partition(" ")
        try:
            given = base64.b64decode(encoded, validate=True) if kind.lower() == "basic" else b""
        except (binascii.Error, ValueError):
            given = b""
        return secrets.compare_digest(given, ":".join(self.auth).encode())

    def _cookie(self, scope: Scope) -> str:
        secure = "; Secure" if scope.get("scheme") == "https" else ""
        return f"{_cookie_name(scope)}={self._login_token}; Path=/; HttpOnly; SameSite=Strict{secure}"


def _sent_by_another_site(headers: Headers, scope: Scope) -> str | None:
    """The browser's own word for it (https://www.w3.org/TR/fetch-metadata/); programs and old browsers say nothing."""
    if headers.get("sec-fetch-site") not in ("cross-site", "same-site"):
        return None
    opens_the_page = (
        scope["type"] == "http"
        and (scope["method"], scope["path"]) == ("GET", "/")
        and (headers.get("sec-fetch-mode"), headers.get("sec-fetch-dest")) == ("navigate", "document")
    )
    return None if opens_the_page else "Mien does not answer pages of other sites."


def is_local(host: str) -> bool:
    """Whether `host`, a name or an address, can only mean this computer."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _cookie_name(scope: Scope) -> str:
    server = scope.get("server") or ("", 0)
    return f"mien-{server[1]}"  # browsers share cookies between the ports of a host


async def _refuse(scope: Scope, receive: Receive, send: Send, status: int, reason: str) -> None:
    if scope["type"] == "websocket":
        # Closing before accepting makes the server answer the handshake with 403.
        return await send({"type": "websocket.close", "code": 1008, "reason": reason})
    headers = {"www-authenticate": 'Basic realm="Mien", charset="UTF-8"'} if status == 401 else None
    await PlainTextResponse(reason, status, headers)(scope, receive, send)
