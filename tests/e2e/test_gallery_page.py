"""The gallery in a real browser: by keyboard alone, an image large, people, filters that hold, and on a phone."""

from __future__ import annotations

import re
from typing import Any

import pytest

from labeling.store import Store
from tests.e2e.conftest import Open
from tests.labeling.face_patterns import face

sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
expect = sync_api.expect

Page = Any


def fill(store: Store, count: int, label: str | None = "fear") -> list[int]:
    return [store.images.add(face(number, 48), label=label).image_id for number in range(count)]


def open_gallery(open_tab: Open, tiles: int, **options: object) -> Page:
    page = open_tab("Review", **options)
    page.click("[data-view=gallery]")
    expect(page.locator(".tile")).to_have_count(tiles)
    return page


def test_images_are_selected_relabelled_and_looked_at_by_keyboard_alone(store: Store, open_tab: Open) -> None:
    ids = fill(store, 65)[::-1]  # as they are shown: the newest first
    page = open_gallery(open_tab, 60)
    selected, offer, title = (page.locator(each) for each in ("[data-selected]", ".mien-toast.offer", "dialog h2"))

    page.keyboard.press("Control+a")
    expect(selected).to_have_text("All 65 images selected, 60 on this page")
    assert page.evaluate("getSelection().toString()") == ""
    page.keyboard.press("3")
    expect(offer).to_contain_text("65 images relabelled as surprise")
    assert store.overview.label_counts() == {"surprise": 65}
    expect(page.locator(".tile-name").first).to_have_text("surprise")
    page.keyboard.press("u")
    expect(page.locator(".tile-name").first).to_have_text("fear")
    assert store.overview.label_counts() == {"fear": 65}

    page.locator("[data-grid]").focus()
    for key in ("ArrowRight", " ", "Shift+ArrowRight"):
        page.keyboard.press(key)
    expect(selected).to_have_text("2 images selected")
    expect(page.locator(".tile[aria-selected=true]")).to_have_count(2)
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    expect(title).to_have_text("fear · 60 of 65")
    page.keyboard.press("ArrowRight")
    expect(title).to_have_text("fear · 61 of 65")
    expect(page.locator("dialog img")).to_have_attribute("src", f"/mien/api/data/images/{ids[60]}")
    page.keyboard.press("5")
    expect(title).to_have_text("anger · 61 of 65")
    expect(page.locator(".large-history li")).to_have_text([re.compile("^anger by you"), re.compile("^fear by you")])
    assert store.annotations.labels_of(ids) == {**dict.fromkeys(ids, "fear"), ids[60]: "anger"}
    expect(page.locator("dialog .mien-toast.offer.shown button")).to_be_visible()
    page.keyboard.press("u")
    expect(page.locator(".large-history li")).to_have_count(1)
    assert store.annotations.labels_of(ids[60:61]) == {ids[60]: "fear"}
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_have_count(0)
    expect(page.locator("[data-page]")).to_have_text("65 images · page 2 of 2")
    expect(page.locator("[data-grid]")).to_be_focused()
    expect(page.locator("[data-grid]")).to_have_attribute("aria-activedescendant", f"tile-{ids[60]}")


def test_each_figure_opens_what_it_counts_and_the_filter_holds(store: Store, open_tab: Open) -> None:
    ids = fill(store, 9)
    store.annotations.annotate(ids[:2], "anger")
    store.annotations.annotate(ids[2:3], kind="skip")
    store.annotations.annotate(ids[3:5], kind="clear")
    page = open_gallery(open_tab, 9)
    page.click("[data-view=overview]")
    figure, chips = page.locator(".mien-figure"), page.locator(".gallery-chip span:first-child")
    for text, number, chip in (
        ("labelled", 6, ["labelled"]),
        ("to label", 2, ["unlabelled"]),
        ("skipped", 1, ["skipped"]),
    ):
        expect(figure.filter(has_text=text).locator("b")).to_have_text(str(number))
        figure.filter(has_text=text).click()
        expect(page.locator("[data-found]")).to_have_text(f"{number} image{'s'[: number > 1]}")
        expect(page.locator(".tile")).to_have_count(number)
        expect(chips).to_have_text(chip)
        page.go_back()
        expect(figure.first).to_be_visible()
    page.locator(".overview-bars .bar", has_text="anger").click()
    expect(chips).to_have_text(["label: anger"])
    assert page.url.endswith("#review/gallery?label=anger")
    page.reload()
    expect(chips).to_have_text(["label: anger"])
    expect(page.locator(".tile")).to_have_count(2)
    page.click("[data-view=labels]")
    page.click("[data-view=gallery]")
    expect(chips).to_have_text(["label: anger"])
    page.click(".gallery-chip")
    expect(page.locator(".tile")).to_have_count(9)
    assert page.url.endswith("#review/gallery")


def test_a_person_is_set_for_a_selection(store: Store, open_tab: Open) -> None:
    ids = fill(store, 3)
    page = open_gallery(open_tab, 3)
    name = page.locator("[data-person=selected] input")
    for number in (0, 1):
        page.locator(".tile").nth(number).click()
    name.fill("x" * 200)
    name.press("Enter")
    expect(page.locator(".mien-toast.bad.shown")).to_have_text(
        "A person's name has at most 64 characters; this one has 200."
    )
    expect(page.locator("[data-selected]")).to_have_text("2 images selected")
    name.fill("<b>Ada</b>")
    name.press("Enter")
    expect(page.locator(".mien-toast.offer")).to_contain_text("<b>Ada</b> is on 2 images now.")
    assert [store.gallery.item(image).subject for image in ids] == [None, "<b>Ada</b>", "<b>Ada</b>"]
    page.locator("[name=subject]").select_option("<b>Ada</b>")
    expect(page.locator(".gallery-chip span:first-child")).to_have_text(["person: <b>Ada</b>"])
    expect(page.locator(".tile")).to_have_count(2)
    page.locator("[name=subject]").blur()
    page.keyboard.press("u")
    expect(page.locator(".tile")).to_have_count(0)
    assert [store.gallery.item(image).subject for image in ids] == [None] * 3


def test_likely_mistakes_wait_for_a_version_of_ones_own(store: Store, open_tab: Open) -> None:
    fill(store, 3)
    page = open_gallery(open_tab, 3)
    page.wait_for_function("document.querySelectorAll('.tile-model .tile-dot').length === 3")  # the base model's word
    page.locator("[name=flag]").select_option("mislabelled")
    expect(page.locator("[data-gallery-empty]")).to_contain_text("once a version has been trained on your own labels")
    page.click("[data-to-train]")
    expect(page.locator("#part-train .train")).to_be_visible()


def test_on_a_phone_nothing_moves_when_images_are_selected(store: Store, open_tab: Open) -> None:
    fill(store, 24)
    page = open_gallery(open_tab, 24, viewport={"width": 400, "height": 850}, has_touch=True, is_mobile=True)
    tile = page.locator(".tile").nth(4)
    tile.scroll_into_view_if_needed()
    before = tile.bounding_box()
    tile.tap()
    expect(page.locator("[data-selected]")).to_have_text("1 image selected")
    assert tile.bounding_box() == before
    assert page.evaluate("document.documentElement.scrollWidth") == 400
    page.evaluate("scrollTo(0, 600)")
    page.wait_for_function("document.querySelector('[data-actions]').getBoundingClientRect().top === 0")
    tile.locator(".tile-open").evaluate("(corner) => corner.click()")
    expect(page.locator("dialog h2")).to_have_text("fear · 5 of 24")
    picture = page.locator(".large-picture").bounding_box()
    assert picture["width"] >= 240 and picture["x"] + picture["width"] <= 400
