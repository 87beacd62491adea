"""The page's frame in a real browser: what is painted first, that nothing moves after it, and the views' addresses."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np
import pytest
from PIL import Image

from labeling.store import Store
from tests.e2e.conftest import Open, choose_tab, looking_at, wait_until_mounted
from tests.labeling.face_patterns import face
from tests.serving import Server, write_camera

sync_api = pytest.importorskip("playwright.sync_api")
expect = sync_api.expect

SLOWER = 4
"""Times that the browser's processor is slowed."""

WATCH_SHIFTS = """
  window.shifts = [];
  new PerformanceObserver((list) => {
    for (const { value, hadRecentInput, sources } of list.getEntries()) {
      if (!hadRecentInput) shifts.push([value, ...sources.map(({ node }) => node?.outerHTML?.slice(0, 80))]);
    }
  }).observe({ type: "layout-shift", buffered: true });
"""


def brightness(png: str) -> float:
    return float(np.asarray(Image.open(io.BytesIO(base64.b64decode(png))).convert("L")).mean())


DESK, PHONE = ((1400, 900), (1280, 720)), ((400, 850), (720, 1280))
"""The size of a page, and of the picture that such a device's camera gives."""


@pytest.fixture(scope="module", params=[DESK, PHONE], ids=["desk", "phone"])
def device(request: Any, browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Makes contexts of a browser on such a device, for somebody who comes for the first time."""
    (width, height), picture = request.param
    camera = write_camera(tmp_path_factory.mktemp("camera") / "device.mjpeg", 20, *picture)
    with looking_at(browser, camera) as own:
        yield partial(own.new_context, viewport={"width": width, "height": height}, permissions=["camera"])


@pytest.mark.parametrize("address", ["live", "collect", "review/overview", "train"])
def test_it_is_dark_from_the_first_frame_and_nothing_moves(
    address: str, device: Any, server: Server, store: Store
) -> None:
    store.images.add(face(1), label="happiness")
    context = device(color_scheme="dark")
    page = context.new_page()
    page.add_init_script(WATCH_SHIFTS)
    devtools = context.new_cdp_session(page)
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    frames: list[float] = []

    def take(frame: dict[str, Any]) -> None:
        if not page.query_selector("[data-mounted] .mien-stage[data-state=on]"):  # the camera's picture may be bright
            frames.append(brightness(frame["data"]))
        devtools.send("Page.screencastFrameAck", {"sessionId": frame["sessionId"]})

    devtools.on("Page.screencastFrame", take)
    devtools.send("Page.startScreencast", {"format": "png"})
    page.goto(f"{server.url}/#{address}", wait_until="commit")
    wait_until_mounted(page, address.split("/")[0])
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(500)
    assert_nothing_moved(page)
    assert len(frames) > 1 and max(frames) < 90, frames
    context.close()


def assert_nothing_moved(page: Any) -> None:
    shifts = page.evaluate("shifts")
    assert sum(value for value, *_ in shifts) < 0.05, shifts


def test_a_camera_of_another_shape_moves_nothing_the_next_time(browser: Any, server: Server, store: Store) -> None:
    """The camera of the other tests: four by three, where most have sixteen by nine."""
    context = browser.new_context(viewport={"width": 1400, "height": 900}, permissions=["camera"])
    for watch in ("window.shifts = [];", WATCH_SHIFTS):
        page = context.new_page()
        page.add_init_script(watch)
        page.goto(server.url)
        page.wait_for_selector("[data-mounted] .mien-stage[data-state=on]")
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(500)
        assert_nothing_moved(page)
        assert page.evaluate("localStorage.getItem('mien-ratio')") == "1.3333"
        page.close()
    context.close()


def selected(page: Any) -> str:
    return str(page.locator(".mien-tabs [aria-selected=true]").inner_text())


def test_each_view_has_an_address_that_reload_keeps_and_back_leaves(open_tab: Open) -> None:
    page = open_tab("Review")
    assert page.url.endswith("#review/queue")
    page.click("[data-view=labels]")
    choose_tab(page, "Train")
    assert page.url.endswith("#train") and page.title() == "Train · Mien"
    page.go_back()
    assert page.url.endswith("#review/labels") and selected(page) == "Review"
    expect(page.locator("[data-panel=labels]")).to_be_visible()
    page.reload()
    wait_until_mounted(page, "Review")
    expect(page.locator("[data-panel=labels]")).to_be_visible()
    assert selected(page) == "Review" and page.locator("h1").count() == 1
    page.evaluate("location.hash = '#nobody-knows'")
    expect(page.locator("#part-live")).to_be_visible()
    assert selected(page) == "Live"


def test_tabs_by_arrow_keys(open_page: Open) -> None:
    page = open_page()
    page.get_by_role("tab", name="Live", exact=True).focus()
    for key, name in (("ArrowRight", "Collect"), ("End", "Train"), ("ArrowRight", "Live"), ("ArrowLeft", "Train")):
        page.keyboard.press(key)
        expect(page.get_by_role("tab", name=name, exact=True)).to_be_focused()
        assert selected(page) == name
        expect(page.get_by_role("tabpanel", name=name, exact=True)).to_be_visible()


def test_one_line_says_that_it_can_be_taught_and_taken_home(open_page: Open) -> None:
    page = open_page()
    page.set_viewport_size({"width": 400, "height": 850})
    line = page.get_by_role("navigation", name="What Mien does")
    expect(line).to_contain_text("Collect your own", use_inner_text=True)
    expect(line).to_contain_text("Take it home to iPhone", use_inner_text=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= 400
    line.get_by_role("link", name="Collect").click()
    assert selected(page) == "Collect"
    expect(line).to_be_hidden()
