from __future__ import annotations

from pathlib import Path

import pytest

from labeling.gallery import GalleryFilter
from labeling.people import PersonOfImages, checked_person
from labeling.store import Store
from models.errors import MienError, NotFound
from tests.labeling.face_patterns import face, open_store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = open_store(tmp_path)
    for number in range(4):
        store.images.add(face(number), subject="Bo" if number % 2 else None)
    return store


def people(store: Store) -> list[str | None]:
    return [store.gallery.item(number).subject for number in range(1, 5)]


def test_images_are_given_a_person_and_get_theirs_back(store: Store) -> None:
    before = store.people.assign([PersonOfImages("  Ada ", [1, 2, 3])])
    assert people(store) == ["Ada", "Ada", "Ada", "Bo"]
    assert store.gallery.page(GalleryFilter(subject="Ada")).total == 3
    assert store.people.assign(before) == [PersonOfImages("Ada", [1, 3, 2])]
    assert people(store) == [None, "Bo", None, "Bo"]


def test_a_person_can_be_taken_away(store: Store) -> None:
    for nobody in (None, "", "  "):
        store.people.assign([PersonOfImages("Ada", [1])])
        store.people.assign([PersonOfImages(nobody, [1])])
        assert people(store)[0] is None


def test_an_image_that_is_named_twice_gets_back_what_it_had(store: Store) -> None:
    before = store.people.assign([PersonOfImages("Ada", [2, 2]), PersonOfImages("Cy", [2])])
    assert people(store)[1] == "Cy"
    store.people.assign(before)
    assert people(store)[1] == "Bo"


def test_nothing_is_named_where_one_image_is_not_there(store: Store) -> None:
    with pytest.raises(NotFound, match="no image 99"):
        store.people.assign([PersonOfImages("Ada", [1]), PersonOfImages("Ada", [99])])
    assert people(store) == [None, "Bo", None, "Bo"]


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("x" * 200, "at most 64 characters; this one has 200"),
        ("A\nda", "control or invisible"),
        ("A\u202eda", "control or invisible"),
        ("A\x00", "control or invisible"),
    ],
)
def test_a_name_that_is_none_is_refused(store: Store, name: str, wrong: str) -> None:
    with pytest.raises(MienError, match=wrong):
        store.people.assign([PersonOfImages(name, [1])])
    assert people(store)[0] is None


def test_a_name_is_text_whatever_it_looks_like() -> None:
    assert checked_person(" <b>Ada</b> ") == "<b>Ada</b>"
    assert checked_person("x" * 64 + "  ") == "x" * 64
    assert checked_person("Zoe\u0308") == "Zo\u00eb"
