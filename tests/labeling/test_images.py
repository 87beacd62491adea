from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from labeling.images import READ_AT_ONCE
from labeling.labels import LabelError
from labeling.stored_faces import FacePlace, NewFace
from models.errors import NotFound
from tests.labeling.face_patterns import face, open_store


def test_a_face_comes_back_as_it_was_stored(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    crop = face(1)
    added = store.images.add(crop, label="fear", subject=" Ada ", session="s1", source="camera")
    assert store.images.data(added.image_id) == crop.data
    (found,) = store.images.training_faces()
    assert (found.sha256, found.label, found.subject, found.session, found.data, found.box) == (
        *(crop.sha256, "fear", "Ada", "s1", crop.data, crop.box),
    )
    assert store.images.places([added.image_id]) == {added.image_id: FacePlace(crop.box, None)}
    with pytest.raises(NotFound, match="no image 99"):
        store.images.data(99)


def test_twenty_writers_at_once_lose_nothing(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    crops = [face(number, 64) for number in range(200)]
    names = ["fear", "anger", "wink"]

    def write(writer: int) -> list[object]:
        results: list[object] = []
        for number in range(writer, 200, 20):
            try:
                results.append(store.images.add(crops[number], label=names[number % 3]).image_id)
            except LabelError as error:
                results.append(error)
        return results

    with ThreadPoolExecutor(20) as pool:
        results = [result for part in pool.map(write, range(20)) for result in part]
    stored = [result for result in results if isinstance(result, int)]
    assert len(set(stored)) == len(stored) == sum(number % 3 != 2 for number in range(200))
    assert store.overview.label_counts() == {"fear": 67, "anger": 67}
    assert store.database.check() == "ok"


def test_faces_to_train_on_are_read_a_few_at_a_time_and_in_order(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    new = [NewFace(face(number, 48), ["fear", "anger"][number % 2]) for number in range(2 * READ_AT_ONCE + 5)]
    ids = [added.image_id for added in store.images.add_all(new)]
    store.annotations.annotate([ids[12]], kind="skip")
    store.deletion.delete([ids[6]])
    store.labels.change("anger", enabled=False)
    expected = [image for number, image in enumerate(ids) if number % 2 == 0 and number not in (6, 12)]
    known = store.images.labelled()
    assert [found.image_id for found in known] == expected
    read = store.images.training_faces()
    first = next(read)
    store.annotations.annotate([ids[8]], "surprise")
    store.deletion.delete([ids[-1]])
    faces = [first, *read]
    assert [found.image_id for found in faces] == expected[:-1]
    assert {found.image_id: (found.sha256, found.box) for found in faces} == (
        {found.image_id: (found.sha256, found.box) for found in known[:-1]}
    )
    assert all(found.data == store.images.data(found.image_id) for found in faces)
    some = [ids[10], ids[6], ids[1], ids[4]]
    assert [found.image_id for found in store.images.training_faces(some)] == [ids[4], ids[10]]
    assert list(store.images.training_faces([])) == []
