"""The Live tab in a real browser, with a film of a real face as its camera."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from labeling.store import Store
from tests.bench.live_page import TRACE
from tests.e2e.conftest import PATIENCE, Open, choose_tab, wait_until_mounted
from tests.serving import Server, astronaut, serving

sync_api = pytest.importorskip("playwright.sync_api")
expect = sync_api.expect
pytestmark = pytest.mark.timeout(600)


def stats(page: sync_api.Page) -> dict[str, str]:
    return dict(page.evaluate("({...document.getElementById('live-stats').dataset})"))


def wait_until_live(page: sync_api.Page) -> None:
    page.wait_for_function("document.getElementById('live-stats')?.dataset.faces === '1'", timeout=PATIENCE)


def title(page: sync_api.Page) -> sync_api.Locator:
    """What stands in the camera's place."""
    return page.locator(".live [data-title]")


ASKED = """
  const { mediaDevices } = navigator;
  const open = mediaDevices.getUserMedia.bind(mediaDevices);
  mediaDevices.getUserMedia = async (wanted) => {
    await new Promise((resolve) => (window.agree = resolve));
    return open(wanted);
  };
"""
"""The camera opens once `agree` is called, as where a person is asked first."""


def drawn(page: sync_api.Page) -> int:
    """How many pixels of the canvas over the video are drawn on."""
    script = """() => {
      const canvas = document.querySelector('.stage-overlay');
      const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
      let count = 0;
      for (let i = 3; i < pixels.length; i += 4) count += pixels[i] > 0;
      return count;
    }"""
    return int(page.evaluate(script))


def test_what_spoke_for_the_answer_is_drawn_ten_times_a_second_and_remembered(open_page: Open) -> None:
    page = open_page()
    wait_until_live(page)
    before = drawn(page)
    page.keyboard.press("?")
    legend = page.locator(".mien-stage .heat-legend").first
    expect(legend).to_have_text("What spoke for happiness", timeout=PATIENCE)
    page.wait_for_function("Number(document.getElementById('live-stats').dataset.fps) >= 10", timeout=PATIENCE)
    assert drawn(page) > 1.5 * before  # inside the box too, whose edges alone were drawn
    page.reload()
    wait_until_live(page)
    expect(page.locator(".live .why-button")).to_have_attribute("aria-pressed", "true")
    expect(legend).to_be_visible(timeout=PATIENCE)
    page.keyboard.press("?")
    expect(legend).to_be_hidden()


def test_the_benchmark_sees_every_answer_that_is_drawn(open_page: Open) -> None:
    page = open_page()
    wait_until_live(page)
    page.evaluate(f"() => {{ {TRACE} }}")
    page.wait_for_function("window.trace.length >= 10", timeout=PATIENCE)
    for _, latency, faces in page.evaluate("window.trace"):
        assert latency > 0 and faces == 1


def test_a_face_gets_its_box_and_its_expression_ten_times_a_second(open_page: Open) -> None:
    page = open_page()
    wait_until_live(page)
    page.wait_for_function("Number(document.getElementById('live-stats').dataset.fps) >= 10", timeout=PATIENCE)
    seen = stats(page)
    assert seen["faces"] == "1" and seen["label"] == "happiness" and float(seen["latencyMs"]) > 0
    assert drawn(page) > 500
    bar = page.locator(".bar.first")
    expect(bar.locator(".name")).to_have_text("happiness")
    expect(bar.locator(".number")).to_have_text(re.compile(r"^\d+\s%$"))
    assert page.locator(".bar").count() == 8
    assert page.problems == []


def test_nothing_comes_from_another_host(open_page: Open) -> None:
    page = open_page()
    for tab in ("Collect", "Review", "Train", "Live"):
        choose_tab(page, tab)
        wait_until_mounted(page, tab)
    page.wait_for_load_state("networkidle")
    wait_until_live(page)
    assert page.foreign == []


def agree(page: sync_api.Page) -> None:
    page.wait_for_function("'agree' in window", timeout=PATIENCE)
    page.evaluate("agree()")
    wait_until_live(page)


def test_bars_keep_their_order_and_nothing_jumps(open_page: Open) -> None:
    page = open_page(script=ASKED)
    agree(page)  # the stage takes the camera's shape, and has it from the start the next time
    page.reload()
    wait_until_mounted(page, "Live")
    before = page.locator(".mien-stage").bounding_box(), page.locator(".live-bars").bounding_box()
    agree(page)
    names = page.locator(".bar .name").all_text_contents()
    page.wait_for_timeout(1000)  # many frames, whose expressions are not all equally strong
    assert names == page.locator(".bar .name").all_text_contents() and names[0] == "neutral"
    assert (page.locator(".mien-stage").bounding_box(), page.locator(".live-bars").bounding_box()) == before


def test_stop_and_start_with_the_keyboard(open_page: Open) -> None:
    page = open_page()
    wait_until_live(page)
    page.keyboard.press("c")
    expect(title(page)).to_have_text("The camera is off")
    assert stats(page)["faces"] == "0" and drawn(page) == 0
    page.keyboard.press("c")
    wait_until_live(page)
    mirror = page.get_by_role("button", name="Mirror")
    expect(mirror).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("m")
    expect(mirror).to_have_attribute("aria-pressed", "false")


def test_every_control_can_be_reached_with_tab_and_shows_focus(open_page: Open) -> None:
    page = open_page()
    wait_until_live(page)
    reached = set()
    for _ in range(40):
        page.keyboard.press("Tab")
        script = """() => {
          const e = document.activeElement;
          return [e.textContent.trim() || e.tagName, getComputedStyle(e).outlineStyle];
        }"""
        text, outline = page.evaluate(script)
        if text in ("Mirror", "Stop", "dark"):
            assert outline == "solid", text
        reached.add(text)
    assert {"Mirror", "Stop", "INPUT", "Keyboard"} <= reached
    assert any("happiness" in text for text in reached)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_light_and_dark_follow_the_system_and_the_toggle(open_page: Open, scheme: str) -> None:
    page = open_page(color_scheme=scheme)
    background = "getComputedStyle(document.body).backgroundColor"
    dark = "document.documentElement.classList.contains('dark')"
    page.wait_for_function(f"{dark} === {json.dumps(scheme == 'dark')}")
    first = page.evaluate(background)
    page.locator(".mien-look").click()
    page.wait_for_function(f"{dark} === {json.dumps(scheme != 'dark')}")
    assert page.evaluate(background) != first
    page.reload()
    page.wait_for_function(f"{dark} === {json.dumps(scheme != 'dark')}")


def test_a_phone_has_no_sideways_scroll(open_page: Open) -> None:
    page = open_page(viewport={"width": 400, "height": 860})
    wait_until_live(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 400
    for name in ("Live", "Collect", "Review", "Train"):
        expect(page.get_by_role("tab", name=name)).to_be_visible()


def test_a_camera_that_cannot_be_had_is_explained(browser: object, server: Server) -> None:
    context = browser.new_context()
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.add_init_script(
        "navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', window.failure))"
    )
    page.add_init_script("window.failure = 'NotAllowedError'")
    page.goto(server.url)
    for failure, words in (
        ("NotAllowedError", "The camera is blocked"),
        ("NotFoundError", "No camera found"),
        ("NotReadableError", "The camera is in use"),
    ):
        page.evaluate("(name) => (window.failure = name)", failure)
        page.get_by_role("button", name="Try again").click()
        expect(title(page)).to_have_text(words)
        expect(page.locator("[data-spoken]")).to_contain_text(words)
    context.close()


def test_a_page_that_is_not_secure_says_so(browser: object, server: Server) -> None:
    context = browser.new_context()
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.add_init_script("Object.defineProperty(navigator, 'mediaDevices', {value: undefined})")
    page.goto(server.url)
    expect(title(page)).to_have_text("This page cannot use the camera")
    context.close()


def test_an_unplugged_camera_is_noticed(open_page: Open) -> None:
    page = open_page()
    wait_until_live(page)
    page.evaluate("document.querySelector('video').srcObject.getVideoTracks()[0].dispatchEvent(new Event('ended'))")
    expect(title(page)).to_have_text("The camera went away")
    page.get_by_role("button", name="Try again").click()
    wait_until_live(page)


def test_the_page_comes_back_when_the_server_does(open_page: Open, server: Server) -> None:
    page = open_page()
    wait_until_live(page)
    server.stop()
    lost = page.locator("[data-pill]", has_text="Connection to Mien lost")
    expect(lost).to_be_visible()
    page.wait_for_function("document.getElementById('live-stats').dataset.fps === '0'")
    server.start()
    wait_until_live(page)
    expect(lost).to_be_hidden()


def test_pictures_are_answered_one_by_one(open_page: Open) -> None:
    page = open_page()
    portrait, empty = Image.fromarray(astronaut()), Image.new("RGB", (200, 160), "grey")
    files = [
        {"name": "face.png", "mimeType": "image/png", "buffer": png(portrait)},
        {"name": "wall.png", "mimeType": "image/png", "buffer": png(empty)},
        {"name": "torn.png", "mimeType": "image/png", "buffer": png(portrait)[:4000]},
    ]
    page.locator("[data-pictures-area] input[type=file]").set_input_files(files)
    expect(page.get_by_text(re.compile(r"face\.png: happiness \d+\s%"))).to_be_visible()
    expect(page.get_by_text("wall.png: no face found")).to_be_visible()
    expect(page.get_by_text(re.compile(r"torn\.png: .*damaged"))).to_be_visible()
    page.get_by_role("button", name="Clear").click()
    assert page.locator(".picture").count() == 0


def png(image: Image.Image) -> bytes:
    data = io.BytesIO()
    image.save(data, "PNG")
    return data.getvalue()


def test_a_click_on_a_face_teaches_and_undo_takes_it_back(open_page: Open, store: Store) -> None:
    page = open_page()
    wait_until_live(page)
    centre = page.evaluate(
        """() => {
          const canvas = document.querySelector('.stage-overlay');
          const { width, height } = canvas;
          const pixels = canvas.getContext('2d').getImageData(0, 0, width, height).data;
          let x = 0, y = 0, n = 0;
          for (let i = 3; i < pixels.length; i += 4) if (pixels[i] > 0) {
            const at = (i - 3) / 4; x += at % width; y += Math.floor(at / width); n += 1;
          }
          const box = canvas.getBoundingClientRect();
          return [box.x + x / n / width * box.width, box.y + y / n / height * box.height];
        }"""
    )
    page.mouse.click(*np.asarray(centre).tolist())
    menu = page.get_by_role("menu")
    expect(menu).to_be_visible()
    menu.get_by_role("menuitem", name="surprise").click()
    expect(page.get_by_text(re.compile("Saved as surprise"))).to_be_visible()
    expect(page.locator("#mien-status")).to_contain_text("1 image")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#mien-status")).to_contain_text("0 images")


def test_a_number_key_teaches_the_main_face(open_page: Open, store: Store) -> None:
    page = open_page()
    wait_until_live(page)
    page.keyboard.press("4")
    expect(page.get_by_text(re.compile("Saved as sadness, not happiness"))).to_be_visible()
    expect(page.locator("#mien-status")).to_contain_text("1 image")


NO_STATUS = """
  const ask = window.fetch;
  window.fetch = (url, ...more) => String(url).endsWith("/status") ? new Promise(() => {}) : ask(url, ...more);
"""
"""The server never says which labels a face can be given."""


def test_a_key_that_stands_beside_a_bar_teaches_before_the_server_has_said_which_labels_there_are(
    open_page: Open, store: Store
) -> None:
    page = open_page(script=NO_STATUS)
    wait_until_live(page)
    page.keyboard.press("Enter")
    expect(page.get_by_role("menuitem")).to_have_count(8)
    page.keyboard.press("4")
    expect(page.get_by_text(re.compile("Saved as sadness, not happiness"))).to_be_visible()
    assert store.images.count() == 1


def test_a_password_is_asked_for_and_then_serves_page_and_socket(
    browser: object, open_page: Open, tmp_path: Path
) -> None:
    with serving(tmp_path / "home", "--auth", "ann:secret") as server:
        stranger = browser.new_context()
        assert stranger.request.get(server.url).status == 401
        stranger.close()
        wait_until_live(open_page(server.url, http_credentials={"username": "ann", "password": "secret"}))
