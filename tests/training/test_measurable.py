from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labeling.takes import Take
from models.card import MeasuredBy
from training.measurable import forecast, measured_notes
from training.split import Split, SplitItem, split


def counted(items: list[SplitItem]) -> list[Take]:
    return [Take(*take, images) for take, images in Counter((i.label, i.session, i.subject) for i in items).items()]


@st.composite
def labels_of_takes(draw: st.DrawFn) -> list[SplitItem]:
    """Labels with takes, some of single pictures; all or none of their people are named, and show every label."""
    people = draw(st.sampled_from([[None], ["Ada"], ["Ada", "Bo", "Cy"]]))
    items: list[SplitItem] = []
    for label in draw(st.sets(st.sampled_from("abcd"))):
        takes = draw(st.integers(1, 3))
        size = draw(st.integers(1, 12))
        single = draw(st.booleans())
        for person in people:
            for take in range(takes):
                session = None if single else f"{label} {person} {take}"
                start = len(items)
                items += [SplitItem(n, f"{n}", label, session, person, n) for n in range(start, start + size)]
    return items


@settings(max_examples=200, deadline=None)
@given(labels_of_takes())
def test_what_is_foretold_from_counts_is_what_the_split_does(items: list[SplitItem]) -> None:
    done = split(items)
    foretold = forecast(counted(items), sorted({item.label for item in items}))
    assert {label: each.measured_by for label, each in foretold.items()} == done.measured_by


@pytest.mark.parametrize(
    ("takes", "way", "note"),
    [
        ([], "nothing", ""),
        ([Take("wink", "s", None, 3)], "nothing", "Too few to measure on: record 1 more"),
        ([Take("wink", "s", None, 20)], "same take", "flatters. Record it once more, later."),
        ([Take("wink", "s", None, 20), Take("wink", "t", None, 20)], "takes", ""),
        ([Take("wink", None, None, 20)], "pictures", "the same person may be on both sides"),
        ([Take("wink", None, "Ada", 20)], "pictures", ""),
        (
            [Take("wink", "s", None, 20), Take("wink", None, None, 3)],
            "pictures",
            "the same person may be on both sides",
        ),
        ([Take("wink", person, person, 5) for person in ("Ada", "Bo", "Cy")], "people", ""),
        ([Take("wink", "s", "Ada", 20), Take("x", "t", "Bo", 5), Take("x", "u", "Cy", 5)], "same take", "flatters"),
    ],
)
def test_a_label_that_will_tell_little_says_why(takes: list[Take], way: MeasuredBy, note: str) -> None:
    foretold = forecast(takes, ["wink"])["wink"]
    assert foretold.measured_by == way
    assert note in foretold.note and bool(note) == bool(foretold.note)


def test_the_result_says_how_it_was_measured() -> None:
    ways: dict[str, MeasuredBy] = {"wink": "same take", "smirk": "nothing", "fear": "pictures"}
    same, unmeasured, unknown = measured_notes(Split((1,), (2,), (), ways, unknown_people=True))
    assert same.startswith("Same take: “wink” was measured on the end of the take that it was learned from")
    assert unmeasured == "Not measured: “smirk”, since its images look too much alike, or are too few."
    assert "the same person may stand on both sides" in unknown
    assert measured_notes(Split((1,), (2,), (), {"wink": "people", "fear": "takes"})) == []


def test_many_labels_are_counted() -> None:
    (note,) = measured_notes(Split((), (), (), dict.fromkeys([f"label {n}" for n in range(60)], "same take")))
    assert "“label 4” and 55 more were measured" in note and "label 5”" not in note
