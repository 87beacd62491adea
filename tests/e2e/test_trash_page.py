"""Deletion and undo in a real browser: into the trash and back, for good, and a merged label that comes back."""

from __future__ import annotations

from typing import Any

import pytest

from labeling.store import Store
from tests.e2e.conftest import Open, rows
from tests.labeling.face_patterns import face
from tests.serving import Server

Page = Any


def view(page: Page, name: str) -> None:
    page.click(f"[data-view={name}]")


def delete_first(page: Page, answer: str) -> str:
    """Deletes the first image of the gallery by the keyboard; what was said before it."""
    page.locator(".tile").first.click()
    page.keyboard.press("Delete")
    said = str(page.locator(".mien-dialog p").inner_text())
    page.click(f".mien-dialog button:has-text('{answer}')")
    page.wait_for_selector(".mien-dialog", state="detached")
    return said


def shown(page: Page, tiles: int, kind: str = "tile") -> None:
    page.wait_for_function("([kind, n]) => document.querySelectorAll(`.${kind}`).length === n", arg=[kind, tiles])


def test_what_is_deleted_waits_in_the_trash_over_reloads_until_it_is_restored(store: Store, open_tab: Open) -> None:
    ids = [store.images.add(face(number), label="fear").image_id for number in range(3)]
    page = open_tab("Review")
    view(page, "gallery")
    shown(page, 3)
    said = delete_first(page, "Move to trash")
    assert "restored for 30 days, or until you empty it" in said
    page.wait_for_selector(".mien-toast.offer.shown:has-text('1 image moved to the trash')")
    shown(page, 2)
    page.goto("about:blank")
    page.go_back()
    view(page, "trash")
    shown(page, 1, "trash-tile")
    assert page.locator(".trash-tile").inner_text().split("\n") == ["fear", "30 days left"]
    page.wait_for_function("document.querySelector('.trash-tile img').naturalWidth > 0")
    assert page.locator("[data-trash-told]").inner_text().startswith("1 image, ")
    page.locator(".trash-tile input").focus()
    page.keyboard.press("Space")
    page.click("[data-trash-restore]:has-text('Restore 1 image')")
    page.wait_for_selector("[data-trash-empty]:not([hidden])")
    view(page, "gallery")
    shown(page, 3)
    assert {item.id for item in store.gallery.page().items} == set(ids)


def test_a_deletion_is_undone_by_u_after_a_reload_too(store: Store, open_tab: Open) -> None:
    for number in range(2):
        store.images.add(face(number), label="fear")
    page = open_tab("Review")
    view(page, "gallery")
    shown(page, 2)
    delete_first(page, "Move to trash")
    shown(page, 1)
    page.reload()
    page.wait_for_selector("[data-undo-last]:not([hidden])")
    assert page.locator("[data-undo-last] span").inner_text() == "Undo: 1 image moved to the trash"
    view(page, "labels")
    field = page.locator("[data-label-add] input")
    field.press("u")  # where somebody types, U is a letter
    assert field.input_value() == "u" and store.gallery.page().total == 1
    field.blur()
    page.keyboard.press("u")
    page.wait_for_selector(".mien-toast.shown:has-text('Undone: 1 image as before.')")
    page.wait_for_selector("[data-undo-last]", state="hidden")
    view(page, "gallery")
    shown(page, 2)
    assert store.gallery.page().total == 2 and store.trash.figures().images == 0


def test_deleted_for_good_and_emptied_is_in_no_file(server: Server, store: Store, open_tab: Open) -> None:
    for number in range(4):
        store.images.add(face(number), label="fear", subject="Ada" if number < 2 else "Bo")
    page = open_tab("Review")
    view(page, "gallery")
    shown(page, 4)
    delete_first(page, "Move to trash")
    shown(page, 3)
    delete_first(page, "Delete for good now")
    page.wait_for_selector(".mien-toast.shown:has-text('1 image deleted for good')")
    assert page.locator(".mien-toast.offer.shown").count() == 1  # of the image before, whose offer stays
    view(page, "overview")
    page.wait_for_selector(".removal .in-trash:has-text('Still in the trash: 1 image, ')")
    page.click(".removal .in-trash button")
    shown(page, 1, "trash-tile")
    page.click("[data-trash-remove]:has-text('Empty trash')")
    assert "This cannot be undone" in page.locator(".mien-dialog p").inner_text()
    page.click(".mien-dialog .danger")
    page.wait_for_selector("[data-trash-empty]:not([hidden])")
    assert rows(server, "SELECT count(*) FROM images") == [(2,)]
    page.click("[data-undo-last]")
    page.wait_for_selector(".mien-toast.bad.shown:has-text('nothing to undo any more')")
    held = b"".join(path.read_bytes() for path in server.home.glob("mien.db*"))
    assert [face(number).data[-90:-30] in held for number in range(4)] == [True, True, False, False]


@pytest.mark.parametrize("reload", [False, True])
def test_a_merged_label_comes_back_as_it_was(store: Store, open_tab: Open, reload: bool) -> None:
    store.labels.add("wink", color="#123456")
    ids = [store.images.add(face(number), label="wink").image_id for number in range(3)]
    wink = store.labels.get("wink")
    page = open_tab("Review")
    view(page, "labels")
    page.click("tr[data-label=wink] button:has-text('Merge')")
    page.locator(".mien-dialog select").select_option("fear")
    page.click(".mien-dialog .primary")
    page.wait_for_selector("tr[data-label=wink]", state="detached")
    assert store.overview.label_counts() == {"fear": 3}
    store.annotations.annotate(ids[:1], "anger")
    if reload:
        page.reload()
        page.wait_for_selector("[data-undo-last]:has-text('“wink” is merged into “fear”')")
        page.keyboard.press("u")
    else:
        page.click(".mien-toast.offer.shown button")
    page.wait_for_selector("tr[data-label=wink]")
    page.wait_for_selector(".mien-toast.shown:has-text('“wink” is back, with 2 images. 1 image answered again since')")
    assert store.labels.get("wink") == wink
    assert store.overview.label_counts() == {"wink": 2, "anger": 1}


def test_an_offer_to_undo_stays_for_its_time_whatever_else_is_said(store: Store, open_tab: Open) -> None:
    store.images.add(face(1), label="fear")
    page = open_tab("Review")
    view(page, "gallery")
    shown(page, 1)
    delete_first(page, "Move to trash")
    page.wait_for_selector(".mien-toast.offer.shown")
    page.evaluate("window.began = performance.now()")
    view(page, "labels")
    page.locator("[data-label-add] input").last.fill("fear")
    page.locator("[data-label-add] input").last.press("Enter")
    page.wait_for_selector(".mien-toast.bad.shown")
    assert page.locator(".mien-toast.offer.shown button").is_visible()
    page.wait_for_selector(".mien-toast.offer:not(.shown)", state="attached")
    assert page.evaluate("performance.now() - window.began") > 7500
