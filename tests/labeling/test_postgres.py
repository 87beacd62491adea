"""The store on PostgreSQL; runs where MIEN_TEST_POSTGRES names an empty database (postgresql+psycopg://…)."""

from __future__ import annotations

import os

import pytest

from labeling.gallery import GalleryFilter
from labeling.store import Store
from tests.labeling.face_patterns import face

URL = os.environ.get("MIEN_TEST_POSTGRES")


@pytest.mark.skipif(not URL, reason="MIEN_TEST_POSTGRES names no database")
def test_capture_label_list_delete_and_train_on_postgresql() -> None:
    assert URL is not None
    store = Store(URL)
    store.deletion.delete_where()
    store.deletion.purge()
    ids = []
    for number in range(8):
        label, subject = "fear" if number % 2 else None, "Bo" if number < 3 else None
        ids.append(store.images.add(face(number), label=label, subject=subject).image_id)
    assert store.images.add(face(0)).state != "added"
    action = store.annotations.annotate(ids[:1], "happiness")
    assert store.overview.label_counts() == {"happiness": 1, "fear": 4}
    store.annotations.undo(action)
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
    store.close()
