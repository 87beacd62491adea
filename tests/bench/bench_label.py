"""How quick the data set is: capturing, listing, the gallery at 100,000 images, importing, twenty writers, size."""

from __future__ import annotations

import argparse
import random
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from labeling import intake
from labeling.exchange import import_path
from labeling.gallery import GalleryFilter
from labeling.store import Store
from labeling.stored_faces import StoredCrop
from models.box import Box
from models.pictures import RGB, encode_jpeg
from tests.serving import astronaut

FRAME = (640, 480)


def measure(arguments: list[str]) -> dict[str, Any]:
    """The figures as a dictionary; `--quick` measures less of everything."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench label")
    parser.add_argument("--quick", action="store_true", help="a tenth of everything")
    part = 10 if parser.parse_args(arguments).quick else 1
    cv2.setNumThreads(1)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        return {
            "capture": capture(folder, 1000 // part),
            "twenty_writers": twenty_writers(folder, 1000 // part),
            "gallery": gallery(folder, 100_000 // part),
            "import": imports(folder, 600 // part, 120 // part),
            "wanted": {
                "crops_per_second": 300,
                "listed_per_second": 1000,
                "page_ms": 200,
                "files_per_second": 150,
                "files_per_second_finding_faces": 40,
                "growth": 1.3,
            },
        }


def frame(number: int) -> RGB:
    """A camera's frame with one face, turned, lit and placed differently for each number."""
    rng = np.random.default_rng(number)
    move = cv2.getRotationMatrix2D((225, 110), float(rng.uniform(-20, 20)), float(rng.uniform(1, 1.5)))
    move[:, 2] += rng.uniform(40, 120), rng.uniform(20, 80)
    picture = cv2.warpAffine(astronaut(), move, FRAME, borderMode=cv2.BORDER_REPLICATE)
    lit = cv2.convertScaleAbs(picture, alpha=float(rng.uniform(0.7, 1.1)), beta=float(rng.uniform(-10, 20)))
    grain = rng.integers(0, 6, (*lit.shape[:2], 1), np.uint8)
    return np.asarray(cv2.add(lit, np.repeat(grain, 3, 2)), np.uint8)


def crops(count: int) -> list[StoredCrop]:
    box = Box(260, 120, 110, 140)
    return [intake.wide_crop(frame(number), box) for number in range(count)]


def capture(folder: Path, count: int) -> dict[str, float]:
    """Crops a second through `images.add`: one camera waiting for each, and eight at once; then listing them."""
    made = crops(count)
    rgb, box = frame(0), Box(260, 120, 110, 140)
    cutting = [timed(lambda: intake.wide_crop(rgb, box)) for _ in range(50)]
    store = open_store(folder / "capture.db")
    some = made[: count // 4]
    alone = len(some) / timed(lambda: [add(store, crop, number) for number, crop in enumerate(some)])
    rest = list(enumerate(made))[count // 4 :]
    with ThreadPoolExecutor(8) as pool:
        together = len(rest) / timed(lambda: list(pool.map(lambda pair: add(store, pair[1], pair[0]), rest)))
    seconds = timed(lambda: [store.gallery.page(GalleryFilter(), page, 60) for page in range(count // 60)])
    stored = sum(len(crop.data) + len(crop.thumbnail or b"") for crop in made)
    assert store.gallery.page().total == count
    store.close()
    return {
        "crops_per_second": round(together, 1),
        "crops_per_second_one_writer": round(alone, 1),
        "ms_to_cut_one": round(statistics.median(cutting) * 1000, 2),
        "listed_per_second": round(count // 60 * 60 / seconds, 1),
        "bytes_per_crop": round(stored / count),
        "growth": round((folder / "capture.db").stat().st_size / stored, 3),
    }


def add(store: Store, crop: StoredCrop, number: int) -> None:
    store.images.add(crop, label="happiness", subject="Ada", session=f"s{number // 30}", source="camera")


def twenty_writers(folder: Path, count: int) -> dict[str, Any]:
    """Twenty threads that capture, label and delete at once."""
    store = open_store(folder / "writers.db")
    made = crops(count)
    errors: list[str] = []

    def write(writer: int) -> int:
        kept = 0
        for number in range(writer, count, 20):
            try:
                image = store.images.add(made[number], label="fear").image_id
                store.annotations.annotate([image], "anger")
                if number % 5 == 0:
                    store.deletion.delete([image])
                else:
                    kept += 1
            except Exception as error:
                errors.append(str(error))
        return kept

    began = time.perf_counter()
    with ThreadPoolExecutor(20) as pool:
        kept = sum(pool.map(write, range(20)))
    seconds = time.perf_counter() - began
    lost = kept - store.overview.label_counts().get("anger", 0)
    whole = store.database.check()
    store.close()
    return {"writes_per_second": round(2.2 * count / seconds, 1), "errors": len(errors), "lost": lost, "check": whole}


def gallery(folder: Path, count: int) -> dict[str, Any]:
    """Median time of a page of 60, over filters and page numbers, and of the overview."""
    path = folder / "gallery.db"
    open_store(path).close()
    fill(path, count)
    store = open_store(path)
    chance = random.Random(0)
    filters = [
        GalleryFilter(),
        GalleryFilter(label="happiness"),
        GalleryFilter(answer="none"),
        GalleryFilter(source="camera"),
        GalleryFilter(subject="Ada"),
        GalleryFilter(label="fear", subject="Bo"),
        GalleryFilter(flag="blurry"),
    ]
    times = []
    for narrowed in filters:
        pages = store.gallery.page(narrowed).total // 60
        for _ in range(6):
            number = chance.randint(0, pages)
            times.append(timed(lambda narrowed=narrowed, number=number: store.gallery.page(narrowed, number, 60)))  # type: ignore[misc]
    last = timed(lambda: store.gallery.page(GalleryFilter(), count // 60 - 1, 60))
    figures = {
        "images": count,
        "page_ms": round(statistics.median(times) * 1000, 1),
        "page_ms_worst": round(max(times) * 1000, 1),
        "last_page_ms": round(last * 1000, 1),
        "overview_ms": round(statistics.median(timed(store.overview.figures) for _ in range(5)) * 1000, 1),
        "queue_ms": round(
            statistics.median(timed(lambda: store.gallery.queue("uncertain", 12)) for _ in range(9)) * 1000, 1
        ),
    }
    store.close()
    return figures


def fill(path: Path, count: int) -> None:
    """Rows as `count` captures would leave them, written directly; thumbnails of the usual size, small images."""
    thumbnail = crops(1)[0].thumbnail or b""
    moment = time.time_ns() // 1000
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        marks = ", ".join("?" * 21)
        columns = (
            "id, sha256, width, height, size, box_x, box_y, box_width, box_height, band0, band1, band2, band3, "
            "sharpness, brightness, source, subject, session, created, answer, label_id"
        )
        rows = (
            (
                *(n, f"{n:064x}", 224, 224, 16_000, 42.0, 42.0, 140.0, 140.0),
                *(n * 7919 % 65536, n * 104729 % 65536, n * 1299709 % 65536, n * 15485863 % 65536),
                *(100.0, 120.0, ("camera", "upload", "live")[n % 3], ("Ada", "Bo", None)[n // 30 % 3], f"s{n // 30}"),
                *(moment - (count - n) * 10**6, "label" if n % 10 else "", n % 8 + 1 if n % 10 else None),
            )
            for n in range(1, count + 1)
        )
        connection.executemany(f"INSERT INTO images ({columns}) VALUES ({marks})", rows)
        pictures = ((n, thumbnail) for n in range(1, count + 1))
        connection.executemany("INSERT INTO thumbnails VALUES (?, ?)", pictures)
        blurry = ((n,) for n in range(1, count + 1, 25))
        connection.executemany("INSERT INTO flags (flag, image_id) VALUES ('blurry', ?)", blurry)
        connection.execute("ANALYZE")
        connection.commit()


def imports(folder: Path, count: int, photos: int) -> dict[str, float]:
    """Files a second: face crops of 240×240 as they are, and camera pictures of 640×480 with their faces to find."""
    for name, number, make in (
        ("crops", count, lambda n: cv2.resize(frame(n), (240, 240), interpolation=cv2.INTER_AREA)),
        ("photos", photos, frame),
    ):
        (folder / name / "happiness").mkdir(parents=True)
        for n in range(number):
            (folder / name / "happiness" / f"{n}.jpg").write_bytes(encode_jpeg(make(n)))
    figures = {}
    for name, number, find in (("crops", count, False), ("photos", photos, True)):
        store = open_store(folder / f"{name}.db")
        began = time.perf_counter()
        report = import_path(store, folder / name, find_faces=find)
        seconds = time.perf_counter() - began
        assert report.added + report.already_there + len(report.refused) >= number
        figures["files_per_second" + ("_finding_faces" if find else "")] = round(number / seconds, 1)
        store.close()
    return figures


def open_store(path: Path) -> Store:
    return Store(f"sqlite:///{path}")


def timed(action: Callable[[], Any]) -> float:
    began = time.perf_counter()
    action()
    return time.perf_counter() - began
