"""The store on PostgreSQL; runs where MIEN_TEST_POSTGRES names an empty database (postgresql+psycopg://…)."""

from __future__ import annotations

import os

import pytest

from labeling import runs
from labeling.store import Filter, Store
from tests.labeling.face_patterns import face

URL = os.environ.get("MIEN_TEST_POSTGRES")


@pytest.mark.skipif(not URL, reason="MIEN_TEST_POSTGRES names no database")
def test_capture_label_list_delete_and_train_on_postgresql() -> None:
    assert URL is not None
    store = Store(URL)
    store.delete_where()
    store.purge()
    ids = []
    for number in range(8):
        label, subject = "fear" if number % 2 else None, "Bo" if number < 3 else None
        ids.append(store.add_face(face(number), label=label, subject=subject).image_id)
    assert store.add_face(face(0)).state != "added"
    action = store.annotate(ids[:1], "happiness")
    assert store.label_counts() == {"happiness": 1, "fear": 4}
    store.undo(action)
    assert store.page(Filter(label="fear")).total == len(store.training_faces()) == 4
    overview = store.overview()
    assert overview.total == 8 and sum(count for _, count in overview.days) == 8
    assert dict(overview.subjects) == {None: 5, "Bo": 3}
    assert store.queue("uncertain", 5, 0).total == 4
    store.delete(ids[:2])
    assert store.restore(ids[:1]) == 1 and store.purge() == 1
    assert store.page().total == 7
    run = runs.queue(store)
    runs.end(store, run.id, "cancelled", "")
    latest = runs.latest(store)
    assert latest is not None and latest.state == "cancelled"
    store.close()
