"""The first loop, by a browser that clicks: a page is opened, two expressions are held once, a version names them live
and is taken home through each of the doors.

The camera is a canvas in the page: it shows the portrait, plain or with its mouth covered, moving all the time, so that
one can pose for each hold. Everything else is as its user has it: the server, its training process, the page, a mouse.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from labeling.store import Store
from models.card import Seconds
from models.home import Home
from models.versions import Versions
from tests.bench.targets import machine, verdict
from tests.posing_camera import POSES, posing_camera
from tests.serving import browser_flags, chromium, serving
from training.export.proved_onnx import PROVED
from training.export.proved_package import own_package

TARGETS: dict[str, tuple[str, float]] = {
    "first_named_face_s": ("at most", 2),
    "first_sample_s": ("at most", 3),
    "hold_to_version_s": ("at most", 15),
    "hold_to_core_ml_s": ("at most", 20),
    "clicks": ("at most", 5),
    "clicks_from_retrain_to_a_zip": ("at most", 2),
    "sample_to_iphone_zip_s": ("at most", 25),
    "sample_to_web_zip_s": ("at most", 25),
    "sample_to_onnx_zip_s": ("at most", 25),
    "iphone_zip_mb": ("at most", 6),
    "web_zip_mb": ("at most", 6),
}
DOORS = ("iphone", "web", "onnx")
FRAMES = 20
"""How many samples of each label are collected."""
WATCH = """
  window.seen = { named: 0, version: 0, label: "" };
  const tell = EventTarget.prototype.dispatchEvent;
  EventTarget.prototype.dispatchEvent = function (event) {
    const answer = event.type === "frame" && event.detail?.answer;
    const done = tell.call(this, event);
    if (answer?.faces?.length) {
      const { label } = answer.faces[0];
      window.seen = { named: window.seen.named + 1, version: answer.version, label };
    }
    return done;
  };
"""
"""Notes what the page drew last: how many answers had a face, by which version, and the face's label."""


def measure(arguments: list[str]) -> dict[str, Any]:
    parser = argparse.ArgumentParser(prog="python -m tests.bench loop")
    parser.add_argument("--screenshots", type=Path, metavar="FOLDER", help="keep a picture of each step")
    chosen = parser.parse_args(arguments)
    before = machine()
    with tempfile.TemporaryDirectory(prefix="mien-bench-") as name:
        home = Path(name) / "home"
        with serving(home) as server, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium(), args=browser_flags(None))
            page = browser.new_context(viewport={"width": 1400, "height": 900}).new_page()
            page.set_default_timeout(300_000)
            page.add_init_script(posing_camera() + WATCH)
            figures = FirstLoop(page, Home(home), chosen.screenshots).go(server.url)
            browser.close()
    rounded = {key: round(value, 2) for key, value in figures.items()}
    return {
        "machine": before,
        "figures": rounded,
        "targets": {name: verdict(name, figures, TARGETS) for name in TARGETS},
    }


class FirstLoop:
    """What one person does, and the seconds that it took from the page's opening and from the first hold on."""

    def __init__(self, page: Page, home: Home, screenshots: Path | None) -> None:
        self.page, self.home, self.screenshots = page, home, screenshots
        self.store = Store(home.database_url)
        self.clicks = 0

    def go(self, url: str) -> dict[str, float]:
        opened = time.monotonic()
        self.page.goto(url)
        until(lambda: self.page.evaluate("window.seen.named"))
        named = time.monotonic()
        self.shoot("named")
        self.click("#tab-collect")
        self.click(f".label-card[data-label={POSES[0]}]")
        self.clicks = 0  # from the first hold on

        held = time.monotonic()
        self.hold(POSES[0])
        self.page.locator("[data-add] input").fill(POSES[1])
        self.page.keyboard.press("Enter")
        self.page.wait_for_selector(f".label-card[data-label={POSES[1]}][aria-checked=true]")
        self.hold(POSES[1])
        collected = time.monotonic()
        self.click("#tab-train")
        self.click("[data-retrain]:enabled")
        clicked = time.monotonic()
        self.click("#tab-live")
        until(self.has_own_version)
        live = time.monotonic()
        until(lambda: self.page.evaluate("window.seen.label") == POSES[1])
        self.shoot("live")
        version = int(self.page.evaluate("window.seen.version"))
        versions = Versions(self.home.versions)
        proved, packed = first_times(
            lambda: (versions.get(version).path / PROVED).is_file(), lambda: own_package(versions.get(version))
        )
        clicks, seen = self.clicks, live - self.first_sample
        self.click("#tab-train")
        # The package and the ONNX proofs were waited for: what a click on a door would have waited for counts for it.
        waited = {"iphone": packed - live, "web": 0.0, "onnx": proved - live}
        taken = {door: self.take_home(door) for door in DOORS}
        kits = {f"sample_to_{door}_zip_s": seen + waited[door] + taken[door][0] for door in DOORS}
        kits |= {f"{door}_zip_mb": taken[door][1] / 2**20 for door in DOORS}
        self.shoot("taken-home")
        run = self.store.runs.latest()
        seconds = versions.get(version).card.seconds or Seconds(training=0, total=0)
        assert run is not None and run.started is not None
        return {
            "first_named_face_s": named - opened,
            "first_sample_s": self.first_sample - opened,
            "hold_to_version_s": live - held,
            "hold_to_core_ml_s": packed - held,
            **kits,
            "clicks": float(clicks),
            "clicks_from_retrain_to_a_zip": float(self.clicks - clicks - len(DOORS) + 1),  # the tab, and a door
            "two_holds_s": collected - held,
            "retrain_to_version_s": live - clicked,
            "process_ready_s": (run.started - run.created).total_seconds(),
            "training_s": seconds.training,
            "run_to_version_s": seconds.total,
        }

    def has_own_version(self) -> bool:
        """Whether the Live view names with a version of one's own. Raises RuntimeError where none is put to use."""
        run = self.store.runs.latest()
        if run is not None and not run.open and (run.reason or run.version is None):
            raise RuntimeError(f"The run is {run.state}, and no version is in use: {run.reason}")
        return bool(self.page.evaluate("window.seen.version"))

    def click(self, selector: str) -> None:
        self.page.click(selector)
        self.clicks += 1

    def take_home(self, door: str) -> tuple[float, int]:
        """Seconds from a click on a door until its zip is on disk, and its bytes."""
        began = time.monotonic()
        with self.page.expect_download() as downloading:
            self.click(f"[data-download={door}]")
        return time.monotonic() - began, downloading.value.path().stat().st_size

    def hold(self, label: str) -> None:
        """Pose, and hold the button until so many faces are kept."""
        self.page.evaluate("(pose) => { window.pose = pose; }", label)
        before = self.kept(label)
        button = self.page.locator("[data-hold]")
        button.hover()
        self.page.mouse.down()
        self.clicks += 1
        until(lambda: self.kept(label) > before)
        if label == POSES[0]:
            self.first_sample = time.monotonic()
        until(lambda: self.kept(label) >= before + FRAMES)
        self.shoot(f"hold-{label}")
        self.page.mouse.up()

    def kept(self, label: str) -> int:
        return self.store.overview.label_counts().get(label, 0)

    def shoot(self, name: str) -> None:
        if self.screenshots is not None:
            self.page.screenshot(path=self.screenshots / f"{name}.png")


def first_times(*hold: Callable[[], Any], within: float = 300) -> list[float]:
    """When each of them held first. Raises TimeoutError."""
    times: dict[int, float] = {}

    def all_held() -> bool:
        times.update({n: time.monotonic() for n, holds in enumerate(hold) if n not in times and holds()})
        return len(times) == len(hold)

    until(all_held, within)
    return [times[n] for n in range(len(hold))]


def until(holds: Callable[[], Any], within: float = 300) -> None:
    """Wait until `holds()` does; looked at twenty times a second."""
    end = time.monotonic() + within
    while not holds():
        if time.monotonic() > end:
            raise TimeoutError(f"waited {within} seconds in vain")
        time.sleep(0.05)
