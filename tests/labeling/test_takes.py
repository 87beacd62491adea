from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from labeling.store import Store
from labeling.takes import Take
from tests.labeling.face_patterns import face, open_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = open_store(tmp_path)
    yield store
    store.close()


def test_takes_are_counted_by_label_session_and_person(store: Store) -> None:
    store.labels.add("wink")
    winks = [("wink", "s", "Ada"), ("wink", "s", "Ada"), ("wink", "t", None)]
    fears = [("fear", "s", "Ada"), ("fear", None, None)]
    for number, (label, session, subject) in enumerate([*winks, *fears] * 2):
        store.images.add(face(number), label=label, session=session, subject=subject)
    assert sorted(store.takes.list(), key=str) == [
        Take("fear", "s", "Ada", 2),
        Take("fear", None, None, 2),
        Take("wink", "s", "Ada", 4),
        Take("wink", "t", None, 2),
    ]


def test_what_is_not_learned_from_is_in_no_take(store: Store) -> None:
    store.images.add(face(1), session="s")
    skipped = store.images.add(face(2), label="fear", session="s").image_id
    deleted = store.images.add(face(3), label="fear", session="s").image_id
    store.images.add(face(4), label="anger", session="s")
    store.annotations.annotate([skipped], kind="skip")
    store.deletion.delete([deleted])
    store.labels.change("anger", enabled=False)
    assert store.takes.list() == []
