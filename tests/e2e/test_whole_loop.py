"""The whole loop as a newcomer goes it: hold once for each of two labels, retrain, see the version name them live.

Once with nothing but the keyboard, once with nothing but a finger's taps on a phone's 400 pixels.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from labeling.store import Store
from tests.e2e.conftest import Open, rows
from tests.posing_camera import POSES, posing_camera
from tests.serving import Server

sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
Page = Any
FRAMES = 20
FOCUSED = "selector => document.activeElement?.matches(selector) ?? false"


class Keyboard:
    """Goes everywhere by keys alone."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def go_to(self, selector: str) -> None:
        for _ in range(80):
            if self.page.evaluate(FOCUSED, selector):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab never came to {selector}")

    def open_tab(self, name: str) -> None:
        self.go_to("[role=tab]")
        self.page.keyboard.press("Home")
        for _ in range(("Live", "Collect", "Review", "Train").index(name)):
            self.page.keyboard.press("ArrowRight")
        self.page.keyboard.press("Enter")

    def choose_label(self, key: str) -> None:
        self.page.keyboard.press(key)

    def add_label(self, name: str) -> None:
        self.go_to(".label-add input")
        self.page.keyboard.type(name)
        self.page.keyboard.press("Enter")

    def hold(self, until: Callable[[], None]) -> None:
        self.page.keyboard.down("Space")
        until()
        self.page.keyboard.up("Space")

    def retrain(self) -> None:
        self.go_to("[data-retrain]")
        self.page.keyboard.press("Enter")


class Finger:
    """Taps and holds, as on a phone."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def open_tab(self, name: str) -> None:
        self.page.get_by_role("tab", name=name, exact=True).tap()

    def choose_label(self, key: str) -> None:
        self.page.locator(".label-card", has=self.page.locator(f"kbd:text-is('{key}')")).tap()

    def add_label(self, name: str) -> None:
        self.page.locator(".label-add input").fill(name)
        self.page.get_by_role("button", name="Add", exact=True).tap()

    def hold(self, until: Callable[[], None]) -> None:
        button = self.page.locator("[data-hold]")
        button.scroll_into_view_if_needed()
        box = button.bounding_box()
        self.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        self.page.mouse.down()
        until()
        self.page.mouse.up()

    def retrain(self) -> None:
        self.page.locator("[data-retrain]").tap()


@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    ("person", "device"),
    [(Keyboard, {}), (Finger, {"viewport": {"width": 400, "height": 850}, "has_touch": True})],
    ids=["keyboard", "phone"],
)
def test_held_once_each_two_labels_are_named_live(
    person: type[Keyboard] | type[Finger],
    device: dict[str, object],
    server: Server,
    store: Store,
    open_page: Open,
) -> None:
    page = open_page(script=posing_camera(), **device, color_scheme="dark")
    page.wait_for_function("document.getElementById('live-stats').dataset.faces === '1'")
    they = person(page)
    they.open_tab("Collect")
    page.wait_for_selector(".label-card")
    they.choose_label("1")
    they.hold(kept(page, store, POSES[0]))
    they.add_label(POSES[1])
    page.wait_for_selector(f".label-card[data-label={POSES[1]}][aria-checked=true]")
    page.evaluate("pose => { window.pose = pose; }", POSES[1])
    they.hold(kept(page, store, POSES[1]))
    they.open_tab("Train")
    page.wait_for_selector("[data-retrain]:enabled")
    they.retrain()
    sync_api.expect(page.locator(".train-run")).to_contain_text("is in use now.")
    run = store.runs.latest()
    assert run is not None and run.version is not None
    they.open_tab("Live")
    page.wait_for_function(f"document.getElementById('live-stats').dataset.label === '{POSES[1]}'")
    sync_api.expect(page.locator("#mien-status")).to_contain_text(f"version {run.version}")
    page.evaluate("pose => { window.pose = pose; }", POSES[0])
    page.wait_for_function(f"document.getElementById('live-stats').dataset.label === '{POSES[0]}'")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.problems == []
    takes = rows(server, "SELECT count(DISTINCT session) FROM images WHERE deleted IS NULL")
    assert takes == [(2,)]


def kept(page: Page, store: Store, label: str) -> Callable[[], None]:
    def wait() -> None:
        for _ in range(1200):
            if store.overview.label_counts().get(label, 0) >= FRAMES:
                return
            page.wait_for_timeout(50)
        raise AssertionError(f"too little of {label} was kept")

    return wait
