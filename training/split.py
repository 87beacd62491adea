"""Train on some faces, measure on others: a split that keeps what belongs together on one side.

Frames of one capture session look alike, and so do two pictures of one person; a model measured on frames of what it
was trained on looks better than it is. So sessions never part, copies never part, and where three or more people are
named, people never part either.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass

SUBJECTS_TO_PART_BY = 3


@dataclass(frozen=True)
class SplitItem:
    """What the split needs to know of a face. `copies` is a number that pictures which look the same share."""

    id: int
    key: str
    label: str
    session: str | None = None
    subject: str | None = None
    copies: int | None = None


@dataclass(frozen=True)
class Split:
    """Ids on each side, in the order given; `by_subject` tells whether people were held out whole."""

    train: tuple[int, ...]
    held_out: tuple[int, ...]
    by_subject: bool


def split(items: Sequence[SplitItem], share: float = 0.25, before: Collection[int] = ()) -> Split:
    """Hold out about `share` (0…1) of each label, whole groups at a time.

    A label keeps at least half of its faces, and at least one, for training; one whose faces all belong together is
    not held out. The choice hangs on `key` (a hash of the picture) only, so that a data set that grows keeps its
    held-out part; ids in `before` (what an earlier version was measured on) come first.
    """
    subjects = {item.subject for item in items if item.subject}
    by_subject = len(subjects) >= SUBJECTS_TO_PART_BY
    groups = [_Group(group) for group in _groups(items, by_subject)]
    old = set(before)
    groups.sort(key=lambda group: (not any(item.id in old for item in group.items), group.rank))
    left = Counter(item.label for item in items)
    quota = {label: share * count for label, count in left.items()}
    floor = {label: max(1, -(-count // 2)) for label, count in left.items()}
    held: Counter[str] = Counter()
    chosen: set[int] = set()
    for label in sorted(quota, key=lambda name: (quota[name], name)):
        for index, group in enumerate(groups):
            if held[label] >= quota[label]:
                break
            fits = all(left[name] - count >= floor[name] for name, count in group.labels.items())
            if index in chosen or label not in group.labels or not fits:
                continue
            chosen.add(index)
            held.update(group.labels)
            left.subtract(group.labels)
    out = {item.id for index in chosen for item in groups[index].items}
    train = tuple(item.id for item in items if item.id not in out)
    return Split(train, tuple(item.id for item in items if item.id in out), by_subject)


class _Group:
    def __init__(self, items: list[SplitItem]) -> None:
        self.items = items
        self.labels = Counter(item.label for item in items)
        first = min(item.key for item in items)
        self.rank = hashlib.sha256(first.encode()).hexdigest()


def _groups(items: Sequence[SplitItem], by_subject: bool) -> list[list[SplitItem]]:
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
    return list(parts.values())
