"""`python -m tests.bench.frames_alone HOME ROUNDS`: the server's time for one frame, without server and socket.

A frame has 640×480 pixels and one face, on one thread. Time of the processor beside time that passes shows that it is.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import cv2

from models.home import open_home
from tests.bench.cameras import film
from tests.bench.targets import percentile
from webapp.live.camera_session import CameraSession
from webapp.studio import Studio

WARMING = 20


def main(home: Path, rounds: int) -> None:
    cv2.setNumThreads(1)
    studio, frames = Studio(open_home(home)), film(1)
    session, times = CameraSession(studio), []
    for index in range(WARMING + rounds):
        if index == WARMING:
            used = time.process_time()
        began = time.perf_counter()
        session.frame(index + 1, frames[index % len(frames)])
        times.append((time.perf_counter() - began) * 1000)
    used = time.process_time() - used
    studio.close()
    figures = {
        "server_ms_per_frame": percentile(times[WARMING:], 50),
        "server_ms_per_frame_p95": percentile(times[WARMING:], 95),
        "server_processor_ms_per_frame": 1000 * used / rounds,
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
