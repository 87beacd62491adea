"""Training: what there is to learn from, start, cancel."""

from __future__ import annotations

from dataclasses import dataclass

from labeling.overview import LabelCount
from labeling.runs import RunState
from models.errors import MienError
from training import process
from training.enough import ImageCount, TooLittleData, check_enough, trainable
from webapp.workspace import Workspace


@dataclass(frozen=True)
class LearningMaterial:
    """What a run would learn from: the labels that are switched on, why some are left out, what waits for an answer.

    `missing` says why there is too little for a run, or is empty.
    """

    labels: list[LabelCount]
    left_out: dict[str, str]
    unlabelled: int
    missing: str


def learning_material(workspace: Workspace) -> LearningMaterial:
    """What a run would learn from now, judged by counts; only the run itself sees which images are copies."""
    overview = workspace.store.overview.figures()
    labels = [entry for entry in overview.labels if entry.label.enabled]
    counts = {entry.label.name: ImageCount(entry.images, entry.images) for entry in labels}
    chosen = trainable(counts, list(counts), workspace.versions.get(0).labels)
    try:
        check_enough(counts, chosen)
        missing = ""
    except TooLittleData as error:
        missing = str(error)
    return LearningMaterial(labels, chosen.left_out, overview.unlabelled, missing)


def start_training(workspace: Workspace, *, go_on: bool = False) -> RunState:
    """Start a run in a process of its own; with `go_on` it begins from the version in use, not from the base model.

    Raises:
        TooLittleData: there is not enough to train on.
        Busy: a run is under way already.
    """
    if missing := learning_material(workspace).missing:
        raise TooLittleData(missing)
    return process.start(workspace.home, workspace.store, go_on=go_on)


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
