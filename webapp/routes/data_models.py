"""What the routes of `data_routes` and `label_routes` take and answer."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from labeling.overview import FAIR_START, FAIR_TAKES
from labeling.store import Store
from labeling.trash import TrashFigures
from webapp.answer_model import AnswerModel, IsoTime

MAX_IDS = 200_000
Number = Annotated[int, Field(ge=0, le=2**31 - 1)]
"""An id, a page or a count; a larger one is none, in SQLite and in PostgreSQL."""


class ImageIds(BaseModel):
    """Images, by their ids."""

    ids: list[Number] = Field(max_length=MAX_IDS)


class AnnotationRequest(ImageIds):
    """One answer about all of these images; `label` is for the kind "label" alone."""

    label: str | None = None
    kind: Literal["label", "skip", "not_a_face", "clear"] = "label"


class AnnotationDone(AnswerModel):
    """`action` is what takes it back."""

    action: str


class UndoRequest(BaseModel):
    action: str


class NamedImages(ImageIds):
    """Images that show one person; null: nobody is named."""

    subject: str | None


class NamedPeople(AnswerModel):
    """Whose faces images show. The answer to setting it is what was so before: sent back, it takes it back."""

    people: list[NamedImages]


class UndoDone(AnswerModel):
    """`ids` have the answers again that they had before, or are out of the trash; `later` images stay as they were
    answered afterwards; `label` is a label that is there again."""

    ids: list[int]
    later: int
    label: str | None


class LabelFigures(AnswerModel):
    """A label, how many images have it, and how many takes (holds of the capture button) those come from."""

    id: int
    name: str
    color: str
    pattern: str
    key: str
    built_in: bool
    enabled: bool
    position: int
    images: int
    takes: int


class TrashSummary(AnswerModel):
    """What the trash holds: images, the bytes of their pictures, who is named in them, and when the last came."""

    images: int
    bytes: int
    people: list[tuple[str, int]]
    newest: IsoTime | None


class OverviewFigures(AnswerModel):
    """The data set in figures. `subjects`, `sources` and `days` (UTC, the oldest first) are pairs of what and how many;
    `flags` has the number of images for each flag; `short` is a sentence for each label that lacks images;
    `fair_images` from `fair_takes` takes are a fair start for a label; `trained` says whether the version in use was
    trained on this data set, so that its doubts are flagged "mislabelled". What lies in the trash counts in
    `trash` alone."""

    total: int
    labelled: int
    unlabelled: int
    skipped: int
    not_faces: int
    labels: list[LabelFigures]
    subjects: list[tuple[str | None, int]]
    sources: list[tuple[str, int]]
    days: list[tuple[str, int]]
    flags: dict[str, int]
    short: list[str]
    fair_images: int
    fair_takes: int
    trained: bool
    trash: TrashSummary


def overview_figures(store: Store) -> OverviewFigures:
    overview = store.overview.figures()
    return OverviewFigures(
        total=overview.total,
        labelled=overview.labelled,
        unlabelled=overview.unlabelled,
        skipped=overview.skipped,
        not_faces=overview.not_faces,
        labels=[LabelFigures(**vars(entry.label), images=entry.images, takes=entry.takes) for entry in overview.labels],
        subjects=overview.subjects,
        sources=overview.sources,
        days=[(day.date().isoformat(), count) for day, count in overview.days],
        flags=overview.flags,
        short=overview.short,
        fair_images=FAIR_START,
        fair_takes=FAIR_TAKES,
        trained=overview.trained,
        trash=trash_summary(store.trash.figures()),
    )


def trash_summary(figures: TrashFigures) -> TrashSummary:
    return TrashSummary(**vars(figures))
