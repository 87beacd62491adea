from __future__ import annotations

from pathlib import Path

import pytest

from labeling.labels import LabelError
from tests.labeling.face_patterns import face, open_store


def test_the_eight_built_in_labels_are_there_in_order_with_keys_and_colours_of_their_own(tmp_path: Path) -> None:
    labels = open_store(tmp_path).labels.list()
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
        store.labels.add(name)
    assert len(str(refusal.value)) < 200
    assert len(store.labels.list(all=True)) == 8


def test_names_differ_in_more_than_case(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    store.labels.add("Raised brow")
    with pytest.raises(LabelError, match="already"):
        store.labels.add("raised BROW")
    with pytest.raises(LabelError, match="already"):
        store.labels.add("Anger")
    assert store.labels.rename("raised brow", "Raised Brow").name == "Raised Brow"


def test_a_new_label_gets_a_free_colour_and_the_ninth_key_then_none(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    first, second = store.labels.add("wink"), store.labels.add("smirk")
    assert (first.key, second.key) == ("9", "")
    assert len({label.color for label in store.labels.list()}) == 10
    store.labels.change("smirk", key="9", color="#ABCDEF")
    assert (store.labels.get("wink").key, store.labels.get("smirk").key, store.labels.get("smirk").color) == (
        "",
        "9",
        "#abcdef",
    )
    with pytest.raises(LabelError, match="colour"):
        store.labels.change("smirk", color="red")
    with pytest.raises(LabelError, match="key"):
        store.labels.change("smirk", key="x")


def test_a_built_in_label_is_switched_off_and_on_but_neither_renamed_nor_removed(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    store.images.add(face(1), label="anger")
    for change in (lambda: store.labels.rename("anger", "rage"), lambda: store.labels.remove("anger")):
        with pytest.raises(LabelError, match="built in"):
            change()
    store.labels.change("anger", enabled=False)
    assert "anger" not in [label.name for label in store.labels.list()]
    assert list(store.images.training_faces()) == []
    store.labels.change("anger", enabled=True)
    assert [found.label for found in store.images.training_faces()] == ["anger"]


def test_reordering_puts_the_named_ones_first(tmp_path: Path) -> None:
    names = [label.name for label in open_store(tmp_path).labels.reorder(["fear", "anger"])]
    assert names[:4] == ["fear", "anger", "neutral", "happiness"]
    assert [label.name for label in open_store(tmp_path).labels.list()] == names


def test_merging_moves_images_and_their_history(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    store.labels.add("wink")
    image = store.images.add(face(1), label="wink").image_id
    store.labels.merge("wink", "happiness")
    assert store.overview.label_counts() == {"happiness": 1}
    assert [answer.label for answer in store.annotations.history(image)] == ["happiness"]
    with pytest.raises(LabelError, match="no label"):
        store.labels.get("wink")
    with pytest.raises(LabelError, match="itself"):
        store.labels.merge("fear", "Fear")


@pytest.mark.parametrize(("into", "delete", "left"), [(None, False, ""), ("fear", False, "fear"), (None, True, None)])
def test_removing_says_what_becomes_of_the_images(
    tmp_path: Path, into: str | None, delete: bool, left: str | None
) -> None:
    store = open_store(tmp_path)
    store.labels.add("wink")
    store.images.add(face(1), label="wink")
    assert store.labels.remove("wink", into=into, delete_images=delete) == 1
    items = store.gallery.page().items
    assert [item.label or "" for item in items] == ([] if left is None else [left])
