"""What an import would make of its files, from their names alone, for a person to decide before it begins."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from labeling.metadata import ANSWER_FOLDERS, TABLE
from labeling.path_reading import PeopleFrom, PeopleRule, label_and_person, people_rules, sure_rule
from labeling.sources import source_names
from labeling.synonyms import SYNONYMS, meant_by


@dataclass(frozen=True)
class PlannedLabel:
    """A folder that names a label, and its number of pictures. `meant` is the built-in expression that a folder called
    by a synonym stands for, else ""; `new`: there is no label of that name yet."""

    folder: str
    pictures: int
    meant: str
    new: bool


@dataclass(frozen=True)
class ImportPlan:
    """What is there to import.

    Attributes:
        pictures: how many files; `described`: how many of them a metadata.csv speaks for.
        people: where the paths may name people; `people_from` is the place that was taken for this plan.
        labels: what the folders name, the most pictures first.
    """

    pictures: int
    described: int
    people: tuple[PeopleRule, ...]
    people_from: PeopleFrom
    labels: tuple[PlannedLabel, ...]


def plan_import(path: Path, own: Collection[str], people_from: PeopleFrom | None = None) -> ImportPlan:
    """The plan for a folder, a zip or a picture; `own` are the names of the labels that there are.

    With `people_from` the labels are those that this place leaves; without, it is taken where nothing else fits.

    Raises:
        ExchangeError: nothing there can be imported.
    """
    return plan_of(source_names(path), own, people_from)


def plan_of(names: Sequence[str], own: Collection[str], people_from: PeopleFrom | None = None) -> ImportPlan:
    """The plan for files of these names; see `plan_import`."""
    tables = {PurePosixPath(name).parent for name in names if PurePosixPath(name).name == TABLE}
    pictures = [name for name in names if PurePosixPath(name).name != TABLE]
    bare = [name for name in pictures if not tables.intersection(PurePosixPath(name).parents)]
    folded = {name.casefold() for name in own}
    rules = people_rules(bare, folded | set(SYNONYMS) | set(SYNONYMS.values()))
    chosen = people_from or sure_rule(rules)
    folders = Counter(folder for name in bare if (folder := label_and_person(name, chosen)[0]) is not None)
    labels = tuple(
        _planned(folder, count, folded) for folder, count in folders.most_common() if folder not in ANSWER_FOLDERS
    )
    return ImportPlan(len(pictures), len(pictures) - len(bare), rules, chosen, labels)


def _planned(folder: str, count: int, own: Collection[str]) -> PlannedLabel:
    meant = meant_by(folder, own)
    return PlannedLabel(folder, count, meant if meant != folder else "", meant.casefold() not in own)
