from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import update

from labeling.schema import ImageDataRow
from labeling.store import Store
from labeling.suggest import suggest_batch
from models.crop import face_crop
from models.home import open_home
from models.pictures import RGB, decode
from models.predictor import Predictor
from models.versions import Versions
from tests.labeling.face_patterns import face, open_store


@pytest.fixture(scope="module")
def predictor(tmp_path_factory: pytest.TempPathFactory) -> Predictor:
    return Predictor(Versions(open_home(tmp_path_factory.mktemp("home")).versions).get(0))


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = open_store(tmp_path)
    for number in range(5):
        store.images.add(face(number, 64))
    return store


def test_every_image_is_suggested_on_once_batch_by_batch(store: Store, predictor: Predictor) -> None:
    assert store.suggestions.left(predictor.number) == 5
    for left in (3, 1, 0, 0):
        suggest_batch(store, predictor, store.suggestions.waiting(predictor.number, 2))
        assert store.suggestions.left(predictor.number) == left
    items = store.gallery.page().items
    assert all(item.suggested in predictor.labels and 0 < (item.certainty or 0) <= 1 for item in items)


@pytest.mark.parametrize("threads", [1, 2, 3, 9])
def test_any_number_of_threads_says_the_same(store: Store, predictor: Predictor, threads: int) -> None:
    suggest_batch(store, predictor, store.suggestions.waiting(predictor.number), threads)
    for item in store.gallery.page().items:
        place = store.images.places([item.id])[item.id]
        (row,) = predictor.classify([face_crop(decode(store.images.data(item.id)), place.points, 48, place.box)])
        assert item.suggested == predictor.labels[int(row.argmax())]
        assert item.certainty == pytest.approx(float(row.max()), abs=1e-4)


def test_an_image_that_cannot_be_decoded_does_not_keep_the_others_waiting(
    store: Store, predictor: Predictor, caplog: pytest.LogCaptureFixture
) -> None:
    with store.database.writing() as connection:
        connection.execute(update(ImageDataRow).where(ImageDataRow.image_id == 2).values(data=b"damaged"))
    suggest_batch(store, predictor, store.suggestions.waiting(predictor.number))
    assert store.suggestions.left(predictor.number) == 0
    assert "image 2" in caplog.text
    assert [item.id for item in store.gallery.page().items if item.suggested is None] == [2]


def test_an_image_that_is_purged_meanwhile_is_left_out(
    store: Store, predictor: Predictor, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = store.images.data_of

    def purging(image_ids: Sequence[int]) -> dict[int, bytes]:
        store.deletion.delete([3])
        store.deletion.purge([3])
        return read(image_ids)

    monkeypatch.setattr(store.images, "data_of", purging)
    suggest_batch(store, predictor, store.suggestions.waiting(predictor.number))
    assert [item.id for item in store.gallery.page().items if item.suggested is not None] == [5, 4, 2, 1]


def test_an_image_that_is_deleted_while_a_model_looks_at_it_has_its_suggestion_when_it_comes_back(
    store: Store, predictor: Predictor, monkeypatch: pytest.MonkeyPatch
) -> None:
    classify = predictor.classify

    def deleting(crops: Sequence[RGB]) -> np.ndarray:
        store.deletion.delete([1])
        return classify(crops)

    monkeypatch.setattr(predictor, "classify", deleting)
    suggest_batch(store, predictor, store.suggestions.waiting(predictor.number))
    store.deletion.restore([1])
    assert store.suggestions.left(predictor.number) == 0
