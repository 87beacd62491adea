"""Train on some faces, measure on others: a split that keeps what belongs together on one side.

Frames of one take (a capture session) look alike, and so do two pictures of one person; a model measured on frames of
what it was trained on looks better than it is. So takes never part, copies never part, and where three or more people
are named, people never part either. A label that cannot be held out in that way is held out in the next best one: whole
takes instead of whole people; and where it has a single take, the end of that take, a moment apart from the rest.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import get_args

from models.card import MeasuredBy

SUBJECTS_TO_PART_BY = 3
SHARE = 0.25
FEWEST_AT_END = 2
"""Frames at the end of a take that are worth measuring on."""
LONG_TAKE = 16
"""Frames of a take from which on one is left out between its beginning and its end."""
WAYS: tuple[MeasuredBy, ...] = get_args(MeasuredBy)
"""What can be held out of a label, the most telling first."""


@dataclass(frozen=True)
class SplitItem:
    """What the split needs to know of a face. `copies` is a number that pictures which look the same share."""

    id: int
    key: str
    label: str
    session: str | None = None
    subject: str | None = None
    copies: int | None = None
    created: datetime | None = None


@dataclass(frozen=True)
class Split:
    """Ids on each side, in the order given.

    Attributes:
        between: what is on neither side: where a take is cut, a frame at the cut, and frames of its end that are copies
            of what is trained on.
        measured_by: for each label the least telling way in which faces of it are held out.
        unknown_people: pictures without person and take stand on both sides.
    """

    train: tuple[int, ...]
    held_out: tuple[int, ...]
    between: tuple[int, ...] = ()
    measured_by: dict[str, MeasuredBy] = field(default_factory=dict)
    unknown_people: bool = False

    @property
    def same_take(self) -> tuple[str, ...]:
        """The labels whose held-out faces come from the take that is trained on."""
        return tuple(label for label, way in self.measured_by.items() if way == "same take")


def split(
    items: Sequence[SplitItem], share: float = SHARE, before: Collection[int] = (), cut: Collection[str] = ()
) -> Split:
    """Hold out about `share` (0…1) of each label, whole groups at a time, or the end of its only take.

    A label keeps at least half of its faces, and at least one, for training. The choice hangs on `key` (a hash of the
    picture) only, so that a data set that grows keeps its held-out part; ids in `before` (what an earlier version was
    measured on) come first, but for the labels in `cut`: of theirs the earlier version was trained on the rest of the
    take, so that any other take tells more.
    """
    parting = _Parting(items, share)
    ranks = _ranks(items, before, cut)
    if len({item.subject for item in items if item.subject}) >= SUBJECTS_TO_PART_BY:
        parting.hold_out_groups(ranks, by_subject=True)
    parting.hold_out_groups(ranks, by_subject=False)
    parting.hold_out_ends()
    return parting.result()


def split_people(items: Sequence[SplitItem], people: Collection[str]) -> Split:
    """Hold out the faces of these `people` and copies of them, and nothing else."""
    theirs = {item.copies for item in items if item.subject in people}
    held = {item.id for item in items if item.subject in people or (item.copies is not None and item.copies in theirs)}
    return _sides(items, dict.fromkeys(held, "people"), set())


class _Group:
    """Faces that stay together; `way`: what is held out where they are."""

    def __init__(self, items: list[SplitItem], by_subject: bool) -> None:
        self.items = items
        self.labels = Counter(item.label for item in items)
        first = min(item.key for item in items)
        self.rank = hashlib.sha256(first.encode()).hexdigest()
        if by_subject and any(item.subject for item in items):
            self.way: MeasuredBy = "people"
        else:
            self.way = "takes" if any(item.session for item in items) else "pictures"


class _Parting:
    """A split at work: which faces are held out so far, and in which way."""

    def __init__(self, items: Sequence[SplitItem], share: float) -> None:
        self._items = items
        self._share = share
        self._total = Counter(item.label for item in items)
        self._left = self._total.copy()
        self._ways: dict[int, MeasuredBy] = {}
        self._between: set[int] = set()

    def hold_out_groups(self, ranks: dict[int, int], *, by_subject: bool) -> None:
        """Whole groups, for every label of which nothing is held out yet."""
        wanting = self._wanting()
        if not wanting:
            return
        groups = _groups(self._items, by_subject)
        groups.sort(key=lambda group: (_first_rank(group, ranks), group.rank))
        quota = {label: self._share * count for label, count in self._total.items()}
        for label in sorted(wanting, key=lambda name: (quota[name], name)):
            for group in groups:
                if self._total[label] - self._left[label] >= quota[label]:
                    break
                if group.items[0].id not in self._ways and label in group.labels and self._fits(group):
                    self._left.subtract(group.labels)
                    self._ways |= dict.fromkeys((item.id for item in group.items), group.way)

    def hold_out_ends(self) -> None:
        """The end of what was captured last, for every label of which nothing is held out yet."""
        ends: dict[str, list[SplitItem]] = {}
        between: dict[str, list[SplitItem]] = {}
        for label in self._wanting():
            frames = sorted((item for item in self._items if item.label == label), key=_captured)
            gap = 1 if len(frames) >= LONG_TAKE else 0
            count = min(max(FEWEST_AT_END, round(self._share * len(frames))), len(frames) // 2 - gap)
            if self._share and count >= FEWEST_AT_END:
                ends[label] = frames[-count:]
                between[label] = frames[-count - gap : -count]
        while True:
            apart = {item.id for parts in (ends, between) for frames in parts.values() for item in frames}
            trained = {item.copies for item in self._items if item.id not in apart} - {None}
            new = {label: [item for item in frames if item.copies not in trained] for label, frames in ends.items()}
            alike = [label for label, frames in new.items() if len(frames) < FEWEST_AT_END]
            if not alike:
                break
            for label in alike:
                del ends[label], between[label]
        self._ways |= {item.id: "same take" for frames in new.values() for item in frames}
        self._between |= apart - set(self._ways)

    def result(self) -> Split:
        return _sides(self._items, self._ways, self._between)

    def _wanting(self) -> list[str]:
        return [label for label in self._total if self._left[label] == self._total[label]]

    def _fits(self, group: _Group) -> bool:
        floor = {label: max(1, -(-self._total[label] // 2)) for label in group.labels}
        return all(self._left[label] - count >= floor[label] for label, count in group.labels.items())


def _ranks(items: Iterable[SplitItem], before: Collection[int], cut: Collection[str]) -> dict[int, int]:
    """For each face whether its group comes first (0), last (2), or neither."""
    old, last = set(before), set(cut)
    return {item.id: 1 if item.id not in old else 2 if item.label in last else 0 for item in items}


def _first_rank(group: _Group, ranks: dict[int, int]) -> int:
    found = {ranks[item.id] for item in group.items}
    return 0 if 0 in found else max(found)


def _captured(item: SplitItem) -> tuple[float, int]:
    return item.created.timestamp() if item.created else 0.0, item.id


def _sides(items: Sequence[SplitItem], ways: dict[int, MeasuredBy], between: Collection[int]) -> Split:
    held = [item for item in items if item.id in ways]
    train = [item for item in items if item.id not in ways and item.id not in between]
    found: defaultdict[str, set[MeasuredBy]] = defaultdict(set)
    for item in held:
        found[item.label].add(ways[item.id])
    return Split(
        tuple(item.id for item in train),
        tuple(item.id for item in held),
        tuple(item.id for item in items if item.id in between),
        {item.label: max(found[item.label], key=WAYS.index, default="nothing") for item in items},
        all(any(not (item.subject or item.session) for item in side) for side in (train, held)),
    )


def _groups(items: Sequence[SplitItem], by_subject: bool) -> list[_Group]:
    """Faces joined by session, by copies and, `by_subject`, by person: connected parts, found by union."""
    parent = list(range(len(items)))

    def root(index: int) -> int:
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    seen: dict[Hashable, int] = {}
    for index, item in enumerate(items):
        links: list[tuple[str, Hashable]] = [("session", item.session), ("copies", item.copies)]
        links += [("subject", item.subject)] if by_subject else []
        for link in links:
            if link[1] not in (None, ""):
                parent[root(index)] = root(seen.setdefault(link, index))
    parts: defaultdict[int, list[SplitItem]] = defaultdict(list)
    for index, item in enumerate(items):
        parts[root(index)].append(item)
    return [_Group(part, by_subject) for part in parts.values()]
