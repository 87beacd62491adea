"""The live page in a browser: answers a second, and the time from a camera's frame to its answer on the page."""

from __future__ import annotations

from typing import Any

import psutil
from playwright.sync_api import Browser, Page

from tests.bench.crowd import process_of
from tests.bench.targets import percentile
from tests.serving import Server

TRACE = """
  window.trace = [];
  const tell = EventTarget.prototype.dispatchEvent;
  EventTarget.prototype.dispatchEvent = function (event) {
    const { answer, latency } = event.detail ?? {};
    const heard = performance.now();
    const done = tell.call(this, event);
    if (event.type === "frame" && answer?.faces && latency) {
      const drawn = performance.now();
      window.trace.push([drawn, latency + drawn - heard, answer.faces.length]);
    }
    return done;
  };
"""
"""Notes when each answer was drawn, how many milliseconds after its frame was taken, and its number of faces."""


def page_latency(browser: Browser, server: Server, seconds: float) -> dict[str, float]:
    """End to end: from the camera's frame in the browser to its answer drawn; and the server's processor time."""
    context = browser.new_context(permissions=["camera"])
    page = context.new_page()
    page.add_init_script(TRACE)
    page.goto(server.url)
    page.wait_for_function("window.trace.length > 60", timeout=120_000)
    trace, used = traced(page, process_of(server), seconds)
    context.close()
    waits = [wait for _, wait, _ in trace]
    span = (trace[-1][0] - trace[0][0]) / 1000 if len(trace) > 1 else float("nan")
    return {
        "frames_per_second": (len(trace) - 1) / span,
        "round_trip_p50_ms": percentile(waits, 50),
        "round_trip_p95_ms": percentile(waits, 95),
        "share_of_frames_with_the_face": sum(faces > 0 for *_, faces in trace) / max(1, len(trace)),
        "processor_ms_per_answer": 1000 * used / max(1, len(trace)),
    }


def traced(page: Page, process: psutil.Process, seconds: float) -> tuple[list[Any], float]:
    """`window.trace` of so many seconds, and the server's processor time in seconds."""
    before = processor_seconds(process)
    page.evaluate("window.trace.length = 0")
    page.wait_for_timeout(seconds * 1000)
    return page.evaluate("window.trace"), processor_seconds(process) - before


def processor_seconds(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)
