"""`python -m tests.bench.suggest_alone HOME FACES`: seconds for what the server thinks of so many stored faces.

They are asked about as the server does in the background while nobody looks at the live view, and answers stored.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

from labeling import intake
from labeling.stored_faces import NewFace
from labeling.suggest import suggest_batch
from models.home import open_home
from models.pictures import encode_jpeg
from tests.bench.bench_large import varied
from tests.serving import astronaut
from webapp.studio import Studio
from webapp.suggesting import BATCH

SIDE = 224
"""Pixels, as of a face that fills a third of the camera's picture: its crop is stored 1.6 × as wide."""


def main(home: Path, count: int) -> None:
    cv2.setNumThreads(1)
    studio = Studio(open_home(home))
    store, predictor = studio.store, studio.predictor
    store.images.add_all(list(camera_faces(count)))
    suggest_batch(store, predictor, store.suggestions.waiting(predictor.number, 1))  # loads what is loaded once
    began = time.perf_counter()
    while ids := store.suggestions.waiting(predictor.number, BATCH):
        suggest_batch(store, predictor, ids)
    seconds = time.perf_counter() - began
    studio.close()
    print(json.dumps({f"suggestions_{count}_s": seconds}))


def camera_faces(count: int) -> Iterator[NewFace]:
    rng = np.random.default_rng(0)
    face = cv2.resize(astronaut()[20:220, 120:320], (160, 160), interpolation=cv2.INTER_AREA)
    for _ in range(count):
        picture = varied(face, SIDE, rng)
        yield NewFace(intake.whole_crop(encode_jpeg(picture), picture))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
