"""A page of another site, in a real browser: what it makes the browser ask for is refused; a link opens Mien."""

from __future__ import annotations

import functools
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.serving import Server

pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")

Page = Any


@pytest.fixture
def foreign(tmp_path: Path, server: Server) -> Iterator[str]:
    """The address of a page whose pictures, script, frame and form are all addresses of Mien."""
    bundle = f"{server.url}/mien/api/data/train/versions/0/bundle?onnx=1"
    wanted = "".join(f'<img src="{bundle}&amp;{number}">' for number in range(6))
    wanted += f'<img src="{server.url}/mien/api/status"><iframe src="{server.url}/"></iframe>'
    wanted += f'<script src="{server.url}/mien/api/data/overview"></script>'
    wanted += f'<form method="post" action="{server.url}/mien/api/data/export/zip" target="frame"></form>'
    (tmp_path / "page.html").write_text(f'{wanted}<iframe name="frame"></iframe><a href="{server.url}/">Mien</a>')
    handler = functools.partial(SimpleHTTPRequestHandler, directory=str(tmp_path))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as site:
        threading.Thread(target=site.serve_forever, daemon=True).start()
        yield f"http://localhost:{site.server_port}/page.html"
        site.shutdown()


def test_another_sites_page_makes_mien_do_nothing(browser: Any, server: Server, foreign: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    assert server.process is not None
    mien = psutil.Process(server.process.pid)
    at_work = mien.children()
    answers: dict[str, int] = {}
    page.on("response", lambda answer: answers.update({answer.url: answer.status}))
    page.goto(foreign)
    page.evaluate("document.forms[0].submit()")
    page.wait_for_load_state("networkidle")
    refused = {url: status for url, status in answers.items() if url.startswith(server.url)}
    assert len(refused) >= 9 and set(refused.values()) == {403}
    assert {*mien.children()} <= {*at_work}
    page.click("a")
    page.wait_for_selector("#part-live")
    assert page.title() == "Mien"
    context.close()
