from __future__ import annotations

from pathlib import Path

from labeling.schema import now
from tests.labeling.face_patterns import face, open_store


def test_answers_are_kept_by_version_and_go_with_their_image(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    first, second = (store.images.add(face(number), label="fear").image_id for number in (1, 2))
    answers = store.held_out_answers
    answers.record(1, {first: "fear", second: "anger", 999: "anger"})
    answers.record(2, {first: "anger"})
    answers.record(1, {first: ""})
    assert answers.of(1, [first, second, 999]) == {first: "", second: "anger"}
    assert answers.of(2, [first, second]) == {first: "anger"}
    store.deletion.delete([second])
    store.deletion.purge()
    assert answers.of(1, [first, second]) == {first: ""}
    answers.forget(1)
    assert (answers.of(1, [first]), answers.of(2, [first])) == ({}, {first: "anger"})


def test_the_first_label_counts(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    image = store.images.add(face(1)).image_id
    assert store.held_out_answers.first_labelled([image]) == {}
    store.annotations.annotate([image], None, "skip")
    before = now()
    store.annotations.annotate([image], "fear", "label")
    after = now()
    store.annotations.annotate([image], "anger", "label")
    assert before <= store.held_out_answers.first_labelled([image])[image] <= after


def test_whatever_changes_what_is_held_out_changes_the_state(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    states = [store.held_out_answers.data_state()]

    def changed() -> bool:
        states.append(store.held_out_answers.data_state())
        return states[-1] not in states[:-1]

    first, second = (store.images.add(face(number), label="fear").image_id for number in (1, 2))
    assert changed()
    action = store.annotations.annotate([first], "anger", "label")
    store.annotations.annotate([second], "anger", "label")
    assert changed()
    store.undoing.undo(action)
    assert changed()
    store.deletion.delete([second])
    assert changed()
    store.labels.change("fear", enabled=False)
    assert changed()
    assert store.held_out_answers.data_state() == states[-1]


def test_only_what_may_be_trained_on_has_a_label(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    fear, anger, none, gone = (
        store.images.add(face(number), label=label).image_id
        for number, label in enumerate(["fear", "anger", None, "fear"])
    )
    store.labels.change("anger", enabled=False)
    store.deletion.delete([gone])
    assert store.images.labels_trained_on([fear, anger, none, gone, 999]) == {fear: "fear"}
