"""“Run in this browser”: the Live tab names faces in the browser, with what npm really installs; no frame leaves."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from labeling.store import Store
from models.home import Home
from models.versions import Versions
from tests.e2e.conftest import PATIENCE, Open, choose_tab, wait_until_mounted
from tests.installed_kit import need_npm
from tests.made_versions import copy_base
from tests.serving import Server, serving

sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
expect = sync_api.expect
pytestmark = pytest.mark.timeout(1200)

Page = Any
WATCH = """
  window.sent = [];
  const send = WebSocket.prototype.send;
  WebSocket.prototype.send = function (data) {
    window.sent.push(typeof data === "string" ? data : "frame");
    return send.call(this, data);
  };
  addEventListener("securitypolicyviolation", (event) => console.error("refused:", event.violatedDirective));
"""
"""Notes what is sent through a socket; what the page's policy refuses becomes an error of the console."""
LONG = 3000
"""Milliseconds in which a camera that was looked at would have sent many frames."""


@pytest.fixture(scope="module")
def web(server: Server) -> Iterator[Path]:
    """The kit in the server's home, as `mien web --install` puts it there."""
    need_npm()
    command = [sys.executable, "-m", "webapp.cli", "web", "--install", "--home", str(server.home)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    yield Home(server.home).web
    shutil.rmtree(Home(server.home).web)


def switch(page: Page) -> Any:
    return page.get_by_role("switch", name="Run in this browser")


def wait_until(page: Page, state: str) -> None:
    page.wait_for_selector(f"[data-here][data-state={state}]", state="attached", timeout=PATIENCE)


def wait_until_named(page: Page, label: str) -> None:
    stats = "document.getElementById('live-stats')?.dataset"
    page.wait_for_function(f"{stats}.faces === '1' && {stats}.label === '{label}'", timeout=PATIENCE)


def switch_on(page: Page) -> None:
    """With the keyboard, once the server has named the face."""
    wait_until_named(page, "happiness")
    expect(switch(page)).to_be_enabled()
    switch(page).focus()
    page.keyboard.press("Space")
    wait_until(page, "on")
    wait_until_named(page, "happiness")


def frames_sent(page: Page) -> int:
    return int(page.evaluate("window.sent.filter((data) => data === 'frame').length"))


def shares(page: Page) -> list[int]:
    """What the bars say, in percent."""
    numbers = page.locator("[data-bars] .number").all_text_contents()
    return [int(re.sub(r"\D", "", number)) for number in numbers]


def test_where_it_is_not_installed_the_line_says_how(open_page: Open, server: Server) -> None:
    page = open_page()
    wait_until(page, "missing")
    expect(switch(page)).to_be_disabled()
    expect(page.locator("[data-here] code")).to_have_text(f"mien web --install --home {server.home}")


def test_the_same_face_is_named_alike_and_no_frame_leaves(open_page: Open, store: Store, web: Path) -> None:
    page = open_page(script=WATCH)
    wait_until_named(page, "happiness")
    by_server = shares(page)
    assert frames_sent(page) > 0
    switch_on(page)
    before, asked = frames_sent(page), []
    page.on("request", lambda request: asked.append(f"{request.method} {request.url}"))
    page.wait_for_function("Number(document.getElementById('live-stats').dataset.fps) > 0", timeout=PATIENCE)
    page.wait_for_timeout(LONG)
    assert frames_sent(page) == before
    assert [line for line in asked if not line.startswith(f"GET {page.url.split('#')[0]}mien/api/")] == []
    assert all(abs(one - other) <= 2 for one, other in zip(shares(page), by_server, strict=True))
    expect(page.locator(".bar.first .name")).to_have_text("happiness")

    page.keyboard.press("?")
    legend = page.locator(".mien-stage .heat-legend").first
    expect(legend).to_contain_text("switch “Run in this browser” off")
    page.keyboard.press("?")
    page.locator(".live .stage-overlay").focus()
    page.keyboard.press("4")
    expect(page.get_by_text(re.compile("Saved as sadness, not happiness"))).to_be_visible()
    expect(page.locator("#mien-status")).to_contain_text("1 image")
    assert frames_sent(page) == before and page.foreign == [] and page.problems == []

    page.reload()
    wait_until(page, "on")
    wait_until_named(page, "happiness")
    page.wait_for_timeout(LONG)
    assert page.evaluate("window.sent") == []  # nor was one sent before the switch was known to be on
    choose_tab(page, "Collect")
    wait_until_mounted(page, "Collect")
    expect(page.locator(".collect [data-sent]")).to_be_visible()
    page.wait_for_function("window.sent.includes('frame')", timeout=PATIENCE)

    choose_tab(page, "Live")
    switch(page).click()
    wait_until(page, "off")
    wait_until_named(page, "happiness")
    assert page.problems == []


def test_another_version_in_use_brings_its_labels(open_page: Open, server: Server, store: Store, web: Path) -> None:
    page = open_page(script=WATCH)
    switch_on(page)
    before = frames_sent(page)
    versions = Versions(server.home / "versions")
    card = versions.get(0).card
    labels = tuple("joy" if label == "happiness" else label for label in card.labels)
    number = copy_base(versions, store.version_numbers.take(above=0), card.model_copy(update={"labels": labels})).number
    store.settings.set_active_version(number)
    wait_until_named(page, "joy")
    expect(page.locator(".bar.first .name")).to_have_text("joy")
    expect(page.locator("#mien-status")).to_contain_text(f"version {number}")
    assert frames_sent(page) == before and page.problems == []
    store.settings.set_active_version(0)
    wait_until_named(page, "happiness")


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        ("old browser", "This browser is too old to run the model"),
        ("**/runtime/ort.wasm.min.mjs", "Type “mien web --install” once more"),
        ("**/mien.onnx", "The model could not be fetched"),
    ],
)
def test_where_it_cannot_run_it_says_why_and_the_server_goes_on(
    open_page: Open, web: Path, broken: str, words: str
) -> None:
    old = "WebAssembly.validate = () => false;" if broken == "old browser" else ""
    page = open_page(script=WATCH + old)
    wait_until_named(page, "happiness")
    page.route(broken, lambda route: route.fulfill(status=404))
    switch(page).click()
    wait_until(page, "failed")
    expect(page.locator("[data-here] p")).to_contain_text(f"{words}")
    expect(page.locator("[data-here] p")).to_contain_text("Mien's server names the faces again.")
    expect(switch(page)).not_to_be_checked()
    before = frames_sent(page)
    page.wait_for_function(f"window.sent.length > {before + 2}", timeout=PATIENCE)
    wait_until_named(page, "happiness")
    assert page.uncaught == []


def test_behind_a_password_it_runs_as_well(open_page: Open, web: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(web, Home(home).web)
    with serving(home, "--auth", "ann:secret") as server:
        page = open_page(server.url, script=WATCH, http_credentials={"username": "ann", "password": "secret"})
        switch_on(page)
        assert page.problems == []
