from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import numpy as np
import pytest

from labeling.intake import whole_crop
from labeling.store import Store
from labeling.stored_faces import NewFace, TrainingFace
from models.network import Network
from models.pictures import decode, encode_jpeg
from tests.labeling.face_patterns import open_store
from tests.training.signed_faces import new_face, portrait
from training.base.ferplus import EXPRESSIONS
from training.copies import copies_of
from training.dataset import DataSet, prepare, proof_faces
from training.enough import TooLittleData


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = open_store(tmp_path)
    yield store
    store.close()


def fill(store: Store, **counts: int) -> None:
    store.images.add_all([new_face(sign, n) for sign, count in counts.items() for n in range(count)], new_labels=True)


def prepared(store: Store, hold_out: Sequence[str] = ()) -> DataSet:
    faces, enabled = list(store.images.training_faces()), [label.name for label in store.labels.list()]
    return prepare(faces, enabled, EXPRESSIONS, hold_out=hold_out)


def copies(sign: str, count: int, start: int = 0) -> list[NewFace]:
    """One picture, compressed differently each time: other bytes, the same face."""
    picture = portrait(sign, 0)[40:210, 140:310]
    pictures = [encode_jpeg(picture, 60 + 3 * n + start) for n in range(count)]
    return [NewFace(whole_crop(data, decode(data)), sign) for data in pictures]


def test_faces_become_tensors(store: Store) -> None:
    fill(store, wink=12, happiness=20)
    data = prepared(store)
    assert data.labels == (*EXPRESSIONS, "wink") and not data.left_out
    assert data.wide.shape == (32, 1, 77, 77) and data.wide.dtype == np.uint8
    assert data.pixels.shape == (32, 1, 48, 48) and data.pixels.dtype == np.uint8
    assert [data.labels[int(c)] for c in data.classes] == [face.label for face in store.images.training_faces()]
    # The face crop is the middle of the wide one.
    middle, pixels = data.wide[:, :, 14:62, 14:62].astype(float), data.pixels.astype(float)
    assert np.abs(middle - pixels).mean() < 12 < np.abs(middle - pixels[::-1]).mean()
    assert data.counts(data.split.train)["wink"] + data.counts(data.split.held_out)["wink"] == 12
    assert data.notes == ("“wink” has 12 images; 20 make a fair start.",)


def test_frames_of_one_session_stay_on_one_side(store: Store) -> None:
    fill(store, wink=12, happiness=12)
    data = prepared(store)
    sessions = {face.image_id: face.session for face in store.images.training_faces()}
    train, held = ({sessions[i] for i in side} for side in (data.split.train, data.split.held_out))
    assert len(held) >= 4 and not train & held


def test_of_one_take_a_label_the_end_is_held_out_and_said_to_flatter(store: Store) -> None:
    began = datetime(2026, 3, 14, tzinfo=timezone.utc)
    for sign in ("wink", "happiness"):
        frames = [
            replace(new_face(sign, n, session=sign), created=began - timedelta(seconds=n)) for n in range(20)
        ]  # the last one stored was captured first
        store.images.add_all(frames, new_labels=True)
    data = prepared(store)
    assert set(data.split.held_out) == {*range(1, 6), *range(21, 26)} and set(data.split.between) == {6, 26}
    assert data.split.same_take == ("wink", "happiness")
    (note,) = data.notes
    assert (
        note.startswith("Same take: “wink” and “happiness” were") and "flatters" in note and "once more, later" in note
    )


def test_chosen_people_are_held_out_and_nothing_is_learned_of_them(store: Store) -> None:
    def frames(sign: str, person: str, numbers: range) -> list[NewFace]:
        return [new_face(sign, n, session=f"{sign} {person}", subject=person) for n in numbers]

    faces = [*frames("wink", "Ada", range(10)), *frames("wink", "Bo", range(10, 20))]
    faces += [
        *frames("happiness", "Bo", range(12)),
        *frames("shout", "Ada", range(9)),
        *frames("shout", "Bo", range(9, 12)),
    ]
    store.images.add_all(faces, new_labels=True)
    data = prepared(store, hold_out=["Ada"])
    assert data.counts(data.split.held_out)["wink"] == data.counts(data.split.train)["wink"] == 10
    assert data.counts(data.split.train)["happiness"] == 12 and "shout" not in data.labels
    assert data.left_out == {"shout": "“shout” is left out: it has 3 images of other people and needs 8."}
    assert data.notes[-2:] == (
        "Held out as you chose: one person, 10 images.",
        "Not measured: “happiness”, since the people held out do not show it.",
    )
    with pytest.raises(TooLittleData, match="Too little is left to learn from"):
        prepared(store, hold_out=["Ada", "Bo"])


def test_a_built_in_label_that_only_held_out_people_show_stays_and_is_said_not_to_be_learned(store: Store) -> None:
    store.images.add_all([new_face("happiness", n, subject="Ada") for n in range(12)])
    others = [new_face(sign, n, subject="Bo") for sign in ("wink", "shout") for n in range(10)]
    store.images.add_all(others, new_labels=True)
    data = prepared(store, hold_out=["Ada"])
    assert "happiness" in data.labels and data.counts(data.split.train)["happiness"] == 0
    assert "Nothing is learned of “happiness”: all its images show people who are held out." in data.notes


def test_nothing_labelled(store: Store) -> None:
    with pytest.raises(TooLittleData, match=r"Nothing is labelled yet\. Collect two expressions"):
        prepared(store)


def test_one_label(store: Store) -> None:
    fill(store, happiness=12)
    with pytest.raises(TooLittleData, match=r"Telling apart takes two: so far everything is labelled “happiness”\."):
        prepared(store)


def test_two_images(store: Store) -> None:
    fill(store, wink=1, happiness=1)
    with pytest.raises(
        TooLittleData, match=r"at least two expressions with 8 different images each\. .*“wink” .* 1 image"
    ):
        prepared(store)


def test_a_label_with_too_few_images_is_named_and_left_out(store: Store) -> None:
    fill(store, wink=5, happiness=10, shout=10)
    data = prepared(store)
    assert "wink" not in data.labels and "shout" in data.labels
    assert data.left_out == {"wink": "“wink” is left out: it has 5 images and needs 8."}
    assert len(data.ids) == 20


def test_a_label_without_any_image_is_left_out_unless_the_base_knows_it(store: Store) -> None:
    fill(store, happiness=10, shout=10)
    store.labels.add("smirk")
    data = prepared(store)
    assert data.left_out["smirk"] == "“smirk” is left out: it has no images and needs 8."
    assert "neutral" in data.labels and "smirk" not in data.labels


def test_a_label_whose_images_are_all_copies(store: Store) -> None:
    fill(store, happiness=10, shout=10)
    store.images.add_all(copies("wink", 10), new_labels=True)
    data = prepared(store)
    assert data.left_out["wink"] == "“wink” is left out: its 10 images all look the same."
    store.images.add_all([new_face("wink", number) for number in range(1, 3)])
    assert "its 12 images are only 3 different pictures" in prepared(store).left_out["wink"]


def test_copies_stand_on_one_side(store: Store) -> None:
    fill(store, happiness=12, wink=12)
    added = store.images.add_all(copies("wink", 6), new_labels=True)
    data = prepared(store)
    held = {result.image_id in data.split.held_out for result in added}
    assert len(held) == 1


def test_an_image_that_no_longer_decodes_is_named_and_left_out(store: Store, tmp_path: Path) -> None:
    fill(store, wink=9, happiness=10)
    with closing(sqlite3.connect(tmp_path / "mien.db")) as connection:
        connection.execute("UPDATE image_data SET data = substr(data, 1, 400) WHERE image_id = 3")
        connection.commit()
    data = prepared(store)
    assert 3 not in data.ids and len(data.ids) == 18
    assert data.notes[0] == "Left out since it cannot be decoded: 1 image (number 3)."
    assert proof_faces(store).shape == (18, 1, 48, 48)


def test_no_image_decodes(store: Store, tmp_path: Path) -> None:
    fill(store, wink=9, happiness=10)
    with closing(sqlite3.connect(tmp_path / "mien.db")) as connection:
        connection.execute("UPDATE image_data SET data = x'00'")
        connection.commit()
    with pytest.raises(TooLittleData, match="None of the 19 labelled images can be decoded"):
        prepared(store)


def test_a_switched_off_label_is_not_trained_on(store: Store) -> None:
    fill(store, wink=10, happiness=10, shout=10)
    store.labels.change("shout", enabled=False)
    assert "shout" not in prepared(store).labels and len(prepared(store).ids) == 20


def test_copies_are_found_and_others_are_not(store: Store) -> None:
    fill(store, wink=10, happiness=10)
    pixels = prepared(store).pixels
    grainy = pixels[[4]] + np.random.default_rng(0).normal(0, 3, pixels[[4]].shape)
    assert copies_of(np.concatenate([pixels, grainy.round().clip(0, 255).astype(np.uint8)])) == [*range(20), 4]


def test_a_label_that_is_left_out_takes_its_pictures_with_it(store: Store) -> None:
    fill(store, wink=5, happiness=10, shout=10)
    kept = {face.image_id: face for face in store.images.training_faces() if face.label != "wink"}
    data, alone = prepared(store), prepare(kept.values(), [*EXPRESSIONS, "shout"], EXPRESSIONS)
    assert data.ids == alone.ids == tuple(kept) and data.split == alone.split
    assert np.array_equal(data.pixels, alone.pixels) and np.array_equal(data.wide, alone.wide)


def test_proof_faces_are_spread_and_few(store: Store) -> None:
    fill(store, wink=20, happiness=20)
    few = proof_faces(store, count=10)
    assert few.shape == (10, 1, 48, 48)
    assert len(np.unique(few, axis=0)) == 10
    assert proof_faces(store, side=Network().config.size).shape[0] == 40


def test_proof_faces_read_no_other_image(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(store, wink=20, happiness=20)
    read: list[int] = []
    training_faces = store.images.training_faces

    def reading(ids: Sequence[int] | None = None) -> Iterator[TrainingFace]:
        for face in training_faces(ids):
            read.append(face.image_id)
            yield face

    monkeypatch.setattr(store.images, "training_faces", reading)
    assert len(proof_faces(store, count=10)) == len(read) == 10
