"""What a figure is worth, in a real browser: said before a run, label by label, and again beside the result."""

from __future__ import annotations

from typing import Any

import pytest

from labeling import intake
from labeling.store import Store
from models.pictures import decode
from tests.e2e.conftest import Open
from tests.e2e.test_train_page import portrait, row, see, stage, title
from tests.labeling.face_patterns import face
from tests.serving import Server, jpeg

sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
Page = Any
HOSTILE = "<img src=x onerror=alert(1)>"


def hold_once(store: Store, label: str, frames: int = 20) -> None:
    """One take of a new label, as one hold of the button gives it."""
    store.labels.add(label)
    for number in range(frames):
        (found,) = intake.faces_in(decode(jpeg(portrait(number / frames, label == "hush"), 92)))
        store.images.add(found.crop, label=label, session=f"one hold of {label}", source="live")


def label_row(page: Page, label: str) -> Any:
    return page.locator(".train-row", has=page.locator(f".name:text-is('{label}')"))


@pytest.mark.timeout(900)
def test_one_hold_of_each_of_two_labels_becomes_a_version_that_is_measured_and_in_use(
    server: Server, store: Store, open_tab: Open
) -> None:
    hold_once(store, "grin")
    hold_once(store, "hush")
    page = open_tab("Train")
    for label in ("grin", "hush"):
        see(label_row(page, label), "1 take · 20")
        see(label_row(page, label), "One take: measured on its end, which flatters. Record it once more, later.")
    page.click("[data-retrain]")
    see(title(page), "Done")
    see(stage(page), "is in use now.")
    run = store.runs.latest()
    assert run is not None and run.version is not None
    see(page.locator("#mien-status"), f"version {run.version}")
    see(row(page, run.version), "in use")
    heading = page.locator(f".train-heading[data-version='{run.version}']")
    see(heading, "10 faces")
    see(heading, "Same take: “grin” and “hush” were measured on the end of the take that they were learned from")
    see(heading, "Record each once more, later, for a figure that counts.")


def test_people_are_chosen_by_keyboard_and_a_label_set_of_sixty_fits(
    server: Server, store: Store, open_tab: Open
) -> None:
    for number in range(60 - len(store.labels.list())):
        store.labels.add(f"a rather long name of a label, {number}")
    for number in range(27):
        label, subject = (("fear", HOSTILE), ("anger", "Bo"), ("anger", "x" * 64))[number % 3]
        store.images.add(face(number), label=label, session=subject, subject=subject)
    page = open_tab("Train", viewport={"width": 400, "height": 850})
    sync_api.expect(page.locator(".train-row")).to_have_count(60)
    assert page.evaluate("document.documentElement.scrollWidth") <= 400
    page.locator("[data-people] summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    see(page.locator("[data-chosen]"), HOSTILE)
    see(label_row(page, "fear"), "All held out: nothing is learned of it.")
    see(label_row(page, "anger"), "Not measured: nobody you hold out shows it.")
    assert page.evaluate("document.documentElement.scrollWidth") <= 400
    page.click("[data-retrain]")
    see(page.locator(".mien-toast.shown"), "Too little is left to learn from")
    assert page.locator("[data-people] :is(img, script)").count() == 0
