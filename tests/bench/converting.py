"""The live view's rate while a version is converted beside it."""

from __future__ import annotations

import threading
from collections.abc import Callable

import httpx
from playwright.sync_api import Page

DOORS = ("bundle?palettize=true", "web-kit", "onnx-kit")
"""Each makes models anew, in a process of its own."""


def while_converting(page: Page, url: str, version: int, rate: Callable[[Page, Callable[[], object]], float]) -> float:
    """Frames a second of `page` as `rate` counts them while one zip after the other is made of `version`."""
    failed: list[str] = []

    def convert() -> None:
        with httpx.Client(base_url=url, timeout=600) as client:
            for door in DOORS:
                answer = client.post(f"/mien/api/data/train/versions/{version}/{door}")
                if answer.status_code != 200:
                    failed.append(answer.text)

    worker = threading.Thread(target=convert)

    def watch() -> None:
        worker.start()
        while worker.is_alive():
            page.wait_for_timeout(100)

    found = rate(page, watch)
    if failed:
        raise RuntimeError(failed[0])
    return found
