"""The store on PostgreSQL; runs where MIEN_TEST_POSTGRES names an empty database (postgresql+psycopg://…)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace

import pytest

from labeling.gallery import GalleryFilter
from labeling.runs import Busy
from labeling.store import Store
from labeling.stored_faces import Guess
from labeling.undoing import Undone
from tests.labeling.face_patterns import face

URL = os.environ.get("MIEN_TEST_POSTGRES")


pytestmark = pytest.mark.skipif(not URL, reason="MIEN_TEST_POSTGRES names no database")


@pytest.fixture
def store() -> Iterator[Store]:
    assert URL is not None
    store = Store(URL)
    store.deletion.delete_where()
    store.deletion.purge()
    if (run := store.runs.latest()) is not None:
        store.runs.end(run.id, "cancelled", "")
    yield store
    store.close()


def test_capture_label_list_delete_and_train_on_postgresql(store: Store) -> None:
    ids = []
    for number in range(8):
        label, subject = "fear" if number % 2 else None, "Bo" if number < 3 else None
        ids.append(store.images.add(face(number), label=label, subject=subject).image_id)
    assert store.images.add(face(0)).state != "added"
    action = store.annotations.annotate(ids[:1], "happiness")
    assert store.overview.label_counts() == {"happiness": 1, "fear": 4}
    store.undoing.undo(action)
    assert store.gallery.page(GalleryFilter(label="fear")).total == len(list(store.images.training_faces())) == 4
    overview = store.overview.figures()
    assert overview.total == 8 and sum(count for _, count in overview.days) == 8
    assert dict(overview.subjects) == {None: 5, "Bo": 3}
    assert store.gallery.queue("uncertain", 5, 0).total == 4
    store.deletion.delete(ids[:2])
    assert store.deletion.restore(ids[:1]) == 1 and store.deletion.purge() == 1
    assert store.gallery.page().total == 7
    run = store.runs.queue()
    store.runs.end(run.id, "cancelled", "")
    latest = store.runs.latest()
    assert latest is not None and latest.state == "cancelled"


def test_the_trash_and_undoing_on_postgresql(store: Store) -> None:
    for label in store.labels.list(all=True):
        if not label.built_in:
            store.removals.remove(label.name)
    wink = store.labels.add("wink")
    ids = [store.images.add(face(number), label="wink", subject="Bo").image_id for number in range(4)]
    merged = store.removals.merge("wink", "fear")
    store.annotations.annotate(ids[:1], "anger")
    assert store.overview.label_counts() == {"fear": 3, "anger": 1}
    assert store.undoing.undo(merged) == Undone(ids[1:], 1, "wink")
    assert store.labels.get("wink") == wink and store.overview.label_counts() == {"wink": 3, "anger": 1}
    removed = store.removals.remove("wink", delete_images=True)
    figures = store.trash.figures()
    assert (figures.images, figures.people) == (3, [("Bo", 3)]) and figures.bytes > 0
    assert [image.id for image in store.trash.page(size=2)] == ids[:1:-1]
    assert store.undoing.undo(removed) == Undone(ids[1:], 0, "wink")
    store.deletion.delete(ids[:2])
    assert store.images.add(face(0), label="fear").state == "added"
    assert store.deletion.purge(until=store.trash.figures().newest) == 1
    assert store.deletion.delete_for_good(subject="Bo") == 3 and store.deletion.clean_up() == 0
    assert store.images.count() == 0


def test_a_page_on_postgresql_is_what_it_is_on_sqlite(store: Store) -> None:
    dark = replace(face(1), sharpness=0.0, brightness=0.0)
    ids = [store.images.add(crop, label="fear", flags=("several",)).image_id for crop in (dark, face(2, 48))]
    store.suggestions.record({image: Guess("anger", 0.5, 1) for image in ids})
    page = store.gallery.page(size=1)
    assert page.total == 2 and [item.id for item in page.items] == ids[1:]
    assert store.gallery.page(page=9) == replace(page, items=[])
    assert store.gallery.item(ids[0]).flags == ("blurry", "dark", "mislabelled", "several")
    assert [item.id for item in store.gallery.queue("disagreement", 9).items] == ids
    assert [store.gallery.thumbnail(image) for image in ids] == [dark.thumbnail or dark.data, face(2, 48).data]
    assert (store.suggestions.left(1), store.suggestions.left(2)) == (0, 2)


def test_two_servers_on_one_database_take_no_number_twice_and_start_one_run(store: Store) -> None:
    assert URL is not None
    others = [store, Store(URL)]
    first = store.version_numbers.take(0)

    def take(number: int) -> int:
        return others[number % 2].version_numbers.take(0)

    def queue(number: int) -> int | None:
        with suppress(Busy):
            return others[number % 2].runs.queue().id
        return None

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(take, range(40))) == list(range(first + 1, first + 41))
        begun = [run for run in pool.map(queue, range(16)) if run is not None]
    assert len(begun) == 1
    store.runs.end(begun[0], "cancelled", "")
    others[1].close()
