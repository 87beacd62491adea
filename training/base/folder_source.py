"""A folder of folders by label as faces to train a base model on: `label/picture` or `label/person/picture`.

It is read as an import is (`labeling.sources`): links are not followed, nothing is taken that is too large, and a
picture that cannot be read is left out and said. `torchvision.datasets.ImageFolder` follows links and ends at the first
damaged picture.
"""

from __future__ import annotations

import hashlib
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

import numpy as np
from numpy.typing import NDArray

from labeling.reports import ExchangeError
from labeling.sources import open_source, source_names
from models.crop import face_crop, grey_square
from models.finder import STILL_SIDE, FaceFinder
from models.pictures import RGB, BadImage, decode
from training.base.face_map import NO_SQUARE, BadFaces, SourceFace
from training.enough import counted

SHARE = 0.1
"""Of the people, or of each label's pictures, that is held out."""
FEWEST_PEOPLE = 5
"""With fewer people pictures are held out instead."""


class FolderSource:
    """Labels are the folders' names, in the order of the alphabet; a share is held out, by person where folders say who
    it is. Pictures larger than a crop are searched for their largest face, others taken whole.
    """

    size = 48

    def __init__(self, path: Path) -> None:
        """Raises BadFaces: the folder names no labels, or one; ExchangeError: it cannot be read."""
        names = [name for name in source_names(path) if len(PurePosixPath(name).parts) > 1]
        self.path, self.notes = path, list[str]()
        self.labels = tuple(sorted({_label(name) for name in names}))
        if not self.labels:
            raise BadFaces(f"{path} has no folders by label: give each expression a folder.")
        if len(self.labels) == 1:
            raise BadFaces(f"{path} has one label, “{self.labels[0]}”: a model tells at least two apart.")
        self.identity = "folder, " + hashlib.sha256("\n".join(names).encode("utf-8", "replace")).hexdigest()
        """What changes where the pictures' names do."""
        self._held_out = held_out(names)
        self._people = len({_person(name) for name in names} - {None})

    @property
    def data(self) -> str:
        by = "whole people" if self._people >= FEWEST_PEOPLE else "pictures"
        return (
            f"Pictures of one's own, by label; {100 * SHARE:.0f} % held out ({by}); temperature fitted on these and "
            "damaged copies of them."
        )

    licence = "The data of whoever trained it; no picture is part of these weights' files."

    def faces(self) -> Iterator[SourceFace]:
        """Raises ExchangeError: the folder cannot be read."""
        problems: Counter[str] = Counter()
        trained_on: set[str] = set()
        finder = FaceFinder(STILL_SIDE)
        with open_source(self.path) as (_, entries):
            for entry in entries:
                if len(PurePosixPath(entry.name).parts) == 1:
                    continue
                try:
                    crop = None if entry.problem else _crop(decode(entry.read()), finder, self.size)
                except (BadImage, ExchangeError):
                    problems["that cannot be read"] += 1
                    continue
                if crop is None:
                    problems["that cannot be read" if entry.problem else "without a face"] += 1
                    continue
                label = _label(entry.name)
                held = entry.name in self._held_out
                trained_on |= set() if held else {label}
                target = np.eye(len(self.labels), dtype=np.float32)[self.labels.index(label)]
                yield SourceFace(crop, target, held, NO_SQUARE)
        self.notes += [f"Left out: {counted(count)} {why}." for why, count in problems.items()]
        missing = [label for label in self.labels if label not in trained_on]
        if missing:
            raise BadFaces(" ".join([f"No picture of “{missing[0]}” can be trained on.", *self.notes]))


def held_out(names: Iterable[str]) -> frozenset[str]:
    """The paths of a share of the pictures. Whom or what it takes hangs on the names alone, so it stays the same.

    Of the people, whole, where there are enough of them; else of each label's pictures, at least one of two. A label
    always keeps pictures to learn from.
    """
    groups: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    names = list(names)
    people = {_person(name) for name in names} - {None}
    for name in names:
        person = _person(name)
        if len(people) < FEWEST_PEOPLE:
            groups[_label(name)][name].append(name)
        elif person is not None:
            groups["people"][person].append(name)
    chosen: list[str] = []
    left = Counter(map(_label, names))
    for members in groups.values():
        order = sorted(members, key=lambda member: hashlib.sha256(member.encode("utf-8", "replace")).digest())
        wanted = math.ceil(SHARE * len(order))
        for member in order:
            theirs = Counter(map(_label, members[member]))
            if wanted and all(left[label] > count for label, count in theirs.items()):
                chosen += members[member]
                left -= theirs
                wanted -= 1
    return frozenset(chosen)


def _label(name: str) -> str:
    return PurePosixPath(name).parts[0]


def _person(name: str) -> str | None:
    parts = PurePosixPath(name).parts
    return parts[1] if len(parts) > 2 else None


def _crop(rgb: RGB, finder: FaceFinder, size: int) -> NDArray[np.uint8] | None:
    if max(rgb.shape[:2]) <= size:
        return grey_square(rgb, size)
    found = finder.find(rgb)
    return face_crop(rgb, found[0].points, size, found[0].box) if found else None
