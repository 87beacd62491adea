"""Routes of the Train tab: what would be trained on, the run, the versions."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from fastapi import APIRouter
from fastapi.responses import PlainTextResponse

from labeling.overview import FAIR_START
from labeling.runs import RunState
from labeling.takes import Take
from models.versions import Version
from training.enough import MIN_IMAGES
from training.export.modelcard import model_card
from training.same_faces import Score, built_in_scores, held_out_now
from webapp.actions import training_actions, version_actions
from webapp.label_colors import label_colors
from webapp.routes.data_models import Number
from webapp.routes.errors_route import ERROR_ANSWERS, ErrorRoute
from webapp.routes.training_models import (
    ActiveVersion,
    DeletedVersion,
    MistakenFace,
    ScoredLabels,
    TrainableLabel,
    TrainablePerson,
    TrainingData,
    TrainingStart,
    TrainingState,
    VersionDescription,
    VersionDetail,
    VersionScore,
    VersionSummary,
)
from webapp.studio import Studio


def router(studio: Studio) -> APIRouter:
    """Everything under `/mien/api/data/train`."""
    routes = APIRouter(prefix="/mien/api/data/train", route_class=ErrorRoute, responses=ERROR_ANSWERS)

    @routes.get("")
    def state() -> TrainingState:
        return TrainingState(
            data=training_data(studio),
            run=studio.store.runs.latest(),
            active=studio.predictor.number,
            versions=version_summaries(studio),
        )

    @routes.post("/start")
    def start(asked: TrainingStart) -> RunState:
        return training_actions.start_training(studio, go_on=asked.go_on, hold_out=asked.hold_out)

    @routes.post("/cancel/{run}")
    def cancel(run: Number) -> RunState:
        return training_actions.cancel_training(studio, run)

    @routes.get("/versions/{number}")
    def version(number: int) -> VersionDetail:
        found = studio.versions.get(number)
        readable, _ = studio.versions.list()
        return VersionDetail(
            number=number,
            card=found.card,
            score=scored_labels(studio.held_out_scores.scores.get(number)),
            held_out_now=set(found.card.held_out_ids) == set(held_out_now(studio.store, readable)),
            labels=label_colors(studio.store, found.labels),
            wrong=mistaken_faces(studio, found),
        )

    @routes.get("/versions/{number}/model-card", response_class=PlainTextResponse)
    def model_card_of(number: int) -> str:
        version = studio.versions.get(number)
        proof = version.card.proof
        return model_card(version, [proof] if proof else [])

    @routes.post("/versions/{number}/use")
    def use(number: int) -> ActiveVersion:
        version_actions.use_version(studio, number)
        return ActiveVersion(active=number)

    @routes.post("/versions/{number}/describe")
    def describe(number: int, asked: VersionDescription) -> VersionSummary:
        version_actions.describe_version(studio, number, asked.name, asked.note)
        return next(row for row in version_summaries(studio) if row.number == number)

    @routes.post("/versions/{number}/delete")
    def delete(number: int) -> DeletedVersion:
        version_actions.delete_version(studio, number)
        return DeletedVersion(deleted=number)

    return routes


def training_data(studio: Studio) -> TrainingData:
    """What a run would learn from, label by label."""
    material = training_actions.learning_material(studio)
    takes = Counter(label for label, _ in {(take.label, take.session) for take in material.takes if take.session})
    labels = [
        TrainableLabel(
            name=entry.label.name,
            color=entry.label.color,
            pattern=entry.label.pattern,
            images=entry.images,
            takes=takes[entry.label.name],
            left_out=entry.label.name in material.left_out,
            measured_by=material.forecasts[entry.label.name].measured_by,
            note=material.forecasts[entry.label.name].note,
        )
        for entry in material.labels
    ]
    return TrainingData(
        labels=labels,
        people=trainable_people(material.takes),
        unlabelled=material.unlabelled,
        missing=material.missing,
        needed=MIN_IMAGES,
        fair=FAIR_START,
    )


def trainable_people(takes: Sequence[Take]) -> list[TrainablePerson]:
    """Whom these takes show, by name."""
    images: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for take in takes:
        if take.subject:
            images[take.subject][take.label] += take.images
    return [TrainablePerson(name=name, images=images[name]) for name in sorted(images, key=str.casefold)]


def mistaken_faces(studio: Studio, version: Version) -> list[MistakenFace]:
    """The held-out faces that a version got wrong and that are still there; `now` is the label each has today."""
    wrong = version.card.wrong
    now = studio.store.annotations.labels_of([face.image for face in wrong])
    return [MistakenFace(**face.model_dump(), now=now[face.image]) for face in wrong if face.image in now]


def version_summaries(studio: Studio) -> list[VersionSummary]:
    """Every version, the newest first; one that cannot be read has `damaged`, the reason."""
    readable, damaged = studio.versions.list()
    known, built_in = studio.held_out_scores, built_in_scores(readable)
    rows = [
        summary(
            version,
            held_out=version_score(known.scores.get(version.number)),
            built_in=version_score(built_in.get(version.number)),
            scoring=version.number not in known.settled,
        )
        for version in readable
    ]
    rows += [VersionSummary(number=number, damaged=reason) for number, reason in damaged.items()]
    return sorted(rows, key=lambda row: -row.number)


def summary(
    version: Version, *, held_out: VersionScore | None, built_in: VersionScore | None, scoring: bool
) -> VersionSummary:
    """A version in the list: its name and its figures."""
    card = version.card
    return VersionSummary(
        number=version.number,
        name=card.name or ("Base model" if version.number == 0 else ""),
        note=card.note,
        created=card.created,
        labels=len(version.labels),
        images=sum(card.counts.train.values()) if card.counts else None,
        held_out=held_out,
        built_in=built_in,
        scoring=scoring,
    )


def version_score(score: Score | None) -> VersionScore | None:
    if score is None:
        return None
    return VersionScore(
        accuracy=score.accuracy,
        faces=score.total,
        learned_from=score.learned_from,
        same_take=score.same_take,
        unnamed=score.unnamed,
    )


def scored_labels(score: Score | None) -> ScoredLabels | None:
    known = version_score(score)
    if score is None or known is None:
        return None
    recall = {label: score.right.get(label, 0) / faces for label, faces in score.faces.items()}
    return ScoredLabels(**dict(known), recall=recall)
