"""Routes of the Train tab: what would be trained on, the run, the versions, the Core ML bundle."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import uuid
from pathlib import Path
from typing import Any

from fastapi import APIRouter
from fastapi.responses import FileResponse, PlainTextResponse
from starlette.background import BackgroundTask

from labeling.overview import FAIR_START
from labeling.runs import RunState
from models.errors import MienError
from models.versions import BadVersion, Version
from training import process
from training.enough import MIN_IMAGES
from training.export.modelcard import model_card
from webapp.label_colors import label_colors
from webapp.routes.data_models import Number
from webapp.routes.errors_route import ERROR_ANSWERS, ErrorRoute
from webapp.routes.file_bodies import file_answer
from webapp.routes.training_models import (
    ActiveVersion,
    DeletedVersion,
    MistakenFace,
    TrainableLabel,
    TrainingData,
    TrainingStart,
    TrainingState,
    VersionDescription,
    VersionDetail,
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
        if reason := training_data(studio).missing:
            raise MienError(reason)
        return process.start(studio.home, studio.store, go_on=asked.go_on)

    @routes.post("/cancel/{run}")
    def cancel(run: Number) -> RunState:
        return process.cancel(studio.store, run)

    @routes.get("/versions/{number}")
    def version(number: int) -> VersionDetail:
        found = studio.versions.get(number)
        colors = {label.name: label.color for label in label_colors(studio.store, found.labels)}
        return VersionDetail(number=number, card=found.card, colors=colors, wrong=mistaken_faces(studio, found))

    @routes.get("/versions/{number}/model-card", response_class=PlainTextResponse)
    def model_card_of(number: int) -> str:
        version = studio.versions.get(number)
        proof = version.card.proof
        return model_card(version, [proof] if proof else [])

    @routes.post("/versions/{number}/use")
    def use(number: int) -> ActiveVersion:
        return ActiveVersion(active=studio.use(number).number)

    @routes.post("/versions/{number}/describe")
    def describe(number: int, asked: VersionDescription) -> VersionSummary:
        return summary(studio.versions.update_card(number, name=asked.name.strip(), note=asked.note.strip()))

    @routes.post("/versions/{number}/delete")
    def delete(number: int) -> DeletedVersion:
        if number == studio.store.settings.active_version():
            raise BadVersion(f"Version {number} is in use. Choose another one first, then delete it.")
        studio.versions.delete(number)
        return DeletedVersion(deleted=number)

    @routes.post("/versions/{number}/bundle", response_class=FileResponse, responses=file_answer("application/zip"))
    def bundle(number: int, palettize: bool = False, onnx: bool = False) -> FileResponse:
        """The zip; the header `x-mien-proof` has the proof of each model in it, as JSON."""
        path, headers = make_bundle(studio, number, palettize, onnx)
        name = f"mien-{'base' if number == 0 else f'version-{number}'}.zip"
        done = BackgroundTask(path.unlink, missing_ok=True)
        return FileResponse(path, media_type="application/zip", filename=name, headers=headers, background=done)

    return routes


def make_bundle(studio: Studio, number: int, palettize: bool, onnx: bool) -> tuple[Path, dict[str, str]]:
    """The bundle in a temporary file, and a header with the proof of each of its models, as JSON.

    Raises:
        BadVersion: there is no such version, or it is damaged.
        ValueError: it was not made; the sentence says why.
    """
    from training.export.bundle import proof_of, write_bundle

    version = studio.versions.get(number)
    path = studio.temporary.path / f"{uuid.uuid4().hex}.zip"
    try:
        if palettize or onnx or not proof_of(version):
            with studio.converting:  # one at a time: each takes a processor and some hundred megabytes
                proofs = convert_elsewhere(studio, path, number, palettize, onnx)
        else:
            proofs = [proof.as_json() for proof in write_bundle(path, version).proofs]
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return path, {"x-mien-proof": json.dumps(proofs)}


def convert_elsewhere(studio: Studio, path: Path, number: int, palettize: bool, onnx: bool) -> list[dict[str, Any]]:
    """`mien coreml` in a process of its own that lets the live view go first; the proofs of its models."""
    command = [sys.executable, "-m", "webapp.cli", "coreml", str(path), "--json", "--version", str(number)]
    command += ["--home", str(studio.home.path.resolve())] + ["--palettize"] * palettize + ["--onnx"] * onnx
    root = Path(__file__).parents[2]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        if hasattr(os, "setpriority"):
            os.setpriority(os.PRIO_PROCESS, process.pid, 10)
        said, complaint = process.communicate()
    if process.returncode:
        lines = complaint.decode(errors="replace").strip().splitlines() or ["The bundle was not made."]
        raise ValueError(lines[-1].removeprefix("mien: "))
    proofs: list[dict[str, Any]] = json.loads(said)["proofs"]
    return proofs


def training_data(studio: Studio) -> TrainingData:
    """What a run would learn from, label by label; `missing` says why it cannot start yet, or is empty."""
    known = studio.versions.get(0).labels
    overview = studio.store.overview.figures()
    entries = [entry for entry in overview.labels if entry.label.enabled]
    labels = [
        TrainableLabel(
            name=entry.label.name,
            color=entry.label.color,
            images=entry.images,
            left_out=entry.label.name not in known and entry.images < MIN_IMAGES,
        )
        for entry in entries
    ]
    return TrainingData(
        labels=labels,
        unlabelled=overview.unlabelled,
        missing=missing([entry.images for entry in entries]),
        needed=MIN_IMAGES,
        fair=FAIR_START,
    )


def missing(counts: list[int]) -> str:
    """Why these numbers of images a label are too few to train on; empty where they may do."""
    if not any(counts):
        return "No labels yet: collect some faces first."
    if sum(count >= MIN_IMAGES for count in counts) < 2:
        return f"Two expressions need at least {MIN_IMAGES} images each."
    return ""


def mistaken_faces(studio: Studio, version: Version) -> list[MistakenFace]:
    """The held-out faces that a version got wrong and that are still there; `now` is the label each has today."""
    wrong = version.card.wrong
    now = studio.store.annotations.labels_of([face.image for face in wrong])
    return [MistakenFace(**face.model_dump(), now=now[face.image]) for face in wrong if face.image in now]


def version_summaries(studio: Studio) -> list[VersionSummary]:
    """Every version, the newest first; one that cannot be read has `damaged`, the reason."""
    readable, damaged = studio.versions.list()
    rows = [summary(version) for version in readable]
    rows += [VersionSummary(number=number, damaged=reason) for number, reason in damaged.items()]
    return sorted(rows, key=lambda row: -row.number)


def summary(version: Version) -> VersionSummary:
    """A version in the list: its name and its figures."""
    card = version.card
    return VersionSummary(
        number=version.number,
        name=card.name or ("Base model" if version.number == 0 else ""),
        note=card.note,
        created=card.created,
        labels=len(version.labels),
        images=sum(card.counts.train.values()) if card.counts else None,
        held_out=card.after.accuracy if card.after else None,
        base=card.base_after.accuracy if card.base_after else None,
    )
