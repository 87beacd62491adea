"""A real server and a real Chromium. Without a browser these tests skip, except in CI, where that is a failure."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from filelock import FileLock
from sqlalchemy import delete

from labeling.schema import RunRow
from labeling.store import Store
from models.home import Home
from tests.serving import Server, browser_flags, chromium, serving, write_camera, write_lively_camera

sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")

PATIENCE = 240_000
"""Milliseconds that a page may take; busy machines are slow."""

Open = Callable[..., "sync_api.Page"]
VIEWPORT = {"width": 1400, "height": 900}

sync_api.expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def camera(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_camera(tmp_path_factory.mktemp("camera") / "face.mjpeg")


@pytest.fixture(scope="session")
def browser(camera: Path) -> Iterator[sync_api.Browser]:
    """Chromium with the camera file as its camera."""
    path = chromium()
    if path is None:
        reason = "There is no Chromium on the PATH; browser tests need one (Debian: apt install chromium)."
        if os.environ.get("CI", "").lower() == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=browser_flags(camera))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The server of all these tests; `store` empties what they have left."""
    with serving(tmp_path_factory.mktemp("mien") / "home") as running:
        yield running


@pytest.fixture
def store(server: Server) -> Iterator[Store]:
    """The server's data set as it was at first: the page and this test share the file, as the page and `mien` may.

    The base model is in use, and there are no images, versions, runs and labels but the built-in ones; nor is there a
    training process, which may have been making a Core ML model still.
    """
    store = Store(f"sqlite:///{server.home / 'mien.db'}")
    run = store.runs.latest()
    if run and run.open:
        store.runs.end(run.id, "cancelled", "Cancelled.")
    with FileLock(Home(server.home).training_lock, timeout=60, mode=0o600):
        pass
    store.settings.set_active_version(0)
    for folder in (server.home / "versions").iterdir():
        shutil.rmtree(folder)
    store.deletion.delete_where()
    store.deletion.purge()
    for label in store.labels.list(all=True):
        if label.built_in:
            store.labels.change(label.name, enabled=True)
        else:
            store.removals.remove(label.name)
    with store.database.writing() as connection:
        connection.execute(delete(RunRow))
    yield store
    store.close()


@contextmanager
def looking_at(browser: sync_api.Browser, camera: Path) -> Iterator[sync_api.Browser]:
    """A browser of the same kind with another file as its camera."""
    own = browser.browser_type.launch(executable_path=chromium(), args=browser_flags(camera))
    yield own
    own.close()


@pytest.fixture(scope="session")
def lively_browser(browser: sync_api.Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[sync_api.Browser]:
    """Its camera sees a face of which no two frames are near copies."""
    with looking_at(browser, write_lively_camera(tmp_path_factory.mktemp("camera") / "lively.mjpeg")) as own:
        yield own


@pytest.fixture
def camera_browser(browser: sync_api.Browser) -> sync_api.Browser:
    """The browser of `open_page`; a module with another camera has its own."""
    return browser


@pytest.fixture(scope="session")
def contexts() -> dict[object, sync_api.BrowserContext]:
    """The contexts of pages that ask for nothing special, which thus share a cache, by browser and camera."""
    return {}


@pytest.fixture
def open_page(
    camera_browser: sync_api.Browser, server: Server, contexts: dict[object, sync_api.BrowserContext]
) -> Iterator[Open]:
    """`open_page(url=None, camera=True, within=camera_browser, script="", **context)`: a page, its live view
    there; with options for its context in one of its own, and with a script that runs before the page's own.

    `page.foreign` lists requests to other hosts, `page.uncaught` the exceptions that nothing caught, and
    `page.problems` these and what the console called errors.
    """
    pages: list[sync_api.Page] = []
    own_contexts: list[sync_api.BrowserContext] = []

    def open_page(
        url: str | None = None,
        *,
        camera: bool = True,
        within: sync_api.Browser = camera_browser,
        script: str = "",
        **options: object,
    ) -> sync_api.Page:
        context = None if options else contexts.get((within, camera))
        if context is None:
            permissions = ["camera"] if camera else []
            context = within.new_context(permissions=permissions, **({"viewport": VIEWPORT} | options))
            context.set_default_timeout(PATIENCE)
            if options:
                own_contexts.append(context)
            else:
                contexts[within, camera] = context
        page = context.new_page()
        if script:
            page.add_init_script(script)
        pages.append(page)
        address = url or server.url
        page.foreign, page.uncaught, page.problems = [], [], []
        own = (address, address.replace("http", "ws", 1), "data:", "blob:")
        page.on("request", lambda request: request.url.startswith(own) or page.foreign.append(request.url))
        page.on("websocket", lambda socket: socket.url.startswith(own) or page.foreign.append(socket.url))
        page.on("pageerror", lambda error: (page.uncaught.append(str(error)), page.problems.append(str(error))))
        page.on("console", lambda line: line.type == "error" and page.problems.append(line.text))
        page.goto(address)
        wait_until_mounted(page, "Live")
        return page

    yield open_page
    for page in pages:
        if not page.is_closed():
            if page.url.startswith("http"):
                page.evaluate("localStorage.clear(), sessionStorage.clear()")
            page.close()
    for context in own_contexts:
        context.close()


@pytest.fixture
def open_tab(open_page: Open) -> Iterator[Open]:
    """`open_tab(name, **as open_page)`: a page on that tab, on which nothing may go uncaught."""
    pages: list[sync_api.Page] = []

    def open_tab(name: str, **options: object) -> sync_api.Page:
        page = open_page(**options)
        pages.append(page)
        choose_tab(page, name)
        wait_until_mounted(page, name)
        return page

    yield open_tab
    assert [page.uncaught for page in pages] == [[]] * len(pages)


def wait_until_mounted(page: sync_api.Page, name: str) -> None:
    """Until the tab's script listens; before that, what is done to the page is lost."""
    part = f"#part-{name.lower()}"
    page.wait_for_selector(f":is({part} [data-mounted], {part}[data-mounted])", state="attached")


def choose_tab(page: sync_api.Page, name: str) -> None:
    page.get_by_role("tab", name=name, exact=True).click()


def rows(server: Server, query: str) -> list[tuple[object, ...]]:
    """What `query` finds in the server's SQLite file, read past Mien's own code."""
    with closing(sqlite3.connect(server.home / "mien.db", timeout=30)) as connection:
        return connection.execute(query).fetchall()
