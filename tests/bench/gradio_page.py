"""Gradio's own streaming image at the same work, in the same browser, at the same camera.

Its page does not say which frame an answer belongs to. So each frame of the camera's film bears its number, as black
and white squares in the picture's lowest rows. The page's video says when a frame came (`requestVideoFrameCallback`,
the moment from which Mien's page counts too), the answered picture which frame it is: the latency is the time from the
one to the other's `load`. A frame that the video passed over counts as come with the next, in Gradio's favour. Reading
the squares takes a fraction of a millisecond.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import cv2
from playwright.sync_api import Browser

from tests.bench.crowd import process_of
from tests.bench.live_page import traced
from tests.bench.targets import percentile
from tests.serving import Server, free_port, moving_face

BITS = 7
SQUARE = 24
"""Pixels."""
WIDTH, HEIGHT = 640, 480
START_LIMIT = 120.0

WATCH = f"""() => {{
  const pen = new OffscreenCanvas({BITS}, 1).getContext("2d", {{ willReadFrequently: true }});
  const numberOn = (picture, width, height) => {{
    const [x, y] = [width / {WIDTH}, height / {HEIGHT}];
    pen.drawImage(picture, 0, height - {SQUARE} * y, {BITS * SQUARE} * x, {SQUARE} * y, 0, 0, {BITS}, 1);
    const pixels = pen.getImageData(0, 0, {BITS}, 1).data;
    let number = 0;
    for (let bit = 0; bit < {BITS}; bit += 1) number += pixels[4 * bit] > 127 ? 2 ** bit : 0;
    return number;
  }};
  const taken = [];
  let last = 0;
  const video = document.querySelector("video");
  const see = () => {{
    const number = numberOn(video, video.videoWidth, video.videoHeight);
    do taken[(last = (last + 1) % {2**BITS})] = performance.now(); while (last !== number);
    video.requestVideoFrameCallback(see);
  }};
  video.requestVideoFrameCallback(see);
  window.trace = [];
  document.addEventListener("load", ({{ target }}) => {{
    if (!(target instanceof HTMLImageElement) || target.naturalWidth < {WIDTH}) return;
    const now = performance.now();
    window.trace.push([now, now - taken[numberOn(target, target.naturalWidth, target.naturalHeight)]]);
  }}, true);
}}"""


def write_numbered_camera(path: Path) -> Path:
    """A camera file for Chromium: YUV4MPEG2 at 60 frames a second, a loop of the moving face, each frame numbered."""
    with path.open("wb") as file:
        file.write(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F60:1 Ip A1:1 C420jpeg\n".encode())
        for number in range(2**BITS):
            picture = moving_face(number, 2**BITS, WIDTH, HEIGHT)
            for bit in range(BITS):
                picture[-SQUARE:, bit * SQUARE : (bit + 1) * SQUARE] = 255 * (number >> bit & 1)
            file.write(b"FRAME\n" + cv2.cvtColor(picture, cv2.COLOR_RGB2YUV_I420).tobytes())
    return path


def gradio_latency(browser: Browser, folder: Path, seconds: float) -> dict[str, float]:
    """Answers a second shown, how long after their frames, and the server's times for one."""
    looks = folder / "gradio-looks"
    with gradio_server(folder, looks) as server:
        context = browser.new_context(permissions=["camera"])
        page = context.new_page()
        page.set_default_timeout(START_LIMIT * 1000)
        page.goto(server.url)
        page.locator("[title='grant webcam access'] button").click()
        page.locator(".capture-button").click()
        while not looks.exists() or len(looks.read_text().split()) < 30:
            page.wait_for_timeout(200)
        page.evaluate(WATCH)
        page.wait_for_timeout(2500)  # each number has been seen once
        trace, used = traced(page, process_of(server), seconds)
        context.close()
    waits = [wait for _, wait in trace]
    spent = [float(line) for line in looks.read_text().split()]
    return {
        "gradio_frames_per_second": len(trace) / seconds,
        "gradio_round_trip_p50_ms": percentile(waits, 50),
        "gradio_round_trip_p95_ms": percentile(waits, 95),
        "gradio_server_ms_per_frame": percentile(spent, 50),
        "gradio_processor_ms_per_answer": 1000 * used / max(1, len(trace)),
    }


@contextmanager
def gradio_server(folder: Path, looks: Path) -> Iterator[Server]:
    """`tests.bench.gradio_stream`, once it answers."""
    server = Server(folder / "gradio", free_port())
    command = [sys.executable, "-m", "tests.bench.gradio_stream", str(server.port), str(looks)]
    server.process = subprocess.Popen(command, stdout=sys.stderr)  # what Gradio prints is no figure
    try:
        began = time.monotonic()
        while not server.answers():
            if server.process.poll() is not None or time.monotonic() - began > START_LIMIT:
                raise RuntimeError("Gradio's streaming page did not start.")
            time.sleep(0.2)
        yield server
    finally:
        server.stop()
