"""What paths say of labels and people, told before an import, and what the import then makes of them."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from labeling.exchange import import_path
from labeling.import_plan import ImportPlan, plan_import, plan_of
from labeling.path_reading import PathReading, PeopleFrom, label_and_person
from tests.labeling.exchange_files import jpeg, zipped
from tests.labeling.face_patterns import open_store

OWN = ("neutral", "happiness", "fear")
PEOPLE = ("ada", "ben", "cem")


def grid(pattern: str, labels: tuple[str, ...] = ("fear", "happy"), count: int = 3) -> list[str]:
    """Paths of `count` files for each label and person."""
    return [pattern.format(label=la, person=p, n=n) for la in labels for p in PEOPLE for n in range(count)]


def offered(plan: ImportPlan) -> list[tuple[str, int, bool]]:
    return [(rule.people_from, rule.people, rule.sure) for rule in plan.people]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("{label}/{person}/{n}.jpg", "inner-folder"),
        ("set/{label}/{person}/{n}.jpg", "inner-folder"),
        ("{person}/{label}/{n}.jpg", "outer-folder"),
        ("set\\{person}\\{label}\\{n}.jpg", "outer-folder"),
    ],
)
def test_a_folder_level_beside_known_labels_names_the_people(pattern: str, expected: str) -> None:
    plan = plan_of(grid(pattern), OWN)
    assert plan.people_from == expected
    assert offered(plan)[0] == (expected, 3, True)
    assert {(label.folder, label.pictures, label.meant) for label in plan.labels} == {
        ("fear", 9, ""),
        ("happy", 9, "happiness"),
    }


def test_with_labels_that_nobody_knows_both_levels_are_offered_and_none_is_taken() -> None:
    plan = plan_of(grid("{label}/{person}/{n}.jpg", ("wink", "frown")), OWN)
    assert {rule[0] for rule in offered(plan)} == {"inner-folder", "outer-folder"}
    assert plan.people_from == "nowhere" and not any(rule.sure for rule in plan.people)


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("{label}/{person}_{n}.jpg", "name-start"),
        ("{label}/{person}{n}.jpg", "name-start"),
        ("{label}/{person} ({n}).jpg", "name-start"),
        ("{label}/{person}.{label}{n}.12.tiff", "name-start"),
        ("{label}/{label}-{person}-{n}.png", "name-middle"),
    ],
)
def test_a_part_of_the_files_names_is_offered_but_not_taken(pattern: str, expected: str) -> None:
    plan = plan_of(grid(pattern), OWN)
    assert offered(plan) == [(expected, 3, False)]
    assert plan.people_from == "nowhere"


@pytest.mark.parametrize("pattern", ["{label}/IMG_{n}.jpg", "{label}/{n}.jpg", "{label}/{label}_{n}.jpg", "{n}.jpg"])
def test_names_that_name_nobody_are_not_offered(pattern: str) -> None:
    names = [pattern.format(label=label, n=n) for label in ("fear", "happy") for n in range(30)]
    assert plan_of(names, OWN).people == ()


def test_a_label_of_ones_own_is_never_a_synonym() -> None:
    (label,) = plan_of(["Happy/1.jpg"], [*OWN, "happy"]).labels
    assert (label.meant, label.new) == ("", False)


def test_what_a_table_speaks_for_is_counted_and_asks_nothing() -> None:
    plan = plan_of(["set/metadata.csv", *grid("set/{label}/{person}/{n}.jpg"), "other/happy/1.jpg"], OWN)
    assert (plan.pictures, plan.described) == (19, 18)
    assert [label.folder for label in plan.labels] == ["happy"] and plan.people == ()


@pytest.mark.parametrize("people_from", ["inner-folder", "outer-folder", "name-start", "name-middle", "nowhere"])
@pytest.mark.parametrize("name", ["", "a", "/", "../..", "a/b", "..a..", "_/_/_", "\\", "x" * 300])
def test_no_path_is_too_odd(name: str, people_from: PeopleFrom) -> None:
    label_and_person(name, people_from)
    plan_of([name] * 3, OWN, people_from)


def test_an_import_takes_labels_and_people_from_the_paths(tmp_path: Path) -> None:
    entries: dict[str | zipfile.ZipInfo, bytes] = {
        name: jpeg(index) for index, name in enumerate(grid("{label}/{person}/{n}.jpg", count=2))
    }
    path, store = zipped(tmp_path / "in.zip", entries), open_store(tmp_path)
    plan = plan_import(path, [label.name for label in store.labels.list()])
    assert import_path(store, path, reading=PathReading(people_from=plan.people_from)).added == 12
    counts = store.overview.label_counts()
    assert (counts["fear"], counts["happiness"]) == (6, 6) and "ada" not in counts
    assert dict(store.overview.figures().subjects) == {"ada": 4, "ben": 4, "cem": 4}


def test_a_synonym_is_not_forced(tmp_path: Path) -> None:
    path, store = zipped(tmp_path / "in.zip", {"happy/1.jpg": jpeg(1), "sad/2.jpg": jpeg(2)}), open_store(tmp_path)
    assert import_path(store, path, reading=PathReading(kept=("happy",))).added == 2
    counts = store.overview.label_counts()
    assert (counts["happy"], counts["sadness"]) == (1, 1)


def test_with_one_label_for_all_folders_name_none(tmp_path: Path) -> None:
    path, store = zipped(tmp_path / "in.zip", {"happy/1.jpg": jpeg(1), "wink/2.jpg": jpeg(2)}), open_store(tmp_path)
    assert import_path(store, path, label="fear", reading=PathReading(by_folder=False)).added == 2
    assert store.overview.label_counts()["fear"] == 2
