from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path

import pytest

from labeling.store import Store
from labeling.stored_faces import Guess, NewFace
from labeling.suggestions import left_query
from tests.labeling.face_patterns import face, open_store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = open_store(tmp_path)
    for number in range(4):
        store.images.add(face(number, 64))
    return store


def test_what_waits_for_a_version_is_what_it_was_not_asked_about_last(store: Store) -> None:
    store.suggestions.record({1: Guess("fear", 0.5, 1), 2: Guess("fear", 0.5, 2), 3: Guess("fear", 0.5, 3)})
    for version, asked in ((1, 1), (2, 2), (3, 3)):
        waiting = store.suggestions.waiting(version)
        assert sorted(waiting) == [image for image in (1, 2, 3, 4) if image != asked]
        assert store.suggestions.left(version) == len(waiting) == 3
        assert len(store.suggestions.waiting(version, 2)) == 2
    store.deletion.delete([4])
    assert (store.suggestions.left(2), store.suggestions.left(7)) == (2, 3)


def test_a_suggestion_leaves_when_an_image_was_made(store: Store) -> None:
    last_year = datetime(2025, 3, 14, 9, 26, tzinfo=timezone.utc)
    [old] = store.images.add_all([NewFace(face(9, 64), created=last_year)])
    before = [(item.id, item.created) for item in store.gallery.page().items]
    assert before[-1] == (old.image_id, last_year)
    store.suggestions.record({2: Guess("fear", 0.5, 1), old.image_id: Guess("anger", 0.6, 1)})
    assert [(item.id, item.created) for item in store.gallery.page().items] == before


def test_an_image_passed_over_waits_no_more_and_has_no_suggestion(store: Store) -> None:
    store.annotations.annotate([1], "anger")
    store.suggestions.record({1: Guess("fear", 0.5, 1)})
    assert store.gallery.queue("disagreement").total == 1
    store.suggestions.pass_over([1, 2], 2)
    assert sorted(store.suggestions.waiting(2)) == [3, 4]
    assert (store.gallery.item(1).suggested, store.gallery.item(1).certainty) == (None, None)
    assert store.gallery.queue("disagreement").total == 0


def test_what_is_left_is_counted_on_an_index(store: Store) -> None:
    query = left_query(3).compile(store.database.engine, compile_kwargs={"literal_binds": True})
    with store.database.reading() as connection:
        steps = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}")]
    searched = [step for step in steps if "images" in step]
    assert len(searched) == 3
    assert all("COVERING INDEX" in step and "suggested_version" in step for step in searched), steps
