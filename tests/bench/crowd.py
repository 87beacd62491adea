"""How many cameras a server looks at, and a camera with many faces."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psutil

from tests.bench.alone import measured_alone
from tests.bench.meanwhile import looking
from tests.serving import Server

FRAME_RATE = 30
"""Frames a second that each of several cameras sends at most."""
QUICK_RATE = 60
ENOUGH = 10
"""Frames a second below which a view is not live."""
STEP = 4
"""Cameras to which the search is exact."""
Figures = dict[str, float]


def several_cameras(server: Server, count: int, seconds: float) -> Figures:
    """So many cameras at once, for so long: their rate, the longest wait, and whether the server's memory grows."""
    with memory_meanwhile(server) as megabytes:
        seen = measured_alone("cameras", server.url, count, seconds, FRAME_RATE, 1)
    settled = megabytes[min(20, len(megabytes) // 3) :]
    return {
        "cameras": count,
        "cameras_seconds": seconds,
        **{f"cameras_{name}": value for name, value in seen.items()},
        "cameras_memory_growth_mb": settled[-1] - settled[0] if settled else 0.0,
        "cameras_memory_mb": max(megabytes, default=0.0),
    }


def most_cameras(server: Server, expected: int, seconds: float) -> Figures:
    """The most cameras, to the next four, of which the slowest still has `ENOUGH` frames a second."""
    most, too_many, kept = 0, 0, Figures()
    count = max(STEP, expected // STEP * STEP)
    while not too_many or too_many - most > STEP:
        seen = measured_alone("cameras", server.url, count, seconds, FRAME_RATE, 1)
        if seen["slowest_frames_per_second"] >= ENOUGH:
            most, kept = count, seen
        else:
            too_many = count
        if not too_many:
            count = most + max(2 * STEP, most // 4 // STEP * STEP)
        elif most:
            count = (most + too_many) // 2 // STEP * STEP
        else:
            count = max(STEP, too_many - 2 * STEP)
    names = ("slowest_frames_per_second", "frames_per_second", "wait_p95_ms", "refused", "own_processors")
    return {"most_cameras": most, **{f"most_cameras_{name}": kept[name] for name in names if name in kept}}


def many_faces(server: Server, seconds: float) -> Figures:
    """Twelve faces before one camera."""
    seen = measured_alone("cameras", server.url, 1, seconds, QUICK_RATE, 12)
    kept = ("frames_per_second", "wait_p50_ms", "wait_p95_ms", "faces_per_frame")
    return {f"twelve_faces_{name}": seen[name] for name in kept}


def memory(server: Server) -> float:
    """The server's resident memory in MB."""
    return float(process_of(server).memory_info().rss / 2**20)


def process_of(server: Server) -> psutil.Process:
    assert server.process is not None
    return psutil.Process(server.process.pid)


@contextmanager
def memory_meanwhile(server: Server) -> Iterator[list[float]]:
    """The server's memory, once a second."""
    megabytes: list[float] = []
    with looking(lambda: megabytes.append(memory(server)), every=1):
        yield megabytes
