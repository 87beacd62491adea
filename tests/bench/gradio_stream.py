"""The same work through Gradio's own `gr.Image(streaming=True)`: `python -m tests.bench.gradio_stream PORT FILE`.

FILE gets the milliseconds that each of the last frames took here, without what Gradio does before and after.
"""

from __future__ import annotations

import os
import sys
import time
from collections import deque
from pathlib import Path

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
os.environ.setdefault("OMP_NUM_THREADS", "1")

import cv2
import gradio as gr
import numpy as np
from numpy.typing import NDArray

from models.finder import LIVE_SIDE, FaceFinder
from models.predictor import Predictor
from models.versions import Versions


def main(port: int, looks: Path) -> None:
    cv2.setNumThreads(1)
    predictor, finder = Predictor(Versions(looks.parent / "versions").get(0)), FaceFinder(LIVE_SIDE)
    spent: deque[float] = deque(maxlen=500)

    def look(frame: NDArray[np.uint8]) -> NDArray[np.uint8]:
        began = time.perf_counter()
        frame = frame.copy()  # Gradio's may be read-only
        faces = finder.find(frame)
        for found, face in zip(faces, predictor.named(frame, faces), strict=True):
            left, top, width, height = (round(value) for value in found.box.as_tuple())
            cv2.rectangle(frame, (left, top), (left + width, top + height), (230, 159, 0), 3)
            cv2.putText(frame, face.label, (left, top - 8), cv2.FONT_HERSHEY_SIMPLEX, 0.8, (230, 159, 0), 2)
        spent.append(1000 * (time.perf_counter() - began))
        whole = looks.with_suffix(".new")
        whole.write_text("\n".join(map(str, spent)))
        whole.replace(looks)
        return frame

    with gr.Blocks(analytics_enabled=False) as page:
        camera = gr.Image(
            sources=["webcam"], streaming=True, type="numpy", webcam_options=gr.WebcamOptions(mirror=False)
        )
        shown = gr.Image()
        camera.stream(
            look, camera, shown, stream_every=1 / 60, time_limit=600, concurrency_limit=1, show_progress="hidden"
        )
    page.launch(server_port=port, server_name="127.0.0.1", quiet=True, share=False)


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
