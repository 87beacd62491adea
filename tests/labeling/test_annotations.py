from __future__ import annotations

from pathlib import Path

import pytest

from labeling.gallery import GalleryFilter
from labeling.labels import LabelError
from labeling.stored_faces import Guess
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
        assert store.annotations.undo(step) == [image]
        item = store.gallery.item(image)
        assert (item.answer, item.label) == left
    assert store.annotations.undo(steps[0]) == []


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


def test_what_the_model_doubts_is_shown_until_a_person_has_decided(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    ids = [store.images.add(face(number), label="anger").image_id for number in range(4)]
    says = ("fear", "anger", "fear", "fear")
    store.suggestions.record(
        {i: Guess(name, 0.5 + n / 10, 2) for n, (i, name) in enumerate(zip(ids, says, strict=True))}
    )
    assert [item.id for item in store.gallery.queue("disagreement").items] == [ids[3], ids[2], ids[0]]
    confirmed = store.annotations.annotate(ids[3:], "anger")
    store.annotations.annotate(ids[2:3], "fear")
    assert [item.id for item in store.gallery.queue("disagreement").items] == [ids[0]]
    store.annotations.undo(confirmed)
    assert [item.id for item in store.gallery.queue("disagreement").items] == [ids[3], ids[0]]


def test_a_model_that_does_not_know_a_label_cannot_disagree_with_it(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    store.labels.add("wink")
    images = [store.images.add(face(number), label=name).image_id for number, name in enumerate(["wink", "anger"])]
    store.suggestions.record({image: Guess("fear", 0.9, 0) for image in images}, labels=["fear", "anger"])
    assert [item.id for item in store.gallery.queue("disagreement").items] == images[1:]


def test_the_active_version_is_the_base_until_another_is_chosen(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    assert store.settings.active_version() == 0
    store.settings.set_active_version(4)
    store.close()
    assert open_store(tmp_path).settings.active_version() == 4
