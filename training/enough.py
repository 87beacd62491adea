"""How much is enough to train on: one rule, from counts alone, for the page before a run and for the run itself."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from models.errors import MienError

MIN_IMAGES = 8
"""Different images that a label of one's own needs before it is trained on, and each of two labels in any case."""


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


def trainable(counts: Mapping[str, ImageCount], enabled: Sequence[str], known: Collection[str]) -> Trainable:
    """What of the `enabled` labels can be trained on; those that the base model knows (`known`) always can.

    `counts` has every enabled label with images.
    """
    counts = {label: counts.get(label, ImageCount(0, 0)) for label in enabled}
    left_out = {
        label: _shortage(label, count)
        for label, count in counts.items()
        if label not in known and count.different < MIN_IMAGES
    }
    return Trainable(tuple(label for label in enabled if label not in left_out), left_out)


def check_enough(counts: Mapping[str, ImageCount], chosen: Trainable) -> None:
    """Raises TooLittleData where there is nothing to learn from; it says what is missing."""
    used = [label for label, count in counts.items() if count.images]
    images = sum(count.images for count in counts.values())
    if not used:
        raise TooLittleData(
            f"Nothing is labelled yet. Collect at least {MIN_IMAGES} images of each of two expressions, then retrain."
        )
    if len(used) == 1:
        raise TooLittleData(
            f"All {images} images are labelled “{used[0]}”. Label at least {MIN_IMAGES} of another expression too, "
            "such as a neutral face: telling apart takes two."
        )
    enough = [label for label in chosen.labels if label in counts and counts[label].different >= MIN_IMAGES]
    if len(enough) < 2:
        short = "; ".join([*chosen.left_out.values()] or [_shortage(label, counts[label]) for label in used])
        raise TooLittleData(
            f"There is too little to train on: at least two labels need {MIN_IMAGES} different images each. {short}"
        )


def _shortage(label: str, count: ImageCount) -> str:
    if count.images >= MIN_IMAGES:
        different = count.different
        looks = "all look the same" if different == 1 else f"are only {different} different pictures, the rest copies"
        return f"“{label}” is left out: its {count.images} images {looks}."
    counted = "no images" if count.images == 0 else "1 image" if count.images == 1 else f"{count.images} images"
    return f"“{label}” is left out: it has {counted} and needs {MIN_IMAGES}."
