"""How much is enough to train on: one rule, from counts alone, for the page before a run and for the run itself."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from models.errors import MienError

MIN_IMAGES = 8
"""Different images that a label of one's own needs before it is trained on, and each of two labels in any case."""

MOST_NAMED = 3
"""Labels that a sentence about what is missing names."""


class TooLittleData(MienError):
    """There is not enough to train on; the message says what is missing."""


@dataclass(frozen=True)
class ImageCount:
    """How many images a label has, and how many different ones: all of them where nobody has looked for copies."""

    images: int
    different: int


@dataclass(frozen=True)
class Trainable:
    """The labels that a model would name, and for each other one why it is left out."""

    labels: tuple[str, ...]
    left_out: dict[str, str]


def trainable(
    counts: Mapping[str, ImageCount], enabled: Sequence[str], known: Collection[str], *, without_people: bool = False
) -> Trainable:
    """What of the `enabled` labels can be trained on; those that the base model knows (`known`) always can.

    `counts` has every enabled label with images; `without_people`: but the faces of people who are held out.
    """
    counts = {label: counts.get(label, ImageCount(0, 0)) for label in enabled}
    left_out = {
        label: _shortage(label, count, without_people)
        for label, count in counts.items()
        if label not in known and count.different < MIN_IMAGES
    }
    return Trainable(tuple(label for label in enabled if label not in left_out), left_out)


def check_enough(counts: Mapping[str, ImageCount], chosen: Trainable, *, without_people: bool = False) -> None:
    """Raises TooLittleData where there is nothing to learn from; it says what is missing.

    `without_people`: `counts` leaves out the faces of people who are held out.
    """
    used = [label for label, count in counts.items() if count.images]
    enough = [label for label in chosen.labels if label in counts and counts[label].different >= MIN_IMAGES]
    if len(enough) >= 2:
        return
    few = chosen.left_out or [label for label in used if label not in enough]
    short = _shortages({label: counts.get(label, ImageCount(0, 0)) for label in few}, without_people)
    if without_people:
        raise TooLittleData(
            "Too little is left to learn from: it takes two expressions with "
            f"{MIN_IMAGES} images each that show other people than those held out. {short}".strip()
        )
    if not used:
        raise TooLittleData(f"Nothing is labelled yet. Collect two expressions, at least {MIN_IMAGES} images of each.")
    if len(used) == 1:
        such_as = "" if used[0].casefold() == "neutral" else ", such as a neutral face"
        raise TooLittleData(
            f"Telling apart takes two: so far everything is labelled “{used[0]}”. Collect at least {MIN_IMAGES} images "
            f"of another expression too{such_as}."
        )
    raise TooLittleData(f"It takes at least two expressions with {MIN_IMAGES} different images each. {short}")


def counted(images: int) -> str:
    """How many images, in words."""
    return "no images" if images == 0 else "1 image" if images == 1 else f"{images} images"


def _shortages(counts: Mapping[str, ImageCount], without_people: bool) -> str:
    """What the labels that are nearest to enough lack; the others are counted."""
    nearest = sorted(counts, key=lambda label: -counts[label].images)
    said = [_shortage(label, counts[label], without_people) for label in nearest[:MOST_NAMED]]
    others = len(nearest) - len(said)
    return " ".join([*said, *([f"{others} more {'has' if others == 1 else 'have'} too few, too."] if others else [])])


def _shortage(label: str, count: ImageCount, without_people: bool) -> str:
    others = " of other people" if without_people else ""
    if count.images >= MIN_IMAGES:
        different = count.different
        looks = "all look the same" if different == 1 else f"are only {different} different pictures, the rest copies"
        return f"“{label}” is left out: its {count.images} images{others} {looks}."
    return f"“{label}” is left out: it has {counted(count.images)}{others} and needs {MIN_IMAGES}."
