"""Several cameras at one server, without a browser: each sends frames as the page does, two in flight at most."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import psutil
from websockets.asyncio.client import connect

from tests.serving import Server, jpeg, moving_face

FRAME_RATE = 30
IN_FLIGHT = 2


@dataclass
class Camera:
    """What one camera saw: when answers came, and how long each was waited for, in seconds."""

    answered: list[float] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    faces: int = 0
    refused: int = 0


def film(steps: int = 60) -> list[bytes]:
    return [jpeg(moving_face(step, steps), 80) for step in range(steps)]


def run_cameras(server: Server, count: int, seconds: float) -> tuple[list[Camera], list[float]]:
    """Run `count` cameras for that long; what each saw, and the server's memory in MB, once a second."""
    assert server.process is not None
    memory: list[float] = []
    done = threading.Event()
    process = psutil.Process(server.process.pid)

    def watch() -> None:
        while not done.wait(1):
            memory.append(process.memory_info().rss / 2**20)

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        return asyncio.run(_all(server.url, count, seconds)), memory
    finally:
        done.set()
        watcher.join()


async def _all(url: str, count: int, seconds: float) -> list[Camera]:
    frames = film()
    return list(await asyncio.gather(*(_one(url, frames, index, seconds) for index in range(count))))


async def _one(url: str, frames: Sequence[bytes], index: int, seconds: float) -> Camera:
    camera, sent = Camera(), {}
    async with connect(url.replace("http", "ws", 1) + "/live", compression=None, max_size=None) as socket:
        free = asyncio.Semaphore(IN_FLIGHT)
        end = time.monotonic() + seconds

        async def listen() -> None:
            async for text in socket:
                answer, now = json.loads(text), time.monotonic()
                camera.waits.append(now - sent.pop(answer["seq"]))
                free.release()
                if "faces" in answer:
                    camera.answered.append(now)
                    camera.faces += len(answer["faces"])
                else:
                    camera.refused += 1

        listener = asyncio.create_task(listen())
        step = 0
        next_frame = time.monotonic()
        while time.monotonic() < end:
            await free.acquire()
            step += 1
            sent[step] = time.monotonic()
            await socket.send(frames[(step + 7 * index) % len(frames)])
            next_frame = max(next_frame + 1 / FRAME_RATE, time.monotonic())
            await asyncio.sleep(next_frame - time.monotonic())
        await asyncio.sleep(0.5)
        listener.cancel()
    return camera


def percentile(values: Sequence[float], share: float) -> float:
    return float(np.percentile(values, share)) if values else float("nan")
