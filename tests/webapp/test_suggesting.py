from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import pytest
from sqlalchemy import select, update

from labeling.schema import ImageDataRow, SuggestionRow
from labeling.store import Store
from labeling.stored_faces import NewFace, Points
from labeling.suggest import PROCESSORS, suggest_batch
from models.box import Box
from models.crop import Pixels, face_crop
from models.home import Home, open_home
from models.pictures import RGB
from models.predictor import Predictor
from tests.labeling.face_patterns import face
from tests.made_versions import copy_base
from webapp.background import GIVE_WAY, LOOK_EVERY
from webapp.studio import Studio
from webapp.suggesting import BATCH, Suggesting


@pytest.fixture
def elsewhere(clean_studio: Studio) -> Iterator[Store]:
    """The same data set, as another process has it open."""
    store = Store(clean_studio.home.database_url)
    yield store
    store.close()


@contextmanager
def at_work(studio: Studio) -> Iterator[None]:
    suggesting = Suggesting(studio)
    suggesting.start()
    try:
        yield
    finally:
        suggesting.stop()


@pytest.fixture
def suggesting(clean_studio: Studio) -> Iterator[None]:
    with at_work(clean_studio):
        yield


def add(store: Store, count: int, first: int = 0) -> list[int]:
    return [store.images.add(face(number)).image_id for number in range(first, first + count)]


def until(true: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.02)


def none_waits(store: Store, version: int = 0) -> bool:
    return not store.suggestions.waiting(version)


def another_version(studio: Studio) -> int:
    return copy_base(studio.versions, 1).number


def test_images_that_another_process_adds_get_suggestions(suggesting: None, elsewhere: Store) -> None:
    ids = add(elsewhere, BATCH + 3)
    until(lambda: none_waits(elsewhere))
    items = [elsewhere.gallery.item(image) for image in ids]
    assert all(item.suggested and 0 < (item.certainty or 0) <= 1 for item in items)


def test_another_version_is_asked_about_every_image(suggesting: None, clean_studio: Studio, elsewhere: Store) -> None:
    add(elsewhere, 3)
    until(lambda: none_waits(elsewhere))
    number = another_version(clean_studio)
    assert len(elsewhere.suggestions.waiting(number)) == 3
    elsewhere.settings.set_active_version(number)
    until(lambda: none_waits(elsewhere, number))


def test_deleting_what_waits_stops_nothing(
    suggesting: None, elsewhere: Store, caplog: pytest.LogCaptureFixture
) -> None:
    for first in (0, 100):
        add(elsewhere, 2 * BATCH, first)
        until(lambda: len(elsewhere.suggestions.waiting(0)) < 2 * BATCH)
        elsewhere.deletion.delete_where()
        elsewhere.deletion.purge()
    add(elsewhere, 1, 200)
    until(lambda: none_waits(elsewhere))
    assert elsewhere.images.count() == 1
    assert caplog.records == []


def test_a_damaged_image_is_said_once_and_keeps_no_other_waiting(
    clean_studio: Studio, elsewhere: Store, caplog: pytest.LogCaptureFixture
) -> None:
    damaged = add(elsewhere, 2)
    with elsewhere.database.writing() as connection:
        connection.execute(update(ImageDataRow).values(data=b"no picture"))
    with at_work(clean_studio):
        for first in (10, 50):
            add(elsewhere, BATCH, first)
            until(lambda: none_waits(elsewhere))
    said = [record.getMessage().split(":")[0] for record in caplog.records]
    assert said == [f"No version is asked about image {image}" for image in damaged]


def test_an_image_at_which_mien_fails_is_said_once_and_keeps_no_other_waiting(
    clean_studio: Studio, elsewhere: Store, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail_at_large_ones(rgb: RGB, points: Points | None, side: int, box: Box) -> Pixels:
        return {120: face_crop}[rgb.shape[0]](rgb, points, side, box)

    monkeypatch.setattr("labeling.suggest.face_crop", fail_at_large_ones)
    add(elsewhere, 3)
    failing = elsewhere.images.add(face(70, side=130)).image_id
    with at_work(clean_studio):
        for first in (10, 50):
            add(elsewhere, BATCH, first)
            until(lambda: none_waits(elsewhere))
    (said,) = caplog.records
    assert said.getMessage() == f"Version 0 is not asked about image {failing}"
    assert said.exc_info and said.exc_info[0] is KeyError
    assert len(asked(elsewhere)) == 3 + 2 * BATCH


def test_a_fault_is_said_once_and_the_work_goes_on_when_it_is_mended(
    suggesting: None, elsewhere: Store, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = []

    def fail(*_: object) -> NoReturn:
        looks.append(1)
        raise OSError("a fault of the disk")

    with monkeypatch.context() as patch:
        patch.setattr("labeling.suggestions.Suggestions.waiting", fail)
        until(lambda: len(looks) >= 2)
    add(elsewhere, 1)
    until(lambda: none_waits(elsewhere))
    (said,) = [record for record in caplog.records if record.name == "webapp.suggesting"]
    assert said.levelno == logging.ERROR and said.exc_info


def test_it_gives_way_to_the_live_view(
    clean_studio: Studio, suggesting: None, elsewhere: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    spans: list[tuple[float, float]] = []
    threads_used: list[int] = []

    def timed(store: Store, predictor: Predictor, ids: Sequence[int], threads: int) -> None:
        threads_used.append(threads)
        began = time.monotonic()
        suggest_batch(store, predictor, ids, threads)
        spans.append((began, time.monotonic()))

    def done_while_somebody_looks() -> bool:
        clean_studio.live_is_seen()
        return len(spans) == 3

    monkeypatch.setattr("webapp.suggesting.suggest_batch", timed)
    elsewhere.images.add_all([NewFace(face(number)) for number in range(BATCH)])
    until(lambda: len(spans) == 1)
    clean_studio.live_is_seen()
    elsewhere.images.add_all([NewFace(face(number)) for number in range(BATCH, 3 * BATCH)])
    until(done_while_somebody_looks)
    assert none_waits(elsewhere) and threads_used == [PROCESSORS, 1, 1]
    (began, ended), (after, _) = spans[1:]
    assert after - ended >= GIVE_WAY * (ended - began)


def test_it_stops_within_a_second(clean_studio: Studio, elsewhere: Store) -> None:
    elsewhere.images.add_all([NewFace(face(number)) for number in range(8 * BATCH)])
    suggesting = Suggesting(clean_studio)
    suggesting.start()
    until(lambda: len(asked(elsewhere)) > 0)
    began = time.monotonic()
    suggesting.stop()
    assert time.monotonic() - began < 1
    assert not none_waits(elsewhere)


@contextmanager
def another_server(home: Home) -> Iterator[None]:
    studio = Studio(home)
    with at_work(studio):
        yield
    studio.close()


def asked(store: Store) -> list[int]:
    """The version of every suggestion there is."""
    with store.database.reading() as connection:
        return list(connection.scalars(select(SuggestionRow.version)))


def test_two_servers_on_one_home_do_each_other_no_harm(
    clean_studio: Studio, suggesting: None, caplog: pytest.LogCaptureFixture
) -> None:
    with another_server(clean_studio.home):
        add(clean_studio.store, 4 * BATCH)
        until(lambda: none_waits(clean_studio.store))
    assert asked(clean_studio.store) == [0] * 4 * BATCH
    assert caplog.records == []


def test_a_server_that_lacks_the_active_version_asks_no_other(
    clean_studio: Studio, suggesting: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the two would ask their two models about the same images for ever."""
    store, number = clean_studio.store, another_version(clean_studio)
    store.settings.set_active_version(number)
    monkeypatch.setenv("DATABASE_URL", clean_studio.home.database_url)
    with another_server(open_home(tmp_path / "another home")):
        add(store, BATCH)
        until(lambda: none_waits(store, number))
        time.sleep(2 * LOOK_EVERY)
    assert asked(store) == [number] * BATCH
