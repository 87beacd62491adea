from __future__ import annotations

from pathlib import Path

import pytest

from labeling.gallery import GalleryFilter
from labeling.labels import LabelError
from models.errors import MienError, NotFound
from tests.labeling.face_patterns import face, open_store


def test_relabelling_keeps_the_history_and_undo_goes_back_step_by_step(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    image = store.images.add(face(1)).image_id
    steps = [
        store.annotations.annotate([image], "fear"),
        store.annotations.annotate([image], kind="skip", who="Ada"),
        store.annotations.annotate([image], "anger"),
    ]
    assert [(a.kind, a.label, a.who) for a in store.annotations.history(image)] == [
        ("label", "fear", "me"),
        ("skip", None, "Ada"),
        ("label", "anger", "me"),
    ]
    for step, left in zip(reversed(steps), (("skip", None), ("label", "fear"), ("", None)), strict=True):
        assert store.undoing.undo(step).images == [image]
        item = store.gallery.item(image)
        assert (item.answer, item.label) == left


def test_an_answer_is_for_all_or_for_none(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    image = store.images.add(face(1)).image_id
    with pytest.raises(NotFound, match="no image 77"):
        store.annotations.annotate([image, 77], "fear")
    with pytest.raises(LabelError):
        store.annotations.annotate([image], "wink")
    with pytest.raises(MienError, match="answer"):
        store.annotations.annotate([image])
    with pytest.raises(MienError, match="answer"):
        store.annotations.annotate([image], "fear", kind="skip")
    assert store.gallery.item(image).answer == ""


def test_skipped_and_faceless_images_are_not_trained_on(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    ids = [store.images.add(face(number), label="fear").image_id for number in range(3)]
    store.annotations.annotate(ids[:1], kind="skip")
    store.annotations.annotate(ids[1:2], kind="not_a_face")
    assert [found.image_id for found in store.images.training_faces()] == ids[2:]
    assert store.gallery.page(GalleryFilter(answer="not_a_face")).total == 1
