from __future__ import annotations

from pathlib import Path

import pytest

from labeling.labels import LabelError
from tests.labeling.face_patterns import face, open_store


def test_merging_answers_the_images_anew(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    store.labels.add("wink")
    image = store.images.add(face(1), label="wink").image_id
    store.removals.merge("wink", "happiness")
    assert store.overview.label_counts() == {"happiness": 1}
    assert [answer.label for answer in store.annotations.history(image)] == ["wink", "happiness"]
    with pytest.raises(LabelError, match="no label"):
        store.labels.get("wink")
    with pytest.raises(LabelError, match="itself"):
        store.removals.merge("fear", "Fear")


def test_a_built_in_label_that_is_merged_is_switched_off(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    image = store.images.add(face(1), label="fear").image_id
    action = store.removals.merge("fear", "surprise")
    assert not store.labels.get("fear").enabled and store.gallery.item(image).label == "surprise"
    assert store.undoing.undo(action).label == "fear"
    assert store.labels.get("fear").enabled and store.gallery.item(image).label == "fear"


@pytest.mark.parametrize(("into", "delete", "left"), [(None, False, ""), ("fear", False, "fear"), (None, True, None)])
def test_removing_says_what_becomes_of_the_images_and_is_undone(
    tmp_path: Path, into: str | None, delete: bool, left: str | None
) -> None:
    store = open_store(tmp_path)
    wink = store.labels.add("wink")
    kept, trashed = (store.images.add(face(number), label="wink").image_id for number in range(2))
    store.deletion.delete([trashed])
    action = store.removals.remove("wink", into=into, delete_images=delete)
    items = store.gallery.page().items
    assert [item.label or "" for item in items] == ([] if left is None else [left])
    undone = store.undoing.undo(action)
    assert (undone.later, undone.label) == (0, "wink") and store.labels.get("wink") == wink
    assert [(item.id, item.label) for item in store.gallery.page().items] == [(kept, "wink")]
    # What lay in the trash before stays there, and has its label too.
    assert [(image.id, image.label) for image in store.trash.page()] == [(trashed, "wink")]


def test_the_images_of_a_label_cannot_go_to_the_label_itself(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    store.labels.add("wink")
    with pytest.raises(LabelError, match="cannot keep it"):
        store.removals.remove("wink", into="Wink")
    assert store.labels.get("wink").enabled


def test_a_merged_label_comes_back_as_it_was_with_its_images(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    store.labels.add("blink")
    store.labels.add("wink", color="#123456")
    store.labels.reorder(["fear", "wink"])
    wink = store.labels.get("wink")
    own = [store.images.add(face(number), label="wink").image_id for number in range(3)]
    other = store.images.add(face(9), label="blink").image_id
    action = store.removals.merge("wink", "blink")
    assert store.overview.label_counts() == {"blink": 4}
    store.annotations.annotate(own[:1], "anger")
    undone = store.undoing.undo(action)
    assert (undone.images, undone.later, undone.label) == (own[1:], 1, "wink")
    assert store.labels.get("wink") == wink
    assert [label.name for label in store.labels.list(all=True)][:2] == ["fear", "wink"]
    assert store.annotations.labels_of([*own, other]) == dict(
        zip([*own, other], ["anger", "wink", "wink", "blink"], strict=True)
    )


def test_a_label_that_was_made_anew_meanwhile_is_in_the_way_of_the_old_one(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    store.labels.add("wink")
    image = store.images.add(face(1), label="wink").image_id
    action = store.removals.merge("wink", "fear")
    store.labels.add("Wink")
    with pytest.raises(LabelError, match=r"another label “wink” by now\. Rename that one, then undo"):
        store.undoing.undo(action)
    assert store.gallery.item(image).label == "fear"
    store.labels.rename("Wink", "smirk")
    store.undoing.undo(action)
    assert store.gallery.item(image).label == "wink"
    keys = [label.key for label in store.labels.list() if label.key]
    assert len(keys) == len(set(keys))


def test_an_older_answer_counts_for_what_its_label_was_merged_into(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    for name in ("wink", "blink"):
        store.labels.add(name)
    image = store.images.add(face(1), label="wink").image_id
    later = store.annotations.annotate([image], "anger")
    first, second = store.removals.merge("wink", "blink"), store.removals.merge("blink", "surprise")
    store.undoing.undo(later)
    assert store.gallery.item(image).label == "surprise"
    store.undoing.undo(second)
    assert store.gallery.item(image).label == "blink"
    store.undoing.undo(first)
    assert store.gallery.item(image).label == "wink"
