"""What the path of a file says of the face in it: the label, and the person, by its folders or by its name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Literal

PeopleFrom = Literal["nowhere", "inner-folder", "outer-folder", "name-start", "name-middle"]
"""Where a path names a person: in the folder that holds the file (`label/person/file`), in the one around it
(`person/label/file`), the first part of the file's name, or the second of three or more; or nowhere."""

MOST_SHARE = 0.9
LONGEST = 64
SAMPLE = 3
DIGITS = "0123456789"
_SEPARATORS = re.compile(r"[\s_.\-]+")


@dataclass(frozen=True)
class PathReading:
    """How an import reads the paths of what no table speaks for.

    Attributes:
        by_folder: folders name labels; otherwise nothing of a path does.
        people_from: where a path names a person.
        kept: folder names that are labels as they stand, though they are synonyms of built-in expressions.
    """

    by_folder: bool = True
    people_from: PeopleFrom = "nowhere"
    kept: tuple[str, ...] = ()


@dataclass(frozen=True)
class PeopleRule:
    """A place in paths that may name people: how many of them, some as a sample; `sure` where nothing else fits."""

    people_from: PeopleFrom
    people: int
    sample: tuple[str, ...]
    sure: bool


def label_and_person(name: str, people_from: PeopleFrom) -> tuple[str | None, str | None]:
    """The folder that names a file's label, and the person; None for what its path does not say."""
    path = PurePosixPath(name.replace("\\", "/"))
    inner, outer = path.parent.name or None, path.parent.parent.name or None
    if people_from == "inner-folder":
        return (outer, inner) if outer else (inner, None)
    if people_from == "outer-folder":
        return inner, outer
    parts = _parts(path.stem)
    if people_from == "name-start":
        return inner, parts[0] if parts else None
    if people_from == "name-middle":
        return inner, parts[1] if len(parts) > 2 else None  # the last part numbers the pictures
    return inner, None


def people_rules(names: Sequence[str], known: Collection[str]) -> tuple[PeopleRule, ...]:
    """Every place in the paths `names` that may well name people, the likeliest first.

    `known` are case-folded names of labels and their synonyms: a level of folders that has them names no people.
    """
    inner, outer = _levels(names)
    rules = []
    if len(outer) >= MOST_SHARE * len(names) > 0:
        inner_is_label, outer_is_label = _mostly(inner, known), _mostly(outer, known)
        if not inner_is_label:
            rules.append(_rule(names, "inner-folder", sure=outer_is_label))
        if not outer_is_label:
            rules.append(_rule(names, "outer-folder", sure=inner_is_label and len(set(outer)) > 1))
    for people_from in ("name-start", "name-middle"):
        rules.append(_rule(names, people_from, sure=False))
    fitting = [rule for rule in rules if rule is not None and not _are_labels(names, rule, known)]
    return tuple(sorted(fitting, key=lambda rule: not rule.sure))


def sure_rule(rules: Iterable[PeopleRule]) -> PeopleFrom:
    """What to take where nobody is asked."""
    return next((rule.people_from for rule in rules if rule.sure), "nowhere")


def _levels(names: Sequence[str]) -> tuple[list[str], list[str]]:
    folders = [PurePosixPath(name.replace("\\", "/")).parts[:-1] for name in names]
    shared = 0
    while folders and all(len(each) > shared + 1 and each[shared] == folders[0][shared] for each in folders):
        shared += 1  # the folder around it all says nothing of its files
    own = [each[shared:] for each in folders]
    return [each[-1] for each in own if each], [each[-2] for each in own if len(each) > 1]


def _mostly(folders: Sequence[str], known: Collection[str]) -> bool:
    return sum(folder.casefold().rstrip(DIGITS) in known for folder in folders) > len(folders) / 2


def _rule(names: Sequence[str], people_from: PeopleFrom, sure: bool) -> PeopleRule | None:
    """The rule, where it gives two people or more, most of them with several pictures; otherwise it is chance."""
    people = Counter(person for name in names if (person := label_and_person(name, people_from)[1]))
    pictures = sum(people.values())
    several = sum(count for count in people.values() if count > 1)
    fits = len(people) > 1 and pictures >= MOST_SHARE * len(names) and several >= MOST_SHARE * pictures
    if not fits or any(len(person) > LONGEST for person in people):
        return None
    return PeopleRule(people_from, len(people), tuple(sorted(people)[:SAMPLE]), sure)


def _are_labels(names: Sequence[str], rule: PeopleRule, known: Collection[str]) -> bool:
    people = [label_and_person(name, rule.people_from)[1] or "" for name in names]
    folders = {(label_and_person(name, rule.people_from)[0] or "").casefold() for name in names}
    return _mostly(people, known) or {person.casefold() for person in people} == folders


def _parts(stem: str) -> list[str]:
    """The parts of a file's name; one without separators is cut where its number begins: ada12."""
    parts = [part for part in _SEPARATORS.split(stem) if part]
    if len(parts) == 1:
        letters = parts[0].rstrip(DIGITS)
        return [letters] if letters and letters != parts[0] else []
    return parts
