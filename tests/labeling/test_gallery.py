from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from functools import partial
from itertools import product
from pathlib import Path

import pytest
from sqlalchemy import Select, event, func

from labeling.gallery import FLAGS, ORDERS, GalleryFilter, matching_images, page_query, queued_images
from labeling.schema import ImageRow
from labeling.store import Store
from labeling.stored_faces import Guess, NewFace
from models.errors import MienError, NotFound
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
    waiting, by = queued_images(order)  # type: ignore[arg-type]
    steps = plan(store, waiting.order_by(*by).limit(20))
    assert "SCAN" not in steps
    if order != "disagreement":
        assert "TEMP B-TREE" not in steps
    whole = plan(store, page_query(waiting, by, 20, 0))
    for table in ("images", "flags", "labels", "thumbnails", "image_data"):
        assert f"SCAN {table}" not in whole


@contextmanager
def statements(store: Store) -> Iterator[list[str]]:
    """What is asked of the database meanwhile, the beginnings of transactions left out."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith("BEGIN"):
            asked.append(statement)

    event.listen(store.database.engine, "before_cursor_execute", note)
    yield asked
    event.remove(store.database.engine, "before_cursor_execute", note)


def test_a_page_is_one_statement_whatever_its_length(store: Store) -> None:
    store.suggestions.record({number: Guess("surprise", 0.5, 1) for number in range(1, 13)})
    for size, number in ((1, 0), (12, 0), (12, 5)):
        listings = [partial(store.gallery.page, GalleryFilter(), number, size)]
        listings += [partial(store.gallery.queue, order, size, number * size) for order in ORDERS]
        for listing in listings:
            with statements(store) as asked:
                page = listing()
            assert len(asked) == 1, asked
            assert page.total > 1 and len(page.items) == (0 if number else min(size, page.total))
    (duplicate,) = store.gallery.queue("disagreement", 1).items
    assert duplicate.flags == ("mislabelled",)


def test_the_flags_of_an_image_are_listed_in_order(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    dark = replace(face(1), sharpness=0.0, brightness=0.0)
    store.images.add(dark, label="fear", flags=("several",))
    store.suggestions.record({1: Guess("anger", 0.9, 1)})
    assert store.gallery.item(1).flags == ("blurry", "dark", "mislabelled", "several")
    assert (
        store.gallery.page().items[0].flags
        == store.gallery.queue("disagreement").items[0].flags
        == (store.gallery.item(1).flags)
    )


def test_a_thumbnail_is_read_without_the_image_unless_that_is_small(store: Store) -> None:
    large = store.images.add(face(20, 300)).image_id
    small = store.images.add(face(21, 48)).image_id
    with statements(store) as asked:
        thumbnail = store.gallery.thumbnail(large)
    assert len(thumbnail) < len(store.images.data(large))
    assert not any("image_data" in statement for statement in asked)
    assert store.gallery.thumbnail(small) == store.images.data(small)
    assert [store.gallery.item(image).thumbnail for image in (large, small)] == [thumbnail, store.images.data(small)]
    with pytest.raises(NotFound, match="no image 99"):
        store.gallery.thumbnail(99)


def test_the_queue_is_sorted_as_asked(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    ids = [store.images.add(face(number)).image_id for number in range(4)]
    store.suggestions.record({i: Guess("fear", c, 2) for i, c in zip(ids, (0.9, 0.3, 0.6, 0.5), strict=True)})
    assert [item.id for item in store.gallery.queue("uncertain").items] == [ids[1], ids[3], ids[2], ids[0]]
    assert [item.id for item in store.gallery.queue("newest", limit=2).items] == [ids[3], ids[2]]
    assert store.suggestions.waiting(2) == []
    assert store.suggestions.waiting(3) == ids
    assert store.gallery.queue("disagreement").total == 0
    store.annotations.annotate(ids[:3], "anger")
    assert store.gallery.queue("uncertain").total == 1
