from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from training.split import SplitItem, split, split_people

TIES = ("copies", "session", "subject")


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
    train, held, between = set(done.train), set(done.held_out), set(done.between)
    assert [item.id for item in items if item.id in train] == list(done.train)
    assert [item.id for item in items if item.id in held] == list(done.held_out)
    assert train | held | between == {item.id for item in items}
    assert len(train) + len(held) + len(between) == len(items)

    apart = {"people": ("copies", "session", "subject"), "same take": ("copies",)}
    learned_from = {tie: {getattr(item, tie) for item in items if item.id in train} for tie in TIES}
    for item in items:
        if item.id in held:
            for tie in apart.get(done.measured_by[item.label], ("copies", "session")):
                assert getattr(item, tie) in (None, "") or getattr(item, tie) not in learned_from[tie], tie
    for label in {item.label for item in items}:
        assert (done.measured_by[label] == "nothing") == (not any(i.id in held for i in items if i.label == label))

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
    assert three.measured_by == {"wink": "people", "neutral": "people"}
    held = {item_id // 100 for item_id in three.held_out}
    assert len(held) == 1 and len(three.held_out) == 16
    assert {item_id // 100 for item_id in three.train} == {0, 1, 2, 3} - held
    two = split(of("Ada", "Bo"))
    assert two.measured_by == {"wink": "takes", "neutral": "takes"} and len(two.held_out) == 8


def test_a_label_that_one_person_shows_is_held_out_by_takes_and_the_others_by_people() -> None:
    everyone = [
        item for n, person in enumerate(("Ada", "Bo", "Cy")) for item in sessions("neutral", 8, 4, 100 * n, person)
    ]
    done = split(everyone + sessions("wink", 12, 4, 1000, "Ada") + sessions("smirk", 12, 12, 2004, "Bo"))
    assert done.measured_by == {"neutral": "people", "wink": "takes", "smirk": "same take"}
    assert done.same_take == ("smirk",)
    assert len([item_id for item_id in done.held_out if 1000 <= item_id < 2000]) == 4


def test_copies_share_a_side_across_sessions() -> None:
    pairs = [SplitItem(n, key(n), "wink", f"s{n}", None, n // 2) for n in range(16)] + singles("neutral", 16, start=100)
    held = set(split(pairs).held_out)
    assert 4 <= len(held & set(range(16))) <= 5
    assert all((n in held) == (n + 1 in held) for n in range(0, 16, 2))


def hold(label: str, count: int, start: int = 0, copies: dict[int, int] | None = None) -> list[SplitItem]:
    """One take, a frame a tenth of a second, handed over in another order than they were captured in."""
    began = datetime(2026, 3, 14, tzinfo=timezone.utc)
    frames = [
        SplitItem(
            *(start + n, key(start + n), label, f"{label} {start}"),
            copies=(copies or {}).get(n, 10_000 + start + n),
            created=began + timedelta(seconds=n / 10),
        )
        for n in range(count)
    ]
    return frames[::2] + frames[1::2]


def test_of_a_single_take_the_end_is_held_out_a_moment_apart() -> None:
    done = split(hold("neutral", 20) + hold("wink", 12, start=100))
    assert set(done.held_out) == {*range(15, 20), *range(109, 112)}
    assert set(done.train) == {*range(14), *range(100, 109)} and done.between == (14,)
    assert done.measured_by == {"neutral": "same take", "wink": "same take"}
    assert done.same_take == ("neutral", "wink") and not done.unknown_people


def test_the_end_of_a_take_may_have_other_numbers_than_its_place_says() -> None:
    """An imported take has its times, whatever order its files came in."""
    backwards = [replace(item, id=100 - item.id) for item in hold("wink", 12)]
    assert set(split(backwards).held_out) == {89, 90, 91}


@pytest.mark.parametrize(("count", "held"), [(3, 0), (4, 2), (8, 2), (16, 4), (40, 10)])
def test_a_take_gives_a_quarter_and_two_frames_at_least(count: int, held: int) -> None:
    assert len(split(hold("wink", count)).held_out) == held


def test_frames_of_the_end_that_copy_the_beginning_are_on_no_side() -> None:
    done = split(hold("wink", 12, copies={10: 3, 3: 3}))
    assert set(done.held_out) == {9, 11} and done.between == (10,)


def test_an_end_that_copies_the_beginning_is_nothing_to_measure_on() -> None:
    done = split(hold("wink", 12, copies={9: 1, 10: 1, 1: 1}) + hold("neutral", 12, start=100))
    assert done.measured_by == {"wink": "nothing", "neutral": "same take"}
    assert {item_id for item_id in done.train if item_id < 100} == set(range(12))


def test_an_end_that_another_labels_training_copies_is_nothing_either() -> None:
    """Once the end of one label goes back to training, copies of it at the end of the other cannot be measured on."""
    wink = hold("wink", 12, copies={9: 1, 10: 1, 1: 1, 11: 7})
    neutral = hold("neutral", 12, start=100, copies={9: 7, 10: 7})
    done = split(wink + neutral)
    assert done.measured_by == {"wink": "nothing", "neutral": "nothing"} and not done.held_out


def test_a_second_take_is_held_out_instead_of_the_first_ones_end() -> None:
    """An earlier version was trained on the beginning of the first: on the second both are new to it."""
    for first in range(100, 1100, 100):
        one, other = hold("wink", 20, start=first), hold("wink", 20, start=first + 5000)
        before = split(one)
        assert set(split(one, before=before.held_out, cut=before.same_take).held_out) == set(before.held_out)
        again = split([*one, *other], before=before.held_out, cut=before.same_take)
        assert set(again.held_out) == {item.id for item in other} and again.measured_by == {"wink": "takes"}


def test_chosen_people_are_held_out_with_copies_of_theirs_and_nobody_else() -> None:
    everyone = [item for n, who in enumerate(("Ada", "Bo", "Cy")) for item in sessions("wink", 8, 4, 100 * n, who)]
    copied = [replace(item, copies=7 if item.id in (3, 103) else None) for item in everyone]
    done = split_people([*copied, *hold("neutral", 20, start=500)], ["Ada"])
    assert set(done.held_out) == {*range(8), 103} and not done.between
    assert done.measured_by == {"wink": "people", "neutral": "nothing"}


def test_pictures_that_nothing_is_known_of_may_show_one_person_on_both_sides() -> None:
    folder = singles("wink", 12)
    done = split(folder)
    assert done.measured_by == {"wink": "pictures"} and done.unknown_people
    assert not split([replace(item, subject="Ada") for item in folder]).unknown_people
    assert not split(sessions("wink", 12, 3)).unknown_people


def test_nothing_at_all() -> None:
    assert split([]) == split([], before=[3])
    assert split([]).train == split([]).held_out == ()
