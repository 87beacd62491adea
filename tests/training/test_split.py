from __future__ import annotations

import hashlib
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from training.split import SplitItem, split


def key(number: int) -> str:
    return hashlib.sha256(str(number).encode()).hexdigest()


def singles(label: str, count: int, start: int = 0) -> list[SplitItem]:
    """Faces that nothing ties together."""
    return [SplitItem(number, key(number), label) for number in range(start, start + count)]


def sessions(label: str, count: int, size: int, start: int = 0, subject: str | None = None) -> list[SplitItem]:
    return [
        SplitItem(start + n, key(start + n), label, f"{label}{subject or ''} {(start + n) // size}", subject)
        for n in range(count)
    ]


@st.composite
def data_sets(draw: st.DrawFn) -> list[SplitItem]:
    count = draw(st.integers(0, 60))
    few = st.none() | st.integers(0, 12)
    return [
        SplitItem(
            number,
            key(number),
            draw(st.sampled_from("abc")),
            None if (session := draw(few)) is None else f"s{session}",
            draw(st.sampled_from([None, "", "Ada", "Bo", "Cy", "Di"])),
            draw(few),
        )
        for number in range(count)
    ]


@settings(max_examples=150, deadline=None)
@given(data_sets(), st.floats(0, 1), st.randoms(use_true_random=False))
def test_what_belongs_together_stays_together(items: list[SplitItem], share: float, chance) -> None:  # type: ignore[no-untyped-def]
    done = split(items, share)
    train, held = set(done.train), set(done.held_out)
    assert [item.id for item in items if item.id in train] == list(done.train)
    assert [item.id for item in items if item.id in held] == list(done.held_out)
    assert train | held == {item.id for item in items} and not train & held

    named = {item.subject for item in items if item.subject}
    assert done.by_subject == (len(named) >= 3)
    for tie in ("session", "copies", *(["subject"] if done.by_subject else [])):
        sides: dict[object, set[bool]] = {}
        for item in items:
            if getattr(item, tie) not in (None, ""):
                sides.setdefault(getattr(item, tie), set()).add(item.id in held)
        assert all(len(both) == 1 for both in sides.values()), f"{tie} on both sides"

    for label, count in Counter(item.label for item in items).items():
        learned = sum(item.id in train for item in items if item.label == label)
        assert learned >= max(1, (count + 1) // 2)

    mixed = list(items)
    chance.shuffle(mixed)
    assert set(split(mixed, share).held_out) == held


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(2, 20), min_size=2, max_size=4), st.integers(0, 30), st.integers(1, 4))
def test_a_data_set_that_grows_keeps_its_held_out_part(counts: list[int], more: int, size: int) -> None:
    first = [
        item
        for label, count in enumerate(counts)
        for item in sessions(f"label {label}", count, size, start=1000 * label)
    ]
    before = split(first)
    grown = first + sessions("label 0", more, size, start=5000)
    after = split(grown, before=before.held_out)
    assert set(before.held_out) <= set(after.held_out)
    assert set(after.train) & set(before.held_out) == set()


@pytest.mark.parametrize("count", [8, 40, 200])
def test_a_quarter_of_each_label_is_held_out(count: int) -> None:
    items = singles("wink", count) + singles("neutral", 2 * count, start=count)
    done = split(items)
    labels = Counter(item.label for item in items if item.id in set(done.held_out))
    assert labels == {"wink": count // 4, "neutral": count // 2}


def test_three_people_are_held_out_whole_and_two_are_not() -> None:
    def of(*people: str) -> list[SplitItem]:
        return [
            item
            for n, person in enumerate(people)
            for label in ("wink", "neutral")
            for item in sessions(label, 8, 2, start=100 * n + 50 * (label == "neutral"), subject=person)
        ]

    three = split(of("Ada", "Bo", "Cy", "Di"))
    assert three.by_subject
    held = {item_id // 100 for item_id in three.held_out}
    assert len(held) == 1 and len(three.held_out) == 16
    assert {item_id // 100 for item_id in three.train} == {0, 1, 2, 3} - held
    two = split(of("Ada", "Bo"))
    assert not two.by_subject and len(two.held_out) == 8


def test_copies_share_a_side_across_sessions() -> None:
    pairs = [SplitItem(n, key(n), "wink", f"s{n}", None, n // 2) for n in range(16)] + singles("neutral", 16, start=100)
    held = set(split(pairs).held_out)
    assert 4 <= len(held & set(range(16))) <= 5
    assert all((n in held) == (n + 1 in held) for n in range(0, 16, 2))


def test_a_label_of_one_session_is_not_held_out() -> None:
    done = split(sessions("wink", 20, 20) + singles("neutral", 20, start=100))
    assert all(item_id >= 100 for item_id in done.held_out) and len(done.held_out) == 5


def test_nothing_at_all() -> None:
    assert split([]) == split([], before=[3])
    assert split([]).train == split([]).held_out == ()
