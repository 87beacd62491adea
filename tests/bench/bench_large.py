"""What preparing a large data set for training takes: the peak of memory of a process that does only that, and seconds.

The images are as Mien stores them: half are 48×48 grey PNGs, as from FER's CSV, half colour JPEGs of 77 to 128 pixels,
as from a camera. No two are copies; they come in capture sessions of ten.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from tqdm import tqdm

from labeling import intake
from labeling.store import Store
from labeling.stored_faces import NewFace
from models.home import open_home
from models.pictures import RGB, encode_jpeg
from tests.bench.targets import machine, verdict
from tests.serving import astronaut

IMAGES = 50_000
AT_ONCE = 500
LABELS = ("neutral", "happiness", "surprise", "sadness", "anger", "wink")
TARGETS: dict[str, tuple[str, float]] = {"peak_mb": ("at most", 1000)}


def measure(arguments: list[str]) -> dict[str, Any]:
    parser = argparse.ArgumentParser(prog="python -m tests.bench large")
    parser.add_argument("--images", type=int, default=IMAGES, help="how many images (%(default)s)")
    chosen = parser.parse_args(arguments)
    before = machine()
    with tempfile.TemporaryDirectory(prefix="mien-bench-") as name:
        home = open_home(Path(name) / "home")
        fill(home.database_url, chosen.images)
        command = [sys.executable, "-m", "tests.bench.prepare_alone", home.database_url]
        prepared = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    figures = json.loads(prepared.stdout)
    return {"machine": before, "figures": figures, "targets": {n: verdict(n, figures, TARGETS) for n in TARGETS}}


def fill(url: str, images: int) -> None:
    """A data set of so many labelled faces."""
    store = Store(url)
    faces = new_faces(images)
    with tqdm(total=images, desc="storing", file=sys.stderr, leave=False) as bar:
        while some := [face for _, face in zip(range(AT_ONCE), faces, strict=False)]:
            store.images.add_all(some, new_labels=True)
            bar.update(len(some))
    store.close()


def new_faces(images: int) -> Iterator[NewFace]:
    rng = np.random.default_rng(0)
    face = cv2.resize(astronaut()[20:220, 120:320], (160, 160), interpolation=cv2.INTER_AREA)
    for number in range(images):
        picture = varied(face, 48 if number % 2 else int(rng.integers(77, 129)), rng)
        if number % 2:
            grey = cv2.cvtColor(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
            picture = np.asarray(grey, np.uint8)
            data = intake.encode_png(picture)
        else:
            data = encode_jpeg(picture)
        yield NewFace(intake.whole_crop(data, picture), LABELS[number % len(LABELS)], session=str(number // 10))


def varied(face: RGB, side: int, rng: np.random.Generator) -> RGB:
    """The face turned, moved, lit and grained at random, (side, side, 3)."""
    move = cv2.getRotationMatrix2D((80, 80), float(rng.uniform(-25, 25)), float(rng.uniform(0.8, 1.3)) * side / 160)
    move[:, 2] += side / 2 - 80 + rng.uniform(-0.1, 0.1, 2) * side
    turned = cv2.warpAffine(face, move, (side, side), borderMode=cv2.BORDER_REPLICATE)
    lit = cv2.convertScaleAbs(turned, alpha=float(rng.uniform(0.5, 1.2)), beta=float(rng.uniform(-20, 60)))
    return np.asarray(cv2.add(lit, rng.integers(0, 25, lit.shape, np.uint8)), np.uint8)
