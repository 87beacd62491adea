from __future__ import annotations

from pathlib import Path

from labeling.gallery import GalleryFilter
from labeling.store import Store
from labeling.stored_faces import Guess
from tests.labeling.face_patterns import face, open_store


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
    store.undoing.undo(confirmed)
    assert [item.id for item in store.gallery.queue("disagreement").items] == [ids[3], ids[0]]


def test_a_model_that_does_not_know_a_label_cannot_disagree_with_it(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    store.labels.add("wink")
    images = [store.images.add(face(number), label=name).image_id for number, name in enumerate(["wink", "anger"])]
    store.suggestions.record({image: Guess("fear", 0.9, 1) for image in images}, labels=["fear", "anger"])
    assert [item.id for item in store.gallery.queue("disagreement").items] == images[1:]


def test_the_base_model_doubts_nobody(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    image = store.images.add(face(1), label="anger", guess=Guess("fear", 0.9, 0)).image_id
    store.suggestions.record({image: Guess("fear", 0.9, 0)})
    assert store.gallery.item(image).suggested == "fear" and doubted(store) == 0
    assert not store.overview.figures().trained
    store.suggestions.record({image: Guess("fear", 0.9, 1)})
    store.settings.set_active_version(1)
    assert doubted(store) == 1
    assert store.overview.figures().trained
    store.suggestions.record({image: Guess("fear", 0.9, 0)})  # the base model is in use again
    assert doubted(store) == 0


def doubted(store: Store) -> int:
    return store.gallery.page(GalleryFilter(flag="mislabelled")).total
