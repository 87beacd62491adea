"""Collect and Review in a real browser: hold the key, label by keyboard alone, relabel in bulk."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import pytest

from labeling.gallery import GalleryFilter
from labeling.store import Store
from tests.e2e.conftest import Open, choose_tab, rows
from tests.labeling.face_patterns import face, picture
from tests.serving import Server, astronaut, jpeg

Page = Any


@pytest.fixture
def camera_browser(lively_browser: Any) -> Any:
    return lively_browser


def view(page: Page, name: str) -> None:
    page.click(f"[data-view={name}]")


def test_holding_the_key_captures_the_face_under_its_label(server: Server, store: Store, open_tab: Open) -> None:
    page = open_tab("Collect")
    page.wait_for_function("document.querySelector('.collect video')?.readyState > 1")
    page.wait_for_selector(".label-card")
    page.fill("[data-subject]", "Ada")
    page.locator("[data-subject]").blur()
    page.keyboard.press("3")
    page.wait_for_selector(".label-card[data-label=surprise][aria-checked=true]")
    page.keyboard.down(" ")
    page.wait_for_function("document.querySelectorAll('.landed-strip img').length >= 5")
    page.keyboard.up(" ")
    page.wait_for_selector(".mien-toast.shown:has-text('saved as surprise')")
    shown = int(page.locator(".label-card[data-label=surprise] .amount").inner_text().removeprefix("1 take · "))
    stored = rows(
        server,
        "SELECT i.session, i.subject, i.source, l.name, i.suggested FROM images i JOIN labels l ON l.id = i.label_id",
    )
    assert len(stored) == shown >= 5
    assert {row[1:4] for row in stored} == {("Ada", "camera", "surprise")}
    assert len({row[0] for row in stored}) == 1
    assert all(row[4] for row in stored)
    page.wait_for_selector(".mien-toast.offer:not(.shown)", state="attached")
    page.keyboard.down(" ")
    page.wait_for_function("(n) => document.querySelectorAll('.landed-strip img').length > n", arg=shown)
    page.keyboard.up(" ")
    page.wait_for_selector(".mien-toast.shown:has-text('saved as surprise')")
    assert len(rows(server, "SELECT DISTINCT session FROM images")) == 2
    page.click(".mien-toast button")
    page.wait_for_selector(".mien-toast:has-text('taken back')")
    assert len(rows(server, "SELECT DISTINCT session FROM images WHERE deleted IS NULL")) == 1


def captures(page: Page) -> bool:
    """Whether the space bar captures while it is held."""
    page.keyboard.down(" ")
    page.wait_for_timeout(200)
    capturing = page.locator("[data-hold-text]").inner_text().startswith("Capturing")
    page.keyboard.up(" ")
    return capturing


def test_the_space_bar_captures_wherever_nobody_is_typing(store: Store, open_tab: Open) -> None:
    page = open_tab("Collect")
    page.wait_for_function("document.querySelector('.collect video')?.readyState > 1")
    page.wait_for_selector(".label-card")
    for _ in range(100):  # until the socket is there
        if captures(page):
            break
    add, mirror = page.locator(".collect-side [data-add] input"), page.locator(".collect [data-mirror]")

    choose_tab(page, "Collect")
    assert captures(page)
    mirrored = mirror.get_attribute("aria-pressed")
    mirror.click()
    assert captures(page) and mirror.get_attribute("aria-pressed") != mirrored
    page.locator("[data-file-label]").select_option(index=1)
    assert captures(page)

    add.fill("wink")
    add.press("Enter")
    page.wait_for_selector(".label-card[data-label=wink][aria-checked=true]")
    assert captures(page) and add.input_value() == ""
    add.fill("blink")
    page.locator(".collect-side [data-add] button").click()
    page.wait_for_selector(".label-card[data-label=blink][aria-checked=true]")
    assert captures(page)
    page.click(".label-card[data-label=wink]")
    assert captures(page)

    page.locator("[data-subject]").press_sequentially("Ada L")
    assert not captures(page) and page.locator("[data-subject]").input_value() == "Ada L "
    mirrored = mirror.get_attribute("aria-pressed")
    for _ in range(40):  # who comes by the Tab key presses what has the focus
        page.keyboard.press("Tab")
        if mirror.evaluate("(button) => button === document.activeElement"):
            break
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    assert not captures(page) and mirror.get_attribute("aria-pressed") != mirrored


def test_the_data_set_is_taken_along(store: Store, open_tab: Open) -> None:
    for number in range(3):
        store.images.add(face(number), label="fear")
    page = open_tab("Collect")
    with page.expect_download() as downloading:
        page.click("[data-export=zip]")
    assert downloading.value.suggested_filename == "mien.zip"
    with zipfile.ZipFile(downloading.value.path()) as archive:
        assert sum(name.startswith("fear/") for name in archive.namelist()) == 3
    page.wait_for_selector(".mien-toast.shown:has-text('3 images exported')")
    with page.expect_download() as downloading:
        page.click("[data-export=csv]")
    assert downloading.value.path().read_text().count("\n") == 4
    assert page.locator("[data-export-running]").is_hidden()


def test_the_countdown_captures_hands_free(server: Server, store: Store, open_tab: Open) -> None:
    page = open_tab("Collect")
    page.wait_for_function("document.querySelector('.collect video')?.readyState > 1")
    page.click(".label-card[data-label=fear]")
    page.click("[data-timer]")
    page.wait_for_selector("[data-countdown]:not([hidden])")
    page.wait_for_selector(".mien-toast.shown:has-text('saved as fear')")
    assert store.overview.label_counts().keys() == {"fear"}


def test_ten_faces_are_labelled_by_keyboard_alone(server: Server, store: Store, open_tab: Open) -> None:
    ids = [store.images.add(face(number)).image_id for number in range(10)]
    page = open_tab("Review")
    page.wait_for_selector("[data-take]:enabled")
    page.wait_for_function("document.querySelector('[data-queue-left]').textContent.startsWith('10 ')")
    page.locator("[data-order]").select_option("newest")
    page.wait_for_function("(id) => document.querySelector('[data-queue-image]').src.endsWith('/' + id)", arg=ids[-1])
    page.wait_for_selector("[data-take]:enabled")
    suggestion = store.gallery.item(ids[-1]).suggested
    for key in ("Enter", "2", "s", "n", "u", "5", "6", "7", "8", "1", "u", "3", "4", "9"):
        page.keyboard.press(key)
    page.keyboard.press("s")
    page.wait_for_selector("[data-queue-empty]:not([hidden])")
    page.wait_for_function("document.querySelector('[data-waiting]').textContent === ''")
    answers = [(item.answer, item.label) for item in store.gallery.page(GalleryFilter()).items]
    named = ["anger", "disgust", "fear", "contempt", "surprise", "sadness"]
    # 9 is no label's key, so it answers nothing.
    assert answers == (
        [("label", suggestion), ("label", "happiness"), ("skip", None)]
        + [("label", name) for name in named]
        + [("skip", None)]
    )
    assert rows(server, "SELECT count(*) FROM images WHERE answer = ''") == [(0,)]


def test_filter_relabel_undo(store: Store, open_tab: Open) -> None:
    crops = [face(number) for number in range(12)]
    for number, crop in enumerate(crops):
        store.images.add(crop, label="fear" if number < 8 else "anger", subject="Bo" if number % 2 else None)
    page = open_tab("Review")
    view(page, "gallery")
    page.wait_for_function("document.querySelectorAll('.tile').length === 12")
    page.locator("[name=label]").select_option("label:fear")
    page.wait_for_function("document.querySelectorAll('.tile').length === 8")
    page.locator(".tile").nth(1).click()
    page.locator(".tile").nth(4).click(modifiers=["Shift"])
    assert page.locator("[data-selected]").inner_text() == "4 images selected"
    page.locator("[data-relabel]").select_option("label:surprise")
    page.wait_for_selector(".mien-toast.shown:has-text('4 images relabelled as surprise')")
    assert store.overview.label_counts() == {"fear": 4, "surprise": 4, "anger": 4}
    page.click(".mien-toast button")
    page.wait_for_function("document.querySelectorAll('.tile').length === 8")
    assert store.overview.label_counts() == {"fear": 8, "anger": 4}


def test_files_are_uploaded_with_a_report(store: Store, open_tab: Open, tmp_path: Path) -> None:
    (tmp_path / "me.jpg").write_bytes(jpeg(astronaut(), 95))
    (tmp_path / "no.jpg").write_bytes(b"hello")
    with zipfile.ZipFile(tmp_path / "faces.zip", "w") as archive:
        for number in range(6):
            archive.writestr(
                f"<b>wink/{number}.jpg" if number == 5 else f"wink/{number}.jpg", jpeg(picture(number, 100))
            )
    page = open_tab("Collect")
    page.locator("[data-files]").set_input_files([tmp_path / name for name in ("me.jpg", "no.jpg", "faces.zip")])
    page.wait_for_selector("[data-upload-text]:has-text('Done.')")
    assert "6 faces added · 0 already there · 2 refused" in page.locator("[data-upload-text]").inner_text()
    page.click("[data-refused] summary")
    assert "<b>wink/5.jpg" in page.locator("[data-refused] ul").inner_text()
    assert store.overview.label_counts() == {"wink": 5}
    page.wait_for_selector(".label-card[data-label=wink]")


def test_the_label_set_is_edited_and_nothing_typed_becomes_markup(store: Store, open_tab: Open) -> None:
    page = open_tab("Review")
    view(page, "labels")
    page.wait_for_selector("[data-label-rows] tr")
    add = page.locator("[data-label-add] input")
    add.fill("<img src=x onerror=alert(1)>")
    add.press("Enter")
    page.wait_for_selector(".mien-toast.bad.shown")
    assert page.locator("[data-label-rows] img").count() == 0
    add.fill("smirk & “co”")
    add.press("Enter")
    page.wait_for_selector("tr[data-label='smirk & “co”']")
    page.locator("tr[data-label=anger] input[type=checkbox]").uncheck()
    page.wait_for_selector("tr[data-label=anger].off")
    assert "anger" not in [label.name for label in store.labels.list()]
    view(page, "overview")
    page.wait_for_selector(".mien-card:has-text('smirk & “co”')")
