"""The Live tab in a room: three people before the camera, a connection that drops, pictures, phones."""

from __future__ import annotations

import base64
import io
import os
import signal
from collections.abc import Iterator

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from labeling.store import Store
from tests.e2e.conftest import PATIENCE, Open, choose_tab, looking_at, rows, wait_until_mounted
from tests.serving import Server, astronaut, jpeg, moving_face

sync_api = pytest.importorskip("playwright.sync_api")
expect = sync_api.expect
pytestmark = pytest.mark.timeout(600)


def room() -> NDArray[np.uint8]:
    """A large face on the left, and two of half its size beside it, (480, 960, 3) RGB."""
    frame = np.full((480, 960, 3), 110, np.uint8)
    frame[:, :480] = moving_face(0, 30, 480, 480)
    frame[240:, 480:720] = moving_face(10, 30, 240, 240)
    frame[240:, 720:] = moving_face(20, 30, 240, 240)
    return frame


@pytest.fixture(scope="module")
def room_browser(browser: sync_api.Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[sync_api.Browser]:
    film = tmp_path_factory.mktemp("camera") / "room.mjpeg"
    film.write_bytes(jpeg(room(), 92) * 2)  # they sit still: nobody is mistaken for another, however slow it is
    with looking_at(browser, film) as crowded:
        yield crowded


@pytest.fixture
def camera_browser(room_browser: sync_api.Browser) -> sync_api.Browser:
    return room_browser


def wait_until_all_are_seen(page: sync_api.Page) -> None:
    page.wait_for_function("document.getElementById('live-stats')?.dataset.faces === '3'", timeout=PATIENCE)


def drawn(page: sync_api.Page) -> int:
    """How many pixels of the canvas over the video are drawn on."""
    script = """() => {
      const canvas = document.querySelector('.stage-overlay');
      const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
      return pixels.filter((value, at) => at % 4 === 3 && value).length;
    }"""
    return int(page.evaluate(script))


def test_every_face_is_chosen_and_taught_by_keyboard_alone(open_page: Open, server: Server, store: Store) -> None:
    page = open_page()
    wait_until_all_are_seen(page)
    which = page.locator("[data-which]")
    expect(which).to_have_text("3 of 3 · largest")  # in the mirror it is on the right
    page.keyboard.press("ArrowLeft")
    expect(which).to_have_text("2 of 3 · chosen")
    expect(page.locator(".live-faces [aria-pressed=true] .place")).to_have_text("2")
    page.keyboard.press("4")
    expect(page.get_by_text("Saved as sadness, not happiness.")).to_be_visible()
    page.keyboard.press("Escape")
    expect(which).to_have_text("3 of 3 · largest")
    page.keyboard.press("Enter")
    menu = page.get_by_role("menu")
    expect(menu.get_by_role("menuitem", name="neutral")).to_be_focused()
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Saved as surprise, not happiness.")).to_be_visible()
    stored = (
        "SELECT width, name FROM images JOIN labels ON labels.id = label_id WHERE deleted IS NULL ORDER BY images.id"
    )
    (small, first), (large, second) = rows(server, stored)
    assert (first, second) == ("sadness", "surprise") and int(str(small)) < 0.7 * int(str(large))
    page.keyboard.press("u")
    expect(page.get_by_text("Taken back")).to_be_visible()
    assert [name for _, name in rows(server, stored)] == ["sadness"]
    assert page.problems == []


def test_collect_takes_the_face_that_is_marked(open_page: Open, server: Server, store: Store) -> None:
    page = open_page()
    wait_until_all_are_seen(page)
    choose_tab(page, "Collect")
    wait_until_mounted(page, "Collect")
    spoken = page.locator("#part-collect [data-spoken]")
    expect(spoken).to_have_text("3 faces in view, the main one is number 3 from the left")
    page.keyboard.press("2")
    page.locator("#part-collect .stage-overlay").press("ArrowLeft")
    expect(spoken).to_have_text("3 faces in view, the main one is number 2 from the left")
    small = captured_width(page, server)
    page.locator("#part-collect .stage-overlay").press("Escape")
    expect(spoken).to_have_text("3 faces in view, the main one is number 3 from the left")
    assert small < 0.7 * captured_width(page, server)


def captured_width(page: sync_api.Page, server: Server) -> int:
    """The width of the image that a short hold of the button adds."""
    query = "SELECT width FROM images WHERE deleted IS NULL ORDER BY id DESC"
    before = len(rows(server, query))
    page.locator("#part-collect [data-hold]").hover()
    page.mouse.down()
    while len(rows(server, query)) == before:
        page.wait_for_timeout(50)
    page.mouse.up()
    page.wait_for_timeout(500)
    return int(str(rows(server, query)[0][0]))


def test_boxes_bars_and_label_go_with_the_connection_and_come_back(
    open_page: Open, server: Server, store: Store
) -> None:
    page = open_page()
    wait_until_all_are_seen(page)
    assert drawn(page) > 500
    label, pill = page.locator("[data-label]").first, page.locator(".live [data-pill]")
    server.stop()
    expect(pill).to_have_text("Connection to Mien lost. Trying again…")
    assert drawn(page) == 0 and label.text_content() == "–"
    assert set(page.locator(".live-bars .number").all_text_contents()) == {"–"}
    expect(page.locator("#part-live [data-spoken]")).to_have_text("Connection to Mien lost. Trying again…")
    server.start()
    wait_until_all_are_seen(page)
    expect(label).to_have_text("happiness")
    expect(pill).to_be_hidden()


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="Windows cannot halt a process.")
def test_a_server_that_falls_silent_leaves_no_boxes_behind(open_page: Open, server: Server) -> None:
    page = open_page()
    wait_until_all_are_seen(page)
    assert server.process is not None
    os.kill(server.process.pid, signal.SIGSTOP)
    try:
        expect(page.locator(".live [data-pill]")).to_have_text("No answer from Mien. Waiting…")
        assert drawn(page) == 0 and page.locator("[data-label]").first.text_content() == "–"
    finally:
        os.kill(server.process.pid, signal.SIGCONT)
    wait_until_all_are_seen(page)


def test_a_screen_reader_is_not_told_every_frame(open_page: Open) -> None:
    page = open_page()
    wait_until_all_are_seen(page)
    expect(page.locator("[data-announced]")).to_have_text("happiness")
    told = page.evaluate(
        """async () => {
          let told = 0;
          const watch = new MutationObserver(() => (told += 1));
          const what = { childList: true, subtree: true, characterData: true };
          for (const region of document.querySelectorAll('[aria-live], [role=status]')) watch.observe(region, what);
          await new Promise((done) => setTimeout(done, 2500));
          return told;
        }"""
    )
    assert told <= 2


@pytest.mark.parametrize(("width", "height"), [(400, 850), (844, 390)])
def test_picture_label_and_bars_stand_on_one_screen_of_a_phone(open_page: Open, width: int, height: int) -> None:
    page = open_page(viewport={"width": width, "height": height})
    wait_until_all_are_seen(page)
    boxes = [page.locator(name).first.bounding_box() for name in (".live .mien-stage", ".live-label", ".live-bars")]
    assert all(box and box["x"] >= 0 and box["y"] >= 0 for box in boxes)
    stage, _, bars = (box for box in boxes if box)
    assert max(box["y"] + box["height"] for box in boxes if box) <= height
    assert page.locator(".live-bars .bar").last.is_visible() and stage["height"] > 0.25 * height
    if width > height:
        assert bars["x"] >= stage["x"] + stage["width"]
    assert page.evaluate("document.documentElement.scrollWidth") <= width


DRAG = """([type, files]) => {
  const data = new DataTransfer();
  for (const [name, bytes] of files) {
    data.items.add(new File([Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0))], name, { type: "image/png" }));
  }
  const event = new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer: data });
  document.querySelector(".mien-header").dispatchEvent(event);
}"""


def test_pictures_are_dropped_anywhere_shown_large_and_their_faces_taught(
    open_page: Open, server: Server, store: Store
) -> None:
    page = open_page()
    files = [["couple.png", picture(room_picture())], ["face.png", picture(Image.fromarray(astronaut()))]]
    page.evaluate(DRAG, ["dragover", files])
    expect(page.get_by_text("Drop pictures to have their faces named")).to_be_visible()
    page.evaluate(DRAG, ["drop", files])
    expect(page.get_by_text("Drop pictures to have their faces named")).to_be_hidden()
    for name, _ in files:
        expect(page.get_by_text(f"{name}: happiness")).to_be_visible()
    page.locator(".picture button").first.click()
    dialog = page.locator("dialog")
    expect(dialog.locator("h2")).to_have_text("face.png · 1 of 2")
    page.keyboard.press("ArrowRight")
    expect(dialog.locator("h2")).to_have_text("couple.png · 2 of 2")
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("menu")).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog.get_by_role("menu")).to_be_hidden()
    expect(dialog).to_be_visible()
    page.keyboard.press("7")
    expect(page.get_by_text("Saved as fear, not happiness.")).to_be_visible()
    stored = "SELECT name, source FROM images JOIN labels ON labels.id = label_id WHERE deleted IS NULL"
    assert rows(server, stored) == [("fear", "upload")]
    page.keyboard.press("u")
    expect(page.get_by_text("Taken back")).to_be_visible()
    assert rows(server, stored) == []
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    assert page.problems == []


def room_picture() -> Image.Image:
    return Image.fromarray(room())


def picture(image: Image.Image) -> str:
    data = io.BytesIO()
    image.save(data, "PNG")
    return base64.b64encode(data.getvalue()).decode()
