"""How the page shows a label: the colour and the key it has in the data set."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict

from labeling.store import Store

SPARE_COLOR = "#767676"


class LabelColor(BaseModel):
    """A label's name, colour "#rrggbb", and the key that picks it ("" where it has none)."""

    model_config = ConfigDict(frozen=True)

    name: str
    color: str
    key: str


def label_colors(store: Store, labels: Sequence[str]) -> list[LabelColor]:
    """Colour and key of each of `labels`, in that order; a label that the data set lacks is grey."""
    known = {label.name: label for label in store.labels.list(all=True)}
    return [
        LabelColor(name=name, color=known[name].color, key=known[name].key if known[name].enabled else "")
        if name in known
        else LabelColor(name=name, color=SPARE_COLOR, key="")
        for name in labels
    ]


def teachable(store: Store) -> list[LabelColor]:
    """The labels that a face can be given: those of the data set that are switched on."""
    return [LabelColor(name=label.name, color=label.color, key=label.key) for label in store.labels.list()]
