"""How the page shows a label: the colour, the pattern and the key it has in the data set."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict

from labeling.labels import Label
from labeling.store import Store

SPARE_COLOR = "#767676"


class LabelColor(BaseModel):
    """A label's name, colour "#rrggbb", pattern ("" where the colour is nobody else's), and the key that picks it.

    A label that is switched off, or that the data set lacks, has the key "".
    """

    model_config = ConfigDict(frozen=True)

    name: str
    color: str
    pattern: str
    key: str


def label_colors(store: Store, labels: Sequence[str]) -> list[LabelColor]:
    """How each of `labels` is shown, in that order; a label that the data set lacks is grey."""
    known = {label.name: _color_of(label) for label in store.labels.list(all=True)}
    return [known.get(name) or LabelColor(name=name, color=SPARE_COLOR, pattern="", key="") for name in labels]


def teachable(store: Store) -> list[LabelColor]:
    """The labels that a face can be given: those of the data set that are switched on."""
    return [_color_of(label) for label in store.labels.list()]


def _color_of(label: Label) -> LabelColor:
    key = label.key if label.enabled else ""
    return LabelColor(name=label.name, color=label.color, pattern=label.pattern, key=key)
