"""A real Mien server in a process of its own, and a real Chromium with a file as its camera."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
START_LIMIT = 180.0


def astronaut() -> NDArray[np.uint8]:
    """A public-domain portrait with one face, (512, 512, 3) RGB; the caller's own."""
    return _astronaut().copy()


@cache
def _astronaut() -> NDArray[np.uint8]:
    from skimage import data

    return np.asarray(data.astronaut(), np.uint8)


def moving_face(step: int, steps: int, width: int = 640, height: int = 480) -> NDArray[np.uint8]:
    """Frame `step` of a loop of `steps` in which the portrait moves on a small circle, (height, width, 3) RGB."""
    angle = 2 * np.pi * step / steps
    picture = cv2.resize(astronaut(), (height, height), interpolation=cv2.INTER_AREA)
    left, top = (width - height) / 2 + 24 * np.sin(angle), 12 * np.cos(angle)
    move = np.array([[1, 0, left], [0, 1, top]], np.float32)
    return np.asarray(cv2.warpAffine(picture, move, (width, height), borderMode=cv2.BORDER_REPLICATE), np.uint8)


def jpeg(rgb: NDArray[np.uint8], quality: int = 85) -> bytes:
    done, data = cv2.imencode(".jpg", cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, quality])
    assert done
    return bytes(data)


def write_camera(path: Path, steps: int = 60, width: int = 640, height: int = 480) -> Path:
    """A camera file for Chromium: Motion JPEG, a loop of the moving face."""
    path.write_bytes(b"".join(jpeg(moving_face(step, steps, width, height), 92) for step in range(steps)))
    return path


def write_lively_camera(path: Path, steps: int = 60) -> Path:
    """A camera file in which the face turns, comes nearer and changes its light: no two frames are near copies."""
    frames = []
    for step in range(steps):
        angle = 2 * np.pi * step / steps
        move = cv2.getRotationMatrix2D((225, 110), 20 * np.sin(angle), 1.2 + 0.3 * np.cos(angle))
        move[:, 2] += 90 + 30 * np.sin(angle), 60
        frame = cv2.warpAffine(astronaut(), move, (640, 480), borderMode=cv2.BORDER_REPLICATE)
        frames.append(jpeg(cv2.convertScaleAbs(frame, alpha=1, beta=10 * np.sin(3 * angle)), 92))
    path.write_bytes(b"".join(frames))
    return path


def write_quick_camera(path: Path, steps: int = 60) -> Path:
    """The same as YUV4MPEG2 at 60 frames a second; Motion JPEG plays at 30."""
    width, height = 640, 480
    with path.open("wb") as file:
        file.write(f"YUV4MPEG2 W{width} H{height} F60:1 Ip A1:1 C420jpeg\n".encode())
        for step in range(steps):
            frame = cv2.cvtColor(moving_face(step, steps, width, height), cv2.COLOR_RGB2YUV_I420)
            file.write(b"FRAME\n" + frame.tobytes())
    return path


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Server:
    """`mien serve` as its user starts it, on 127.0.0.1."""

    home: Path
    port: int = field(default_factory=free_port)
    options: tuple[str, ...] = ()
    process: subprocess.Popen[bytes] | None = None
    seconds_to_page: float = 0.0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> Server:
        command = [sys.executable, "-m", "webapp.cli", "serve", "--no-browser", "--port", str(self.port)]
        began = time.monotonic()
        log = (self.home.parent / f"{self.home.name}.log").open("ab")
        self.process = subprocess.Popen(
            [*command, "--home", str(self.home), *self.options], stdout=log, stderr=log, env={**os.environ}
        )
        log.close()
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() - began > START_LIMIT:
                raise RuntimeError(f"Mien did not start:\n{self.log()}")
            time.sleep(0.05)
        self.seconds_to_page = time.monotonic() - began
        return self

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(self.url, timeout=10) as page:
                return int(page.status) == 200
        except urllib.error.HTTPError as error:
            return error.code == 401
        except (OSError, TimeoutError):
            return False

    def stop(self) -> int:
        """Ends the server as Ctrl-C does; its exit status."""
        assert self.process is not None
        if self.process.poll() is None:
            self.process.send_signal(2)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        return int(self.process.returncode)

    def log(self) -> str:
        return (self.home.parent / f"{self.home.name}.log").read_text("utf-8", "replace")


@contextmanager
def serving(home: Path, *options: str) -> Iterator[Server]:
    """A running server; stopped at the end."""
    server = Server(home, options=options).start()
    try:
        yield server
    finally:
        server.stop()


def chromium() -> str | None:
    """Where Chromium is, or None."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def browser_flags(camera: Path | None) -> list[str]:
    """Chromium's flags; with `camera`, that file is its camera and every page may use it."""
    flags = list(CHROMIUM_FLAGS)
    if camera is not None:
        flags.append(f"--use-file-for-fake-video-capture={camera}")
    return flags
