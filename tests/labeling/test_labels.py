from __future__ import annotations

import re
from pathlib import Path

import pytest

from labeling.label_marks import KEYS
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


def test_a_new_label_gets_a_free_colour_and_the_ninth_key_then_a_letter_of_its_name(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    assert [store.labels.add(name).key for name in ("wink", "smirk", "iris", "mum")] == ["9", "i", "r", "a"]
    assert len({label.color for label in store.labels.list()}) == 12
    assert store.labels.change("smirk", color="#ABCDEF").color == "#abcdef"
    with pytest.raises(LabelError, match="colour"):
        store.labels.change("smirk", color="red")


def test_a_key_that_another_label_has_swaps(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    store.labels.add("wink")
    assert store.labels.change("wink", key="1").key == "1"
    assert store.labels.get("neutral").key == "9"
    assert store.labels.add("smirk", key="1").key == "1"
    assert store.labels.get("wink").key == "w"
    for key in ("", "s", "U", "ab", "ß"):
        with pytest.raises(LabelError, match="key"):
            store.labels.change("smirk", key=key)
    assert store.labels.get("smirk").key == "1"


def test_the_page_offers_the_keys_that_a_label_can_have() -> None:
    script = (Path(__file__).parents[2] / "webapp/static/shared/label-keys.js").read_text("utf-8")
    rows = re.findall(r"""^  \.\.\.(?:"(.*)"|'(.*)'),$""", script, re.M)
    assert "".join(first or second for first, second in rows) == KEYS


def test_sixty_labels_have_keys_and_looks_of_their_own_and_what_has_no_key_is_refused(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    for number in range(60):
        store.labels.add(f"pose {number}")
    labels = store.labels.list()
    assert len({label.key for label in labels} - {""}) == 68
    assert len({label.color for label in labels[:18]}) == 18 and {label.pattern for label in labels[:18]} == {""}
    assert len({(label.color, label.pattern) for label in labels}) == 68
    for number in range(60, 64):
        store.labels.add(f"pose {number}")
    with pytest.raises(LabelError, match=r"72 labels in use.*Switch one off or remove it"):
        store.labels.add("one more")
    store.labels.change("anger", enabled=False)
    taken = store.labels.get("anger")
    added = store.labels.add("one more")
    assert (added.key, added.color, added.pattern) == (taken.key, taken.color, taken.pattern)
    with pytest.raises(LabelError, match="72 labels in use"):
        store.labels.change("anger", enabled=True)
    gone = store.labels.get("pose 3")
    store.removals.remove("pose 3")
    again = store.labels.change("anger", enabled=True)
    assert (again.key, again.color, again.pattern) == (gone.key, gone.color, gone.pattern)
    in_use = store.labels.list()
    assert len({label.key for label in in_use}) == len({(label.color, label.pattern) for label in in_use}) == 72


def test_a_deleted_label_leaves_its_key_and_its_colour_to_the_next(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    first = store.labels.add("wink")
    store.removals.remove("wink")
    second = store.labels.add("smirk")
    assert (second.key, second.color, second.pattern) == (first.key, first.color, "")


def test_a_colour_that_another_label_has_is_told_apart_by_a_pattern(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    grey = store.labels.get("neutral").color
    looks = [store.labels.change(name, color=grey) for name in ("fear", "anger", "disgust")]
    assert [(label.color, label.pattern) for label in looks] == [(grey, "stripes"), (grey, "dots"), (grey, "grid")]
    with pytest.raises(LabelError, match="this colour already"):
        store.labels.change("contempt", color=grey)
    assert store.labels.change("fear", color=grey).pattern == "stripes"


def test_a_built_in_label_is_switched_off_and_on_but_neither_renamed_nor_removed(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    store.images.add(face(1), label="anger")
    for change in (lambda: store.labels.rename("anger", "rage"), lambda: store.removals.remove("anger")):
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
