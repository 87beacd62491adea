"""How live the live view is: server time, rate and round trip beside Gradio's own, start, memory, eight cameras."""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import cv2
import psutil
import torch
from playwright.sync_api import Browser, sync_playwright

from models.finder import FaceFinder
from models.home import open_home
from models.pictures import decode_frame
from tests.bench.cameras import film, percentile, run_cameras
from tests.serving import Server, browser_flags, chromium, free_port, serving, write_quick_camera
from webapp.live.camera_session import CameraSession
from webapp.studio import Studio

TARGETS: dict[str, tuple[str, float]] = {
    "frames_per_second": ("at least", 30),
    "round_trip_p95_ms": ("at most", 40),
    "times_gradio": ("at least", 4),
    "server_ms_per_frame": ("at most", 12),
    "seconds_to_page": ("at most", 15),
    "memory_mb": ("at most", 1229),
    "cameras_longest_wait_ms": ("at most", 500),
    "cameras_slowest_frames_per_second": ("at least", 1),
    "cameras_memory_growth_mb": ("at most", 50),
}

TRACE = """
  window.trace = [];
  const tell = EventTarget.prototype.dispatchEvent;
  EventTarget.prototype.dispatchEvent = function (event) {
    if (event.type === "faces" && event.detail?.latency) {
      window.trace.push([performance.now(), event.detail.latency, event.detail.faces.length]);
    }
    return tell.call(this, event);
  };
"""

COUNT_SHOWN = """() => {
  window.shown = [];
  new MutationObserver((changes) => changes.forEach(({ target }) => window.shown.push(target.src)))
    .observe(document.body, { subtree: true, attributes: true, attributeFilter: ["src"] });
}"""


def measure(arguments: list[str]) -> dict[str, Any]:
    parser = argparse.ArgumentParser(prog="python -m tests.bench live")
    parser.add_argument("--seconds", type=float, default=15, help="how long each browser run lasts")
    parser.add_argument("--cameras", type=int, default=8)
    parser.add_argument("--camera-seconds", type=float, default=300, help="how long the cameras run")
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="mien-bench-") as name:
        folder = Path(name)
        figures = server_time(folder)
        figures |= page_and_cameras(folder, chosen)
    figures["times_gradio"] = figures["frames_per_second"] / max(figures["gradio_frames_per_second"], 0.1)
    rounded = {key: round(value, 2) for key, value in figures.items()}
    return {"machine": machine(), "figures": rounded, "targets": {name: verdict(name, figures) for name in TARGETS}}


def verdict(name: str, figures: dict[str, float], targets: dict[str, tuple[str, float]] = TARGETS) -> dict[str, Any]:
    kind, limit = targets[name]
    met = figures[name] >= limit if kind == "at least" else figures[name] <= limit
    return {kind: limit, "measured": round(figures[name], 2), "met": bool(met)}


def machine() -> dict[str, Any]:
    load = os.getloadavg()[0]
    return {
        "cores": os.cpu_count(),
        "processor": platform.processor() or platform.machine(),
        "load_before": round(load, 2),
    }


def server_time(folder: Path, rounds: int = 300) -> dict[str, float]:
    """Milliseconds for one frame of 640×480 with one face, on one thread: in all, and by part (medians)."""
    cv2.setNumThreads(1)
    torch.set_num_threads(1)
    studio = Studio(open_home(folder / "server-time"))
    session, frames, finder = CameraSession(studio), film(), FaceFinder()
    times: dict[str, list[float]] = {"all": [], "decode": [], "find": [], "classify": []}

    def timed(name: str, began: float) -> float:
        now = time.perf_counter()
        times[name].append((now - began) * 1000)
        return now

    for index in range(rounds + 20):
        frame = frames[index % len(frames)]
        began = time.perf_counter()
        session.frame(index + 1, frame)
        timed("all", began)
        began = time.perf_counter()
        rgb = decode_frame(frame)
        began = timed("decode", began)
        boxes = [face.box for face in finder.find(rgb)]
        began = timed("find", began)
        studio.predictor.classify_boxes(rgb, boxes)
        timed("classify", began)
    studio.close()
    medians = {name: percentile(values[20:], 50) for name, values in times.items()}
    parts = {f"server_{name}_ms": value for name, value in medians.items() if name != "all"}
    return {
        "server_ms_per_frame": medians["all"],
        "server_ms_per_frame_p95": percentile(times["all"][20:], 95),
        **parts,
    }


def page_and_cameras(folder: Path, chosen: argparse.Namespace) -> dict[str, float]:
    camera = write_quick_camera(folder / "face.y4m")
    with serving(folder / "home") as server:
        figures = {"seconds_to_page": server.seconds_to_page}
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium(), args=browser_flags(camera))
            figures |= browser_rate(browser, server.url, chosen.seconds)
            figures["memory_mb"] = memory(server)
            figures |= gradio_rate(browser, folder, chosen.seconds)
            browser.close()
        figures |= many_cameras(server, chosen.cameras, chosen.camera_seconds)
    return figures


def browser_rate(browser: Browser, url: str, seconds: float) -> dict[str, float]:
    """End to end: from the camera's frame in the browser to its answer drawn."""
    context = browser.new_context(permissions=["camera"])
    page = context.new_page()
    page.add_init_script(TRACE)
    page.goto(url)
    page.wait_for_function("window.trace.length > 30", timeout=180_000)
    page.evaluate("window.trace.length = 0")
    page.wait_for_timeout(seconds * 1000)
    trace = page.evaluate("window.trace")
    context.close()
    waits = [wait for _, wait, _ in trace]
    span = (trace[-1][0] - trace[0][0]) / 1000 if len(trace) > 1 else float("nan")
    return {
        "frames_per_second": (len(trace) - 1) / span,
        "round_trip_p50_ms": percentile(waits, 50),
        "round_trip_p95_ms": percentile(waits, 95),
        "share_of_frames_with_the_face": sum(faces > 0 for *_, faces in trace) / len(trace),
    }


def gradio_rate(browser: Browser, folder: Path, seconds: float) -> dict[str, float]:
    """Gradio's own streaming image with the same finder and network: frames a second answered, and shown."""
    port, count = free_port(), folder / "gradio-count"
    process = subprocess.Popen([sys.executable, "-m", "tests.bench.gradio_stream", str(port), str(count)])
    peer = Server(folder / "home", port)
    context = browser.new_context(permissions=["camera"])
    try:
        began = time.monotonic()
        while not peer.answers():
            if process.poll() is not None or time.monotonic() - began > 180:
                raise RuntimeError("Gradio's streaming page did not start.")
            time.sleep(0.2)
        page = context.new_page()
        page.set_default_timeout(120_000)
        page.goto(peer.url)
        page.locator("[title='grant webcam access'] button").click()
        page.locator(".capture-button").click()
        while not count.exists() or len(count.read_text().split()) < 5:
            page.wait_for_timeout(200)
        page.evaluate(COUNT_SHOWN)
        page.wait_for_timeout(seconds * 1000)
        shown = page.evaluate("window.shown.length") / seconds
        answered = [float(line) for line in count.read_text().split()]
    finally:
        context.close()
        process.terminate()
        process.wait(20)
    recent = [at for at in answered if at > answered[-1] - seconds]
    return {
        "gradio_answered_per_second": (len(recent) - 1) / max(recent[-1] - recent[0], 0.001),
        "gradio_frames_per_second": shown,
    }


def many_cameras(server: Server, count: int, seconds: float) -> dict[str, float]:
    cameras, megabytes = run_cameras(server, count, seconds)
    settled = megabytes[min(20, len(megabytes) // 3) :]
    return {
        "cameras": count,
        "cameras_seconds": seconds,
        "cameras_frames_per_second": sum(len(camera.answered) for camera in cameras) / seconds,
        "cameras_slowest_frames_per_second": min(len(camera.answered) for camera in cameras) / seconds,
        "cameras_wait_p95_ms": 1000 * percentile([wait for camera in cameras for wait in camera.waits], 95),
        "cameras_longest_wait_ms": 1000 * max((max(camera.waits, default=0) for camera in cameras), default=0),
        "cameras_memory_growth_mb": settled[-1] - settled[0] if settled else 0.0,
        "cameras_memory_mb": max(megabytes, default=0.0),
    }


def memory(server: Server) -> float:
    """The server's resident memory in MB."""
    assert server.process is not None
    return float(psutil.Process(server.process.pid).memory_info().rss / 2**20)
