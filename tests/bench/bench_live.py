"""How live the live view is, and how light: times, rates and memory of a server, its page and its command line.

Everything is measured from outside or through what every version of the code has (a camera's session, the server, the
command line, suggestions), so that these modules, copied over an older tree's, measure that one as well.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from tests.bench.alone import measured_alone
from tests.bench.crowd import ENOUGH, Figures, many_faces, memory, most_cameras, several_cameras
from tests.bench.gradio_page import gradio_latency, write_numbered_camera
from tests.bench.live_page import page_latency
from tests.bench.targets import machine, verdict
from tests.serving import astronaut, browser_flags, chromium, jpeg, serving

TARGETS: dict[str, tuple[str, float]] = {
    "server_ms_per_frame": ("at most", 2.5),
    "round_trip_p50_ms": ("at most", 10),
    "round_trip_p95_ms": ("at most", 15),
    "most_cameras": ("at least", 40),
    "cameras_longest_wait_ms": ("at most", 500),
    "cameras_memory_growth_mb": ("at most", 50),
    "twelve_faces_frames_per_second": ("at least", 40),
    "seconds_to_page": ("at most", 3),
    "memory_mb": ("at most", 400),
    "suggestions_1000_s": ("at most", 1.5),
    "predict_s": ("at most", 0.7),
    "predict_peak_mb": ("at most", 250),
}
PARTS: dict[str, Callable[[Path, argparse.Namespace], Figures]] = {}


def measure(arguments: list[str]) -> dict[str, Any]:
    parser = argparse.ArgumentParser(prog="python -m tests.bench live")
    parser.add_argument("--seconds", type=float, default=10, help="how long a page is looked at (%(default)s)")
    parser.add_argument("--cameras", type=int, default=8, help="how many are looked at for long (%(default)s)")
    parser.add_argument("--camera-seconds", type=float, default=20, help="how long that is (%(default)s)")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS), metavar="PART", help=" ".join(PARTS))
    chosen = parser.parse_args(arguments)
    before, figures = machine(), Figures()
    with tempfile.TemporaryDirectory(prefix="mien-bench-") as name:
        for part in chosen.only:
            print(f"{part} …", file=sys.stderr)
            figures |= PARTS[part](Path(name), chosen)
    rounded = {key: round(value, 2) for key, value in figures.items()}
    targets = {name: verdict(name, figures, TARGETS) for name in TARGETS if name in figures}
    return {"machine": before, "figures": rounded, "targets": targets}


def frames(folder: Path, _: argparse.Namespace) -> Figures:
    return measured_alone("frames_alone", folder / "frames", 300)


def suggestions(folder: Path, _: argparse.Namespace) -> Figures:
    return measured_alone("suggest_alone", folder / "suggestions", 1000)


def predict(folder: Path, _: argparse.Namespace, times: int = 5) -> Figures:
    """`mien predict` of one picture, the whole process."""
    picture = folder / "picture.jpg"
    picture.write_bytes(jpeg(astronaut()))
    command = [sys.executable, "-m", "webapp.cli", "predict", "--home", str(folder / "predict"), str(picture)]
    whole = measured_alone("whole_process", times, *command)
    return {"predict_s": whole["seconds"], "predict_peak_mb": whole["peak_mb"]}


def start(folder: Path, _: argparse.Namespace, times: int = 3) -> Figures:
    """From the command to the page's answer, each time in a new home."""
    seconds = []
    for number in range(times):
        with serving(folder / f"start-{number}") as server:
            seconds.append(server.seconds_to_page)
    return {"seconds_to_page": statistics.median(seconds)}


def page(folder: Path, chosen: argparse.Namespace) -> Figures:
    """The live page, and Gradio's streaming image at the same camera."""
    camera = write_numbered_camera(folder / "face.y4m")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=browser_flags(camera))
        with serving(folder / "page") as server:
            figures = page_latency(browser, server, chosen.seconds)
            figures["memory_mb"] = memory(server)
        figures |= gradio_latency(browser, folder, chosen.seconds)
        browser.close()
    return figures


def cameras(folder: Path, chosen: argparse.Namespace) -> Figures:
    """Several cameras at once, as many as the server can take, and many faces before one."""
    with serving(folder / "cameras") as server:
        figures = several_cameras(server, chosen.cameras, chosen.camera_seconds)
        expected = int(figures["cameras_frames_per_second"] / ENOUGH)
        return figures | most_cameras(server, expected, seconds=4) | many_faces(server, seconds=5)


PARTS |= {
    "frames": frames,
    "suggestions": suggestions,
    "predict": predict,
    "start": start,
    "page": page,
    "cameras": cameras,
}
