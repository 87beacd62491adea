from __future__ import annotations

from pathlib import Path

import pytest

from labeling.store import LabelError
from tests.labeling.face_patterns import face, open_store


def test_the_eight_built_in_labels_are_there_in_order_with_keys_and_colours_of_their_own(tmp_path: Path) -> None:
    labels = open_store(tmp_path).labels()
    assert [label.name for label in labels] == (
        ["neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt"]
    )
    assert "".join(label.key for label in labels) == "12345678"
    assert len({label.color for label in labels}) == 8
    assert all(label.built_in and label.enabled for label in labels)


@pytest.mark.parametrize(
    "name",
    ["", "  ", "x" * 10_000, "a\x00b", "a\nb", "<script>alert(1)</script>", "a/b", "..", "a\u202eb", "con", "_x", "."],
)
def test_a_name_that_cannot_be_a_label_is_refused_with_a_sentence(tmp_path: Path, name: str) -> None:
    store = open_store(tmp_path)
    with pytest.raises(LabelError, match=r"\w+ \w+") as refusal:
        store.add_label(name)
    assert len(str(refusal.value)) < 200
    assert len(store.labels(all=True)) == 8


def test_names_differ_in_more_than_case(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    store.add_label("Raised brow")
    with pytest.raises(LabelError, match="already"):
        store.add_label("raised BROW")
    with pytest.raises(LabelError, match="already"):
        store.add_label("Anger")
    assert store.rename_label("raised brow", "Raised Brow").name == "Raised Brow"


def test_a_new_label_gets_a_free_colour_and_the_ninth_key_then_none(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    first, second = store.add_label("wink"), store.add_label("smirk")
    assert (first.key, second.key) == ("9", "")
    assert len({label.color for label in store.labels()}) == 10
    store.set_label("smirk", key="9", color="#ABCDEF")
    assert (store.label("wink").key, store.label("smirk").key, store.label("smirk").color) == ("", "9", "#abcdef")
    with pytest.raises(LabelError, match="colour"):
        store.set_label("smirk", color="red")
    with pytest.raises(LabelError, match="key"):
        store.set_label("smirk", key="x")


def test_a_built_in_label_is_switched_off_and_on_but_neither_renamed_nor_removed(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    store.add_face(face(1), label="anger")
    for change in (lambda: store.rename_label("anger", "rage"), lambda: store.remove_label("anger")):
        with pytest.raises(LabelError, match="built in"):
            change()
    store.set_label("anger", enabled=False)
    assert "anger" not in [label.name for label in store.labels()]
    assert store.training_faces() == []
    store.set_label("anger", enabled=True)
    assert [found.label for found in store.training_faces()] == ["anger"]


def test_reordering_puts_the_named_ones_first(tmp_path: Path) -> None:
    names = [label.name for label in open_store(tmp_path).reorder_labels(["fear", "anger"])]
    assert names[:4] == ["fear", "anger", "neutral", "happiness"]
    assert [label.name for label in open_store(tmp_path).labels()] == names


def test_merging_moves_images_and_their_history(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    store.add_label("wink")
    image = store.add_face(face(1), label="wink").image_id
    store.merge_labels("wink", "happiness")
    assert store.label_counts() == {"happiness": 1}
    assert [answer.label for answer in store.history(image)] == ["happiness"]
    with pytest.raises(LabelError, match="no label"):
        store.label("wink")
    with pytest.raises(LabelError, match="itself"):
        store.merge_labels("fear", "Fear")


@pytest.mark.parametrize(("into", "delete", "left"), [(None, False, ""), ("fear", False, "fear"), (None, True, None)])
def test_removing_says_what_becomes_of_the_images(
    tmp_path: Path, into: str | None, delete: bool, left: str | None
) -> None:
    store = open_store(tmp_path)
    store.add_label("wink")
    store.add_face(face(1), label="wink")
    assert store.remove_label("wink", into=into, delete_images=delete) == 1
    items = store.page().items
    assert [item.label or "" for item in items] == ([] if left is None else [left])
