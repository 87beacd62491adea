from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from labeling.gallery import GalleryFilter
from labeling.labels import LabelError
from labeling.stored_faces import Guess, NewFace
from tests.labeling.face_patterns import face, open_store


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
    assert store.images.add(face(1)) == added
    assert store.overview.label_counts() == {"fear": 1}


def test_a_picture_that_lies_in_the_trash_comes_back_with_what_is_said_of_it_now(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    image = store.images.add(face(1), label="fear", subject="Ada", session="first").image_id
    store.deletion.delete([image])
    assert store.images.add(face(1), label="anger", session="second", source="camera").state == "added"
    item = store.gallery.item(image)
    assert (item.label, item.subject, item.session, item.source) == ("anger", "Ada", "second", "camera")
    assert [answer.label for answer in store.annotations.history(image)] == ["fear", "anger"]
    assert store.trash.figures().images == 0 and store.deletion.restore([image]) == 0
    store.deletion.delete([image])
    store.images.add(face(1), subject="Bo")
    assert (store.gallery.item(image).label, store.gallery.item(image).subject) == ("anger", "Bo")


def test_a_near_copy_is_left_out_of_its_burst_and_flagged_elsewhere(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    crop = face(1)
    near = replace(face(2), hash=crop.hash ^ 0b11)
    first = store.images.add(crop, session="s1", burst=True)
    again = store.images.add(near, session="s1", burst=True)
    assert (again.image_id, again.state) == (first.image_id, "near-duplicate")
    elsewhere = store.images.add(near, session="s2", burst=True)
    assert elsewhere.state == "added"
    assert [item.id for item in store.gallery.page(GalleryFilter(flag="duplicate")).items] == [elsewhere.image_id]
    store.deletion.delete([first.image_id])
    store.deletion.purge()
    assert store.gallery.page(GalleryFilter(flag="duplicate")).total == 0


def test_what_is_far_in_few_bits_of_every_piece_is_no_copy(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    crop = face(1)
    store.images.add(crop)
    store.images.add(replace(face(2), hash=crop.hash ^ 0x0003_0001_0001_0000))
    assert store.gallery.page(GalleryFilter(flag="duplicate")).total == 0


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
