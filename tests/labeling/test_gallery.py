from __future__ import annotations

from datetime import datetime, timedelta, timezone
from itertools import product
from pathlib import Path

import pytest
from sqlalchemy import Select, func

from labeling.gallery import FLAGS, ORDERS, GalleryFilter, matching_images, queue_ids
from labeling.schema import ImageRow
from labeling.store import Store
from labeling.stored_faces import NewFace
from models.errors import MienError
from tests.labeling.face_patterns import face, open_store

START = datetime(2026, 1, 1, tzinfo=timezone.utc)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = open_store(tmp_path)
    store.images.add_all(
        [
            NewFace(
                face(number, 64),
                label=["fear", "anger", None][number % 3],
                subject=["Ada", None][number % 2],
                source=["camera", "upload"][number // 6],
                created=START + timedelta(days=number),
                flags=("several",) if number == 7 else (),
            )
            for number in range(12)
        ]
    )
    return store


@pytest.mark.parametrize(
    ("narrowed", "numbers"),
    [
        ({}, range(12)),
        ({"label": "FEAR"}, (0, 3, 6, 9)),
        ({"answer": "none"}, (2, 5, 8, 11)),
        ({"source": "camera"}, range(6)),
        ({"subject": "Ada"}, range(0, 12, 2)),
        ({"subject": ""}, range(1, 12, 2)),
        ({"flag": "several"}, (7,)),
        ({"since": START + timedelta(days=4), "until": START + timedelta(days=6)}, (4, 5)),
        ({"label": "fear", "subject": "Ada", "source": "upload"}, (6,)),
    ],
)
def test_a_filter_finds_what_it_says_newest_first(store: Store, narrowed: dict, numbers: range) -> None:
    page = store.gallery.page(GalleryFilter(**narrowed))
    assert [item.id - 1 for item in page.items] == sorted(numbers, reverse=True)
    assert page.total == len(page.items)
    assert store.gallery.ids(GalleryFilter(**narrowed)) == [item.id for item in page.items]
    assert all(item.thumbnail[:2] == b"\xff\xd8" for item in page.items)


def test_pages_follow_one_another(store: Store) -> None:
    pages = [store.gallery.page(GalleryFilter(), number, 5) for number in range(4)]
    assert [len(page.items) for page in pages] == [5, 5, 2, 0]
    assert [item.id for page in pages for item in page.items] == list(range(12, 0, -1))
    assert {page.total for page in pages} == {12}


def test_a_wrong_filter_is_refused(store: Store) -> None:
    for wrong in ({"label": "wink"}, {"answer": "perhaps"}, {"flag": "pretty"}):
        with pytest.raises(MienError):
            store.gallery.page(GalleryFilter(**wrong))
    with pytest.raises(MienError, match="order"):
        store.gallery.queue("random")  # type: ignore[arg-type]


def plan(store: Store, query: Select) -> str:
    text = str(query.compile(store.database.engine, compile_kwargs={"literal_binds": True}))
    with store.database.reading() as connection:
        return "\n".join(row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}"))


def filters() -> list[GalleryFilter]:
    some = [{}, {"subject": "Ada"}, {"subject": ""}, {"source": "camera"}, {"since": START}, {"answer": "none"}]
    pairs = [GalleryFilter(**{**one, **two}) for one, two in product(some, some)]
    return pairs + [GalleryFilter(flag=flag, **one) for flag, one in product(FLAGS, some)]


@pytest.mark.parametrize("label_id", [None, 7])
def test_every_query_of_the_gallery_searches_an_index(store: Store, label_id: int | None) -> None:
    for narrowed in filters():
        matching = matching_images(narrowed, label_id)
        newest = matching.order_by(ImageRow.created.desc(), ImageRow.id.desc()).limit(60).offset(600)
        for query in (matching.with_only_columns(func.count()), newest):
            steps = plan(store, query)
            assert "SCAN" not in steps, f"{narrowed}: {steps}"
            assert "INDEX" in steps
        if narrowed.flag is None:
            assert "TEMP B-TREE" not in plan(store, newest), narrowed


@pytest.mark.parametrize("order", ORDERS)
def test_every_order_of_the_queue_searches_an_index(store: Store, order: str) -> None:
    steps = plan(store, queue_ids(order).limit(20))  # type: ignore[arg-type]
    assert "SCAN" not in steps
    if order != "disagreement":
        assert "TEMP B-TREE" not in steps
