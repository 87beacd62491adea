"""No view, menu or dialog breaks a rule of WCAG 2.2 AA that axe-core can check: light and dark, wide and narrow."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from labeling.store import Store
from models.home import Home
from models.versions import Versions
from tests.e2e.conftest import Open, wait_until_mounted
from tests.labeling.face_patterns import face
from tests.made_versions import copy_base
from tests.serving import Server, astronaut, jpeg

sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
Page = Any

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
SETTLED = "document.getAnimations().every(({ playState }) => playState !== 'running')"


def go_to(page: Page, address: str) -> None:
    page.evaluate("address => { location.hash = address }", address)
    wait_until_mounted(page, address.split("/")[0])
    page.wait_for_load_state("networkidle")


def collect(page: Page) -> None:
    go_to(page, "collect")
    page.wait_for_selector(".label-card")


def queue(page: Page) -> None:
    go_to(page, "review/queue")
    page.wait_for_selector(".label-choice")


def gallery(page: Page) -> None:
    go_to(page, "review/gallery")
    page.wait_for_selector("[data-grid] > *")


def labels(page: Page) -> None:
    go_to(page, "review/labels")
    page.wait_for_selector("[data-label-rows] tr")


def overview(page: Page) -> None:
    go_to(page, "review/overview")
    page.wait_for_selector(".mien-figure")


def trash(page: Page) -> None:
    go_to(page, "review/trash")


def large_image(page: Page) -> None:
    gallery(page)
    page.locator("[data-grid]").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("dialog[open]")


def deletion(page: Page) -> None:
    overview(page)
    page.get_by_role("button", name="Delete everything").click()
    page.wait_for_selector("dialog[open]")


def selection(page: Page) -> None:
    gallery(page)
    page.locator("[data-grid]").focus()
    page.keyboard.press("Control+a")


def merging(page: Page) -> None:
    labels(page)
    page.get_by_role("button", name="Merge").first.click()
    page.wait_for_selector("dialog[open]")


def importing(page: Page) -> None:
    """The question that names seem to answer: whose faces they are."""
    collect(page)
    names = [f"{person}_{number}.png" for person in ("ada", "ben") for number in (1, 2)]
    files = [{"name": name, "mimeType": "image/png", "buffer": b"no picture"} for name in names]
    page.locator("[data-files]").set_input_files(files)
    page.wait_for_selector("dialog[open]")


def picture(page: Page) -> None:
    live(page)
    file = {"name": "me.jpg", "mimeType": "image/jpeg", "buffer": jpeg(astronaut(), 90)}
    page.locator("[data-pictures-area] input").set_input_files([file])
    shown = page.locator("[data-pictures] .picture").first
    sync_api.expect(shown).to_contain_text("%")
    shown.click()
    page.wait_for_selector("dialog[open]")


def teaching(page: Page) -> None:
    live(page)
    page.locator(".mien-stage").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("[role=menu]")


def train(page: Page) -> None:
    go_to(page, "train")
    page.wait_for_selector("[data-versions] tr")
    page.wait_for_selector("[data-door=onnx] [data-size]:has-text('MB')")
    page.evaluate("document.querySelectorAll('.train-contents').forEach((each) => { each.open = true; })")


def live(page: Page) -> None:
    go_to(page, "live")
    page.wait_for_function("document.getElementById('live-stats').dataset.faces === '1'")


def why(page: Page) -> None:
    """From then on pictures show it too."""
    live(page)
    page.keyboard.press("?")
    page.wait_for_selector(".mien-stage .heat-legend:not([hidden])")


TABS = (live, collect, queue, gallery, labels, overview, trash, train)
OVER_THEM = (why, teaching, picture, importing, selection, large_image, merging, deletion)


@pytest.fixture
def furnished(server: Server, store: Store) -> Store:
    """Some labelled images, some that wait, and two versions."""
    store.labels.add("wink")
    for number, label in enumerate(("happiness", "happiness", "surprise", "wink", None, None, None)):
        store.images.add(face(number), label=label, subject="Ada" if number % 2 else None, session=f"take {number}")
    store.deletion.delete([store.images.add(face(20), label="wink").image_id])
    for number in (1, 2):
        copy_base(Versions(Home(server.home).versions), number)
    return store


def breaches(page: Page) -> list[str]:
    """What axe-core finds on the page as it stands."""
    page.wait_for_function(SETTLED)
    found = Axe().run(page, options={"runOnly": RULES, "resultTypes": ["violations"]})
    return [
        f"{violation['id']}: {node['html'][:200]} {(node['any'] or node['all'] or node['none'])[0]['message']}"
        for violation in found.response["violations"]
        for node in violation["nodes"]
    ]


def contrast(page: Page, one: str, other: str) -> float:
    """Of two colours, as CSS has them, by WCAG's formula."""
    luminances = page.evaluate(
        """colors => colors.map(color => {
          const pen = new OffscreenCanvas(1, 1).getContext('2d');
          pen.fillStyle = color;
          pen.fillRect(0, 0, 1, 1);
          const [r, g, b] = [...pen.getImageData(0, 0, 1, 1).data].map(part => part / 255)
            .map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
          return 0.2126 * r + 0.7152 * g + 0.0722 * b;
        })""",
        [one, other],
    )
    return (max(luminances) + 0.05) / (min(luminances) + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_bars_and_focus_rings_stand_out(scheme: str, furnished: Store, open_page: Open) -> None:
    page = open_page(color_scheme=scheme)
    live(page)
    bars = page.locator(".live-bars .bar")
    colors = [bars.nth(number).evaluate("bar => bar.style.getPropertyValue('--label')") for number in range(8)]
    assert len({*colors}) == 8
    edge = """([bar, color]) => {
      bar.style.setProperty('--label', color);
      return getComputedStyle(bar.querySelector('i')).boxShadow.split(')')[0] + ')';
    }"""
    track = bars.first.locator(".track").evaluate("track => getComputedStyle(track).backgroundColor")
    bar = bars.first.element_handle()
    for color in (*colors, "#ffffff", "#000000"):
        assert contrast(page, page.evaluate(edge, [bar, color]), track) >= 3, color
    for tab in page.get_by_role("tab").all():
        tab.focus()
        page.keyboard.press("Shift")
        ring, paper = tab.evaluate(
            "tab => [getComputedStyle(tab).outline.split(' 3px')[0].replace(/ solid$| auto$/, ''),"
            " getComputedStyle(document.body).backgroundColor]"
        )
        assert contrast(page, ring, paper) >= 3, ring


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [(1400, 900), (400, 850)], ids=["wide", "narrow"])
def test_no_view_keeps_anybody_out(scheme: str, size: tuple[int, int], furnished: Store, open_page: Open) -> None:
    width, height = size
    page = open_page(color_scheme=scheme, viewport={"width": width, "height": height})
    found = {}
    for view in (*TABS, *OVER_THEM):
        view(page)
        found[view.__name__] = breaches(page)
        page.keyboard.press("Escape")
    assert found == {view.__name__: [] for view in (*TABS, *OVER_THEM)}
