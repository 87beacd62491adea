"""Several cameras at one server, without a browser: each sends frames as the page does, two in flight at most.

`python -m tests.bench.cameras URL COUNT SECONDS RATE FACES`: a process of its own that does as little as it can, for it
shares the machine with the server: frames are encoded before, and of an answer only its number and its faces are read.
A frame that the server drops counts as refused.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray
from websockets.asyncio.client import connect

from tests.bench.targets import percentile
from tests.serving import astronaut, jpeg, moving_face

IN_FLIGHT = 2
SETTLING = 1.0
"""Seconds after the last camera has connected that do not count."""
SEQ = re.compile(r'"seq":\s*(\d+)')


@dataclass
class Camera:
    """What one camera saw while it counted: answers, how long each was waited for in seconds, faces in all."""

    waits: list[float] = field(default_factory=list)
    faces: int = 0
    refused: int = 0


def film(faces: int, steps: int = 60) -> list[bytes]:
    """JPEGs of 640×480, a loop: one large face that moves, or twelve small ones."""
    make = moving_face if faces == 1 else twelve_faces
    return [jpeg(make(step, steps), 80) for step in range(steps)]


def twelve_faces(step: int, steps: int) -> NDArray[np.uint8]:
    """Four columns and three rows of the portrait's head, each 160 pixels wide, that move together."""
    head = cv2.resize(astronaut()[0:250, 100:350], (160, 160), interpolation=cv2.INTER_AREA)
    angle = 2 * np.pi * step / steps
    return np.roll(np.tile(head, (3, 4, 1)), (round(6 * np.cos(angle)), round(8 * np.sin(angle))), (0, 1))


async def run(url: str, count: int, seconds: float, rate: float, frames: Sequence[bytes]) -> list[Camera]:
    sockets = [connect(url.replace("http", "ws", 1) + "/live", compression=None, max_size=None) for _ in range(count)]
    opened = [await socket for socket in sockets]
    counting = time.monotonic() + SETTLING
    shifted = [[*frames[7 * n % len(frames) :], *frames[: 7 * n % len(frames)]] for n in range(count)]
    work = (_film(socket, own, counting, seconds, rate) for socket, own in zip(opened, shifted, strict=True))
    cameras = list(await asyncio.gather(*work))
    await asyncio.gather(*(socket.close() for socket in opened))
    return cameras


async def _film(socket: object, frames: Sequence[bytes], counting: float, seconds: float, rate: float) -> Camera:
    camera, sent, free = Camera(), {}, asyncio.Semaphore(IN_FLIGHT)
    end = counting + seconds

    async def listen() -> None:
        async for text in socket:  # type: ignore[attr-defined]
            now = time.monotonic()
            number = SEQ.search(text)
            assert number, text
            wait = now - sent.pop(int(number[1]))
            free.release()
            if not counting <= now < end:
                continue
            if '"faces"' in text:
                camera.waits.append(wait)
                camera.faces += text.count('"box"')
            else:
                camera.refused += 1

    listener = asyncio.create_task(listen())
    step, due = 0, time.monotonic()
    while time.monotonic() < end:
        await free.acquire()
        step += 1
        sent[step] = time.monotonic()
        await socket.send(frames[step % len(frames)])  # type: ignore[attr-defined]
        due = max(due + 1 / rate, time.monotonic())
        await asyncio.sleep(due - time.monotonic())
    listener.cancel()
    return camera


def main(url: str, count: int, seconds: float, rate: float, faces: int) -> None:
    frames, used, began = film(faces), time.process_time(), time.monotonic()
    cameras = asyncio.run(run(url, count, seconds, rate, frames))
    used = (time.process_time() - used) / (time.monotonic() - began)
    waits = [1000 * wait for camera in cameras for wait in camera.waits]
    figures = {
        "frames_per_second": len(waits) / seconds,
        "slowest_frames_per_second": min(len(camera.waits) for camera in cameras) / seconds,
        "wait_p50_ms": percentile(waits, 50),
        "wait_p95_ms": percentile(waits, 95),
        "longest_wait_ms": max(waits, default=float("inf")),
        "faces_per_frame": sum(camera.faces for camera in cameras) / max(1, len(waits)),
        "refused": sum(camera.refused for camera in cameras),
        "own_processors": used,
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), float(sys.argv[4]), int(sys.argv[5]))
