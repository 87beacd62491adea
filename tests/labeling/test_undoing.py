from __future__ import annotations

from pathlib import Path

import pytest

from labeling.undoing import Undone
from models.errors import NotFound
from tests.labeling.face_patterns import face, open_store


def test_what_was_relabelled_at_once_has_its_former_labels_again(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    ids = [store.images.add(face(n), label=("fear", "anger", None)[n % 3]).image_id for n in range(6)]
    before = store.annotations.labels_of(ids)
    action = store.annotations.annotate(ids, "surprise")
    assert store.undoing.undo(action) == Undone(ids, 0, None)
    assert store.annotations.labels_of(ids) == before


def test_images_that_were_answered_later_stay_so_and_are_counted(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    ids = [store.images.add(face(number), label="fear").image_id for number in range(4)]
    action = store.annotations.annotate(ids, "surprise")
    store.annotations.annotate(ids[:3], kind="skip")
    assert store.undoing.undo(action) == Undone(ids[3:], 3, None)
    assert [store.gallery.item(image).answer for image in ids] == ["skip"] * 3 + ["label"]
    assert [answer.label for answer in store.annotations.history(ids[0])] == ["fear", None]


def test_an_action_is_undone_once(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    image = store.images.add(face(1)).image_id
    action = store.annotations.annotate([image], "fear")
    store.undoing.undo(action)
    for gone in (action, "", "never"):
        with pytest.raises(NotFound, match="nothing to undo any more"):
            store.undoing.undo(gone)


def test_deletion_is_undone_but_for_what_came_back_or_went_for_good(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    ids = [store.images.add(face(number)).image_id for number in range(4)]
    first = store.deletion.delete(ids[:3])
    store.deletion.restore(ids[:1])
    second = store.deletion.delete(ids)  # what lies in the trash already is not of this action
    assert second.images == [ids[0], ids[3]]
    store.deletion.purge(ids[1:2])
    assert store.undoing.undo(first.action) == Undone(ids[2:3], 0, None)
    assert store.undoing.undo(second.action).images == [ids[0], ids[3]]
    with pytest.raises(NotFound):
        store.undoing.undo(second.action)
