from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from labeling.labels import LabelError
from labeling.stored_faces import Guess, NewFace
from models.errors import NotFound
from tests.labeling.face_patterns import face, open_store


def files_of(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir())


def test_a_face_comes_back_as_it_was_stored(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    crop = face(1)
    added = store.images.add(crop, label="fear", subject=" Ada ", session="s1", source="camera")
    assert store.images.data(added.image_id) == crop.data
    (found,) = store.images.training_faces()
    assert (found.sha256, found.label, found.subject, found.session, found.data, found.box) == (
        *(crop.sha256, "fear", "Ada", "s1", crop.data, crop.box),
    )
    assert store.images.boxes([added.image_id]) == {added.image_id: crop.box}
    with pytest.raises(NotFound, match="no image 99"):
        store.images.data(99)


def test_the_same_bytes_are_stored_once_and_an_unlabelled_copy_takes_the_label(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    first = store.images.add(face(1))
    assert store.images.add(face(1), label="fear") == replace(first, state="duplicate")
    assert store.images.add(face(1), label="anger").state == "duplicate"
    assert store.overview.label_counts() == {"fear": 1}
    store.images.add(face(1), label="anger", relabel=True)
    assert store.overview.label_counts() == {"anger": 1}
    assert [answer.label for answer in store.annotations.history(first.image_id)] == ["fear", "anger"]


def test_a_deleted_image_comes_back_when_it_is_added_again(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    added = store.images.add(face(1), label="fear")
    store.deletion.delete([added.image_id])
    assert store.gallery.page().total == 0
    assert store.images.add(face(1)).image_id == added.image_id
    assert store.overview.label_counts() == {"fear": 1}


def test_a_near_copy_is_left_out_of_its_burst_and_flagged_elsewhere(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    crop = face(1)
    near = replace(face(2), hash=crop.hash ^ 0b11)
    first = store.images.add(crop, session="s1", burst=True)
    again = store.images.add(near, session="s1", burst=True)
    assert (again.image_id, again.state) == (first.image_id, "near-duplicate")
    elsewhere = store.images.add(near, session="s2", burst=True)
    assert elsewhere.state == "added"
    assert [item.id for item in store.gallery.page(filter_of(flag="duplicate")).items] == [elsewhere.image_id]
    store.deletion.delete([first.image_id])
    store.deletion.purge()
    assert store.gallery.page(filter_of(flag="duplicate")).total == 0


def filter_of(**narrowed: str):  # type: ignore[no-untyped-def]
    from labeling.gallery import GalleryFilter

    return GalleryFilter(**narrowed)


def test_what_is_far_in_few_bits_of_every_piece_is_no_copy(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    crop = face(1)
    store.images.add(crop)
    store.images.add(replace(face(2), hash=crop.hash ^ 0x0003_0001_0001_0000))
    assert store.gallery.page(filter_of(flag="duplicate")).total == 0


def test_the_wrong_guess_stands_beside_the_label(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    image = store.images.add(face(1), label="fear", guess=Guess("surprise", 0.8, 3)).image_id
    item = store.gallery.item(image)
    assert (item.label, item.suggested, item.certainty) == ("fear", "surprise", 0.8)
    assert "mislabelled" in item.flags


def test_an_unknown_label_stores_nothing(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    with pytest.raises(LabelError, match="no label “wink”"):
        store.images.add(face(1), label="wink")
    with pytest.raises(LabelError):
        store.images.add_all([NewFace(face(1)), NewFace(face(2), "wink")])
    assert store.gallery.page().total == 0


def test_deletion_is_undone_or_else_the_bytes_leave_every_file(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    kept, gone = face(1), face(2)
    first = store.images.add(kept, subject="Ada").image_id
    second = store.images.add(gone, subject="Bo").image_id
    assert store.deletion.delete([first, second]) == 2
    assert store.deletion.restore([first]) == 1
    assert gone.data[-90:-30] in files_of(tmp_path)
    assert store.deletion.purge() == 1
    assert gone.data[-90:-30] not in files_of(tmp_path)
    assert kept.data[-90:-30] in files_of(tmp_path)
    assert store.deletion.restore([second]) == 0
    assert store.deletion.delete_where(subject="Ada") == [first]
    store.deletion.purge([first])
    assert kept.data[-90:-30] not in files_of(tmp_path)


def test_delete_everything_keeps_the_labels(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    for number in range(5):
        store.images.add(face(number), label="fear")
    assert len(store.deletion.delete_where()) == 5
    assert store.deletion.purge() == 5
    assert store.gallery.page().total == 0
    assert len(store.labels.list()) == 8


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
