"""How live the web kit is in a browser: frames a second on WebAssembly with one thread, and the first face.

Needs npm and Chromium. The camera is a file at 60 frames a second, so that it is no limit. The page is opened in a
browser at rest, as a person's is: one that still starts, or clears away the page before, is busy with that.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import subprocess
import tempfile
import time
import zipfile
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from models.home import open_home
from models.versions import Versions
from tests.bench.targets import machine, verdict
from tests.serving import browser_flags, chromium, free_port, write_quick_camera
from training.export.conversion import convert_to_web

TARGETS = {
    "frames_per_second": ("at least", 30.0),
    "seconds_to_first_face": ("at most", 1.0),
    "kit_megabytes": ("at most", 6.0),
}
PATIENCE = 300_000
"""Milliseconds."""
REST = 1.0
"""Seconds between an empty tab and the page in it."""
FIRST_FACE = """requestAnimationFrame(function look() {
  const stats = document.querySelector("[data-stats]");
  if (Number(stats?.dataset.faces) > 0) window.firstFace = performance.now();
  else requestAnimationFrame(look);
})"""


def measure(arguments: list[str]) -> dict[str, Any]:
    parser = argparse.ArgumentParser(prog="python -m tests.bench web")
    parser.add_argument("--seconds", type=int, default=6, help="how long the page is looked at (%(default)s)")
    parser.add_argument("--times", type=int, default=3, help="how often it is opened (%(default)s)")
    chosen = parser.parse_args(arguments)
    before = machine()
    with tempfile.TemporaryDirectory(prefix="mien-bench-") as name:
        folder = Path(name)
        home = open_home(folder / "home")
        zipped = convert_to_web(home, Versions(home.versions).get(0), folder / "kit.zip", {})
        with zipfile.ZipFile(zipped.path) as archive:
            archive.extractall(folder / "kit")
        npm = shutil.which("npm") or "npm"
        subprocess.run([npm, "ci", "--ignore-scripts", "--silent"], cwd=folder / "kit", check=True)
        figures = {"kit_megabytes": zipped.bytes / 2**20} | page(folder, chosen.seconds, chosen.times)
    rounded = {key: round(value, 2) for key, value in figures.items()}
    return {
        "machine": before,
        "figures": rounded,
        "targets": {name: verdict(name, figures, TARGETS) for name in TARGETS},
    }


def page(folder: Path, seconds: int, times: int) -> dict[str, float]:
    """Medians over so many openings; the first face counts from the page's own start."""
    camera, port = write_quick_camera(folder / "face.y4m"), free_port()
    server = subprocess.Popen(["node", "scripts/serve.js", str(port)], cwd=folder / "kit", stdout=subprocess.PIPE)
    firsts, rates, waits = [], [], []
    try:
        assert server.stdout and server.stdout.readline()
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium(), args=browser_flags(camera))
            for _ in range(times):
                context = browser.new_context(permissions=["camera"])
                opened = context.new_page()
                opened.add_init_script(FIRST_FACE)
                time.sleep(REST)
                opened.goto(f"http://127.0.0.1:{port}/")
                opened.wait_for_selector("[data-stats]:not([data-faces='0'])", state="attached", timeout=PATIENCE)
                firsts.append(float(opened.evaluate("firstFace")) / 1000)
                for _ in range(seconds):
                    time.sleep(1)
                    rates.append(float(opened.locator("[data-rate]").inner_text()))
                    waits.append(float(opened.locator("[data-time]").inner_text()))
                context.close()
            browser.close()
    finally:
        server.terminate()
        server.wait()
    return {
        "frames_per_second": statistics.median(rates),
        "seconds_to_first_face": statistics.median(firsts),
        "milliseconds_a_frame": statistics.median(waits),
    }
