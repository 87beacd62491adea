"""What a run will be able to measure, label by label, told from counts before it; and what it says of it afterwards."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from labeling.takes import Take
from models.card import MeasuredBy
from training.enough import counted
from training.split import FEWEST_AT_END, SUBJECTS_TO_PART_BY, WAYS, Split

TOO_FEW = 2 * FEWEST_AT_END
"""Images of a label of one take from which on its end can be held out."""


@dataclass(frozen=True)
class Forecast:
    """How a label will be measured, and a sentence where that tells little, else ""."""

    measured_by: MeasuredBy
    note: str


def forecast(takes: Sequence[Take], labels: Iterable[str]) -> dict[str, Forecast]:
    """What `training.split.split` will hold out of each label, told from counts: it has yet to see which are copies."""
    by_subject = len({take.subject for take in takes if take.subject}) >= SUBJECTS_TO_PART_BY
    of: defaultdict[str, list[Take]] = defaultdict(list)
    for take in takes:
        of[take.label].append(take)
    return {label: _forecast(of[label], by_subject) for label in labels}


def _forecast(takes: Sequence[Take], by_subject: bool) -> Forecast:
    images = sum(take.images for take in takes)
    apart = _apart(takes, by_subject) if by_subject else set()
    apart = apart or _apart(takes, by_subject=False)
    if apart:
        way = max(apart, key=WAYS.index)
        unnamed = way == "pictures" and any(not (take.session or take.subject) for take in takes)
        return Forecast(way, "Pictures without a name: the same person may be on both sides." if unnamed else "")
    if images >= TOO_FEW:
        return Forecast("same take", "One take: measured on its end, which flatters. Record it once more, later.")
    if images:
        return Forecast("nothing", f"Too few to measure on: record {TOO_FEW - images} more, better in another take.")
    return Forecast("nothing", "")


def _apart(takes: Sequence[Take], by_subject: bool) -> set[MeasuredBy]:
    """The ways in which these takes can stand on two sides; none where they all belong together."""
    people = {take.subject for take in takes if take.subject} if by_subject else set()
    others = [take for take in takes if take.subject not in people]
    sessions = {take.session for take in others if take.session}
    pictures = sum(take.images for take in others if not take.session)
    if len(people) + len(sessions) + pictures < 2:
        return set()
    found: list[tuple[MeasuredBy, bool]] = [
        ("people", bool(people)),
        ("takes", bool(sessions)),
        ("pictures", bool(pictures)),
    ]
    return {way for way, there in found if there}


def measured_notes(done: Split, chosen: Collection[str] = ()) -> list[str]:
    """What a person should know of how a version was measured, in sentences; `chosen`: people to be held out."""
    notes = []
    if chosen:
        people = "one person" if len(chosen) == 1 else f"{len(chosen)} people"
        notes.append(f"Held out as you chose: {people}, {counted(len(done.held_out))}.")
    if done.same_take:
        one = len(done.same_take) == 1
        notes.append(
            f"Same take: {_names(done.same_take)} {'was' if one else 'were'} measured on the end of the take that "
            f"{'it was' if one else 'they were'} learned from, which flatters. Record {'it' if one else 'each'} once "
            "more, later, for a figure that counts."
        )
    unmeasured = [label for label, way in done.measured_by.items() if way == "nothing"]
    if unmeasured:
        one = len(unmeasured) == 1
        why = (
            f"the people held out do not show {'it' if one else 'them'}"
            if chosen
            else f"{'its' if one else 'their'} images look too much alike, or are too few"
        )
        notes.append(f"Not measured: {_names(unmeasured)}, since {why}.")
    if done.unknown_people:
        notes.append(
            "Some pictures have no name and no take, so the same person may stand on both sides, which flatters. "
            "Say in Review who is on them."
        )
    return notes


def _names(labels: Sequence[str]) -> str:
    """`labels` in a sentence; many are counted."""
    quoted = [f"“{label}”" for label in labels[:5]]
    if len(labels) > len(quoted):
        return f"{', '.join(quoted)} and {len(labels) - len(quoted)} more"
    return " and ".join([", ".join(quoted[:-1]), quoted[-1]] if len(quoted) > 1 else quoted)
