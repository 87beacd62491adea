"""What the routes of `training_routes` take and answer."""

from __future__ import annotations

from pydantic import BaseModel, Field

from labeling.runs import RunState
from models.card import Card, MeasuredBy
from webapp.actions.version_actions import MAX_NAME, MAX_NOTE
from webapp.answer_model import AnswerModel, IsoTime
from webapp.label_colors import LabelColor


class TrainingStart(BaseModel):
    """`go_on`: from the version in use, not from the base model. `hold_out`: names of people whose faces, and no
    others, are kept from training to measure on."""

    go_on: bool = False
    hold_out: list[str] = Field([], max_length=1000)


class VersionDescription(BaseModel):
    name: str = Field("", max_length=MAX_NAME)
    note: str = Field("", max_length=MAX_NOTE)


class TrainableLabel(AnswerModel):
    """A label that is switched on; `left_out` says that it has too few images to be trained on.

    `takes` counts its capture sessions. `measured_by` is what a run will hold out of it to measure it on; where that
    tells little, `note` says why, and what would make it better.
    """

    name: str
    color: str
    pattern: str
    images: int
    takes: int
    left_out: bool
    measured_by: MeasuredBy
    note: str


class TrainablePerson(AnswerModel):
    """A person whom labelled images show, and how many of them have each label: someone who can be held out."""

    name: str
    images: dict[str, int]


class TrainingData(AnswerModel):
    """What a run would learn from. `missing` says why it cannot start yet, or is empty; `needed` images a label are a
    must for labels of one's own, `fair` are a fair start."""

    labels: list[TrainableLabel]
    people: list[TrainablePerson]
    unlabelled: int
    missing: str
    needed: int
    fair: int


class VersionScore(AnswerModel):
    """How a version does on `faces` that every version is scored on: the share 0…1 that it gets right.

    `learned_from`: on how many of them it may have been trained, and `same_take`: how many are the end of a take that
    it was trained on; both flatter. `unnamed`: how many have a label that it does not know; they count as wrong.
    """

    accuracy: float
    faces: int
    learned_from: int
    same_take: int
    unnamed: int


class VersionSummary(AnswerModel):
    """A version in the list: its name, how many labels and images it was made of, and its scores on the held-out faces
    and on the built-in expressions, None where it has none; with `scoring` the former is still to come. One that cannot
    be read has nothing but `damaged`, the reason."""

    number: int
    name: str = ""
    note: str = ""
    created: IsoTime | None = None
    labels: int = 0
    images: int | None = None
    held_out: VersionScore | None = None
    built_in: VersionScore | None = None
    scoring: bool = False
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


class ScoredLabels(VersionScore):
    """A version's score on the held-out faces; `recall` is the share 0…1 of each label's that it gets right."""

    recall: dict[str, float]


class VersionDetail(AnswerModel):
    """A version's card, how each of its labels is shown, and those of its mistakes whose images are still there.

    `score` is on the faces that every version is scored on, None where it is still to come or there are none;
    `held_out_now`: the card's own figures are of these faces too.
    """

    number: int
    card: Card
    score: ScoredLabels | None
    held_out_now: bool
    labels: list[LabelColor]
    wrong: list[MistakenFace]


class ActiveVersion(AnswerModel):
    active: int


class DeletedVersion(AnswerModel):
    deleted: int
