"""A version's result in a real browser: it names what the camera shows beside the other version, and one is chosen."""

from __future__ import annotations

from typing import Any

import pytest

from labeling.store import Store
from models.versions import Versions
from tests.e2e.conftest import Open, choose_tab
from tests.labeling.face_patterns import face
from tests.made_versions import copy_base
from tests.serving import Server

sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
Page = Any


def write_turned_version(server: Server, held_out: list[int]) -> None:
    """Version 1: the base model's answers, under each other's names."""
    versions = Versions(server.home / "versions")
    base = versions.get(0).card
    facts = {"labels": base.labels[::-1], "held_out_ids": tuple(held_out), "compared_with": 0}
    copy_base(versions, 1, base.model_copy(update=facts))


def see(locator: Any, text: str) -> None:
    sync_api.expect(locator).to_contain_text(text)


def test_two_versions_answer_one_camera_and_one_is_chosen_by_keyboard(
    server: Server, store: Store, open_tab: Open
) -> None:
    write_turned_version(server, [store.images.add(face(number), label="neutral").image_id for number in range(3)])
    page = open_tab("Train", viewport={"width": 400, "height": 850})
    asked: list[str] = []
    page.on("request", lambda request: asked.extend([request.url] if "/compare/" in request.url else []))
    row = page.locator(".train-versions tr[data-version='1']")
    see(row.locator("[data-heading='held-out faces']"), "%")  # scored while nobody waited for it
    row.get_by_role("button", name="Version 1").press("Enter")
    heading = page.locator(".train-heading[data-version='1']")
    heading.get_by_role("button", name="Start camera").press("Enter")
    old, new = (heading.locator(".preview-answer b").nth(at) for at in (0, 1))
    see(old, "happiness")
    see(new, "fear")
    assert asked and all(url.endswith("/compare/0/1") for url in asked)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")

    choose_tab(page, "Live")
    page.wait_for_timeout(500)
    seen = len(asked)
    page.wait_for_timeout(1000)
    assert len(asked) == seen  # out of sight it costs nothing
    choose_tab(page, "Train")
    heading.locator(".preview-stage").scroll_into_view_if_needed()
    see(new, "fear")

    heading.get_by_role("button", name="Use", exact=True).press("Enter")
    see(page.locator("#mien-status"), "version 1")
    see(heading.locator("h2"), "in use")
    assert page.evaluate("document.activeElement.closest('.train-heading') !== null")
    heading.get_by_role("button", name="Go back to the base model").press("Enter")
    see(page.locator("#mien-status"), "base model")
    heading.get_by_role("button", name="Keep the old one").press("Enter")
    see(page.locator(".mien-toast.shown"), "The base model stays in use.")
