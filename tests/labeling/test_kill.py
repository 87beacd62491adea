"""A hundred times SIGKILL, in the middle of captures, imports and deletions: what was acknowledged is there."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import random
import signal
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from labeling.exchange import import_path
from labeling.gallery import GalleryFilter
from labeling.store import Store
from models.pictures import encode_jpeg
from tests.labeling.face_patterns import face, picture

KILLS = 100
CROPS = [face(number, 64) for number in range(400)]

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs fork and SIGKILL")


def work(url: str, archive: Path, seed: int, pipe: int) -> None:
    """Until it is killed: says what it is about to delete, and what is done."""
    chance = random.Random(seed)
    store = Store(url)

    def say(text: str) -> None:
        os.write(pipe, f"{text}\n".encode())

    steps: list[Callable[[], None]] = []

    def capture() -> None:
        crop = CROPS[chance.randrange(len(CROPS))]
        say(f"adding {crop.sha256}")
        store.images.add(crop, label="fear", session=f"s{seed}", source="camera")
        say(f"added {crop.sha256}")

    def delete() -> None:
        items = store.gallery.page(GalleryFilter(), size=5).items
        names = [hashlib.sha256(store.images.data(item.id)).hexdigest() for item in items]
        for name in names:
            say(f"deleting {name}")
        store.deletion.delete([item.id for item in items])
        store.deletion.purge()
        for name in names:
            say(f"deleted {name}")

    def take_in() -> None:
        say("importing")
        import_path(store, archive, find_faces=False)
        say("imported")

    steps = [capture] * 12 + [delete, take_in]
    while True:
        chance.choice(steps)()


def test_a_hundred_kills_lose_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'mien.db'}"
    archive = tmp_path / "in.zip"
    with zipfile.ZipFile(archive, "w") as file:
        for number in range(500, 540):
            file.writestr(f"anger/{number}.jpg", encode_jpeg(picture(number, 64)))
    Store(url).close()
    fork = multiprocessing.get_context("fork")
    chance = random.Random(1)
    expected: set[str] = set()
    acknowledged = 0
    for kill in range(KILLS):
        reader, writer = os.pipe()
        child = fork.Process(target=work, args=(url, archive, kill, writer), daemon=True)
        child.start()
        os.close(writer)
        with os.fdopen(reader, "rb") as pipe:
            lines = [pipe.readline() for _ in range(chance.randint(1, 6))]
            time.sleep(chance.uniform(0, 0.02))  # into the middle of what it is doing
            os.kill(child.pid or 0, signal.SIGKILL)
            child.join()
            lines += pipe.read().splitlines()
        gone: set[str] = set()
        for line in lines:
            verb, _, name = line.decode().strip().partition(" ")
            if verb == "added":
                expected.add(name)
                gone.discard(name)
                acknowledged += 1
            elif verb == "adding":
                gone.discard(name)
            elif verb == "importing":
                gone.clear()
            elif verb in ("deleting", "deleted"):
                expected.discard(name)
                (gone.add if verb == "deleted" else gone.discard)(name)
        if kill % 10 and kill != KILLS - 1:
            continue
        store = Store(url)
        assert store.database.check() == "ok"
        items = store.gallery.page(size=500).items
        stored = {hashlib.sha256(store.images.data(item.id)).hexdigest() for item in items}
        assert expected <= stored
        assert not gone & stored
        assert all(item.answer == "label" for item in items)
        assert len(list(store.images.training_faces())) == len(items)
        store.close()
    assert acknowledged > KILLS / 2
