"""What the routes of `training_routes` take and answer."""

from __future__ import annotations

from pydantic import BaseModel, Field

from labeling.runs import RunState
from models.card import Card
from webapp.actions.version_actions import MAX_NAME, MAX_NOTE
from webapp.answer_model import AnswerModel, IsoTime


class TrainingStart(BaseModel):
    """`go_on`: from the version in use, not from the base model."""

    go_on: bool = False


class VersionDescription(BaseModel):
    name: str = Field("", max_length=MAX_NAME)
    note: str = Field("", max_length=MAX_NOTE)


class TrainableLabel(AnswerModel):
    """A label that is switched on; `left_out` says that it has too few images to be trained on."""

    name: str
    color: str
    images: int
    left_out: bool


class TrainingData(AnswerModel):
    """What a run would learn from. `missing` says why it cannot start yet, or is empty; `needed` images a label are a
    must for labels of one's own, `fair` are a fair start."""

    labels: list[TrainableLabel]
    unlabelled: int
    missing: str
    needed: int
    fair: int


class VersionSummary(AnswerModel):
    """A version in the list: its name, how many labels and images it was made of, and the share of held-out faces and
    of the built-in expressions that it gets right. One that cannot be read has nothing but `damaged`, the reason."""

    number: int
    name: str = ""
    note: str = ""
    created: IsoTime | None = None
    labels: int = 0
    images: int | None = None
    held_out: float | None = None
    base: float | None = None
    damaged: str = ""


class TrainingState(AnswerModel):
    """What the Train tab shows: the data, the newest run, the version in use and every version, the newest first."""

    data: TrainingData
    run: RunState | None
    active: int
    versions: list[VersionSummary]


class MistakenFace(AnswerModel):
    """A held-out face that a version got wrong; `now` is the label that its image has today."""

    image: int
    label: str
    predicted: str
    certainty: float
    now: str | None


class VersionDetail(AnswerModel):
    """A version's card, the colour of each of its labels, and those of its mistakes whose images are still there."""

    number: int
    card: Card
    colors: dict[str, str]
    wrong: list[MistakenFace]


class ActiveVersion(AnswerModel):
    active: int


class DeletedVersion(AnswerModel):
    deleted: int
