"""Training: what there is to learn from, start, cancel."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from labeling.overview import LabelCount
from labeling.runs import RunState
from labeling.takes import Take
from models.errors import MienError
from training import process
from training.enough import ImageCount, TooLittleData, Trainable, check_enough, trainable
from training.measurable import Forecast, forecast
from webapp.workspace import Workspace

LONGEST_QUOTED = 40


class UnknownPerson(MienError):
    """No labelled image shows this person."""


@dataclass(frozen=True)
class LearningMaterial:
    """What a run would learn from: the labels that are switched on, why some are left out, what waits for an answer.

    `takes` are the images of these labels by session and person; `forecasts` how each label will be measured.
    `missing` says why there is too little for a run, or is empty.
    """

    labels: list[LabelCount]
    takes: list[Take]
    forecasts: dict[str, Forecast]
    left_out: dict[str, str]
    unlabelled: int
    missing: str


def learning_material(workspace: Workspace) -> LearningMaterial:
    """What a run would learn from now, judged by counts; only the run itself sees which images are copies."""
    overview = workspace.store.overview.figures()
    labels = [entry for entry in overview.labels if entry.label.enabled]
    names = [entry.label.name for entry in labels]
    takes = workspace.store.takes.list()
    chosen, missing = _enough(workspace, names, takes)
    forecasts = forecast(takes, names)
    return LearningMaterial(labels, takes, forecasts, chosen.left_out, overview.unlabelled, missing)


def start_training(workspace: Workspace, *, go_on: bool = False, hold_out: Collection[str] = ()) -> RunState:
    """Start a run in a process of its own; with `go_on` it begins from the version in use, not from the base model.

    The faces of the people in `hold_out` are what it is measured on, and no others.

    Raises:
        UnknownPerson: no labelled image shows one of them.
        TooLittleData: there is not enough to train on.
        Busy: a run is under way already.
    """
    takes = workspace.store.takes.list()
    people = {take.subject for take in takes}
    unknown = [name for name in hold_out if name not in people]
    if unknown:
        raise UnknownPerson(f"No labelled image shows a person called {_quoted(unknown)}, so nobody can be held out.")
    labels = [label.name for label in workspace.store.labels.list()]
    _, missing = _enough(workspace, labels, [take for take in takes if take.subject not in hold_out], bool(hold_out))
    if missing:
        raise TooLittleData(missing)
    return process.start(workspace.home, workspace.store, go_on=go_on, hold_out=sorted(set(hold_out)))


def _enough(
    workspace: Workspace, labels: Sequence[str], takes: Sequence[Take], without_people: bool = False
) -> tuple[Trainable, str]:
    """What of `labels` can be learned from `takes`, and why it is too little, or ""."""
    images: Counter[str] = Counter()
    for take in takes:
        images[take.label] += take.images
    counts = {label: ImageCount(images[label], images[label]) for label in labels}
    chosen = trainable(counts, labels, workspace.versions.get(0).labels, without_people=without_people)
    try:
        check_enough(counts, chosen, without_people=without_people)
    except TooLittleData as error:
        return chosen, str(error)
    return chosen, ""


def _quoted(names: Sequence[str]) -> str:
    """The first of `names`, in quotes, as far as a sentence can hold them."""
    quoted = [f"“{name if len(name) <= LONGEST_QUOTED else f'{name[:LONGEST_QUOTED]}…'}”" for name in names[:3]]
    return ", ".join(quoted) + (f" or {len(names) - len(quoted)} others" if len(names) > len(quoted) else "")


def cancel_training(workspace: Workspace, run: int | None = None) -> RunState:
    """Cancel a run, else the one that is under way; one that is over already stays as it is.

    Raises:
        NotFound: there is no such run.
        MienError: none is under way.
    """
    if run is None:
        latest = process.recover(workspace.home, workspace.store)
        if latest is None or not latest.open:
            raise MienError("No training run is under way.")
        run = latest.id
    return process.cancel(workspace.store, run)
