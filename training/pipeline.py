"""From labelled faces to a version that can be used: fine-tune, compare with the one in use, export, prove, write."""

from __future__ import annotations

import platform
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import version as library_version

import numpy as np
import onnxruntime
import torch
from numpy.typing import NDArray
from torch import Tensor

from labeling.runs import Curves, RunProgress, RunState
from labeling.schema import now
from labeling.second_look import find_missing_points
from labeling.store import Store
from models.card import Card, DataCounts, Metrics, Seconds, Verdict, WrongFace
from models.errors import MENDABLE, DiskError
from models.home import Home
from models.versions import MODEL, BadVersion, Version, Versions
from models.weights import load_network, shape_of, write_weights
from training.arithmetic import best_device
from training.base import replay
from training.dataset import DataSet, prepare
from training.export.onnx_export import prove_onnx, write_onnx
from training.export.proof import PROOF_FACES, Reference, reference
from training.finetune import EpochProgress, FinetuneRecipe, FinetuneResult, finetune
from training.metrics import measure, predict_logits
from training.priority import threads
from training.promotion import verdict
from training.spread import spread

LIBRARIES = ("torch", "coremltools", "numpy", "opencv-python-headless", "gradio")


def produce(
    home: Home, store: Store, run: RunState, go_on: bool, report: Callable[[RunProgress], None]
) -> tuple[Version, Verdict, Reference]:
    """Make a version of what is labelled now, and say whether it should become active, and what its network answers.

    `report` gets what changes in the run's row. The version's folder is whole, with its weights, its proved ONNX model
    and its card, or not there; its Core ML package is made after that, by `training.export.make_package`.

    Raises:
        MienError: too little data, a damaged version or replay, a model that was refused, a disk that cannot be
            written; the message says which.
    """
    began = time.monotonic()
    load_libraries()
    torch.set_num_threads(threads(home))
    versions = Versions(home.versions)
    base, active = versions.get(0), _active(versions, store)
    kept = replay.load(load_network(base))
    parent = versions.get(store.settings.active_version()) if go_on else base
    if replay.fingerprint(load_network(parent)) != replay.fingerprint(load_network(base)):
        parent = base  # it came of other base weights, to which what is replayed means nothing
    enabled = [label.name for label in store.labels.list()]
    find_missing_points(store, [face.image_id for face in store.images.labelled()])
    data = prepare(
        store.images.training_faces(),
        enabled,
        base.labels,
        before=active.card.held_out_ids,
        cut=active.card.counts.same_take if active.card.counts else (),
        hold_out=run.hold_out,
    )

    report(RunProgress(stage="training", epoch=0))
    training_began = time.monotonic()
    result = finetune(
        load_network(parent),
        parent.labels,
        data,
        kept,
        FinetuneRecipe(seed=run.seed),
        _reporter(home, report),
        lambda label: report(RunProgress(stage=f"looking for a small sign of {label}", seconds_left=None)),
    )
    trained = time.monotonic()

    report(RunProgress(stage="measuring", seconds_left=None))
    held = data.rows(data.split.held_out)
    before = _measure(active, data, held) if len(held) else None
    base_before = _base_check(base, data, kept)
    same_take = [data.labels.index(label) for label in data.split.same_take]
    promoted = verdict(before, result.held_out, base_before, result.base, same_take)
    card = _card(run, parent, active, data, result, before, base_before, promoted)
    report(RunProgress(stage="making the model"))
    with writing(), versions.unfinished() as folder:
        number = store.version_numbers.take(above=versions.numbers()[-1])
        network = write_weights(result.network, folder)
        write_onnx(folder / MODEL, network, data.labels, result.temperature)
        report(RunProgress(stage="proving the model"))
        rows = np.concatenate([held, data.rows(data.split.train)])
        faces = torch.from_numpy(data.pixels[rows[spread(len(rows), PROOF_FACES)]])
        expected = reference(network, result.temperature, faces)
        proof = prove_onnx(Version(number, folder, card), expected)
        seconds = Seconds(training=round(trained - training_began, 1), total=round(time.monotonic() - began, 1))
        card = card.model_copy(update={"onnx_proof": proof, "seconds": seconds})
        return versions.write(number, card, folder), promoted, expected


def load_libraries() -> None:
    """What a run needs of PyTorch beside this module; a second where it is not loaded yet."""
    torch.use_deterministic_algorithms(True, warn_only=True)


@contextmanager
def writing() -> Iterator[None]:
    """What keeps a version from being written is the disk's fault, and said as such."""
    try:
        yield
    except OSError as error:
        if error.errno not in MENDABLE:
            raise
        reason = f"The version could not be written: {error.strerror} ({error.filename or 'disk'})."
        raise DiskError(reason) from error


def _active(versions: Versions, store: Store) -> Version:
    try:
        active = versions.get(store.settings.active_version())
        load_network(active)
    except BadVersion:
        return versions.get(0)
    return active


def _reporter(home: Home, report: Callable[[RunProgress], None]) -> Callable[[EpochProgress], None]:
    curves = Curves()

    def each_epoch(progress: EpochProgress) -> None:
        nonlocal curves
        torch.set_num_threads(threads(home))
        curves = Curves(
            loss=(*curves.loss, round(progress.loss, 4)),
            accuracy=(*curves.accuracy, progress.accuracy),
            base=(*curves.base, round(progress.base_accuracy, 4)),
        )
        report(
            RunProgress(
                epoch=progress.epoch,
                epochs=progress.epochs,
                loss=progress.loss,
                accuracy=progress.accuracy,
                seconds_left=progress.left,
                curves=curves,
            )
        )

    return each_epoch


def _measure(version: Version, data: DataSet, rows: NDArray[np.int64]) -> Metrics:
    """How `version` does on some faces; a label that it does not know gets no probability."""
    logits = _columns(
        predict_logits(load_network(version), torch.from_numpy(data.pixels[rows])), version.labels, data.labels
    )
    return measure(logits, torch.from_numpy(data.classes[rows]), data.labels, version.temperature)


def _base_check(base: Version, data: DataSet, kept: replay.Replay) -> Metrics:
    known = kept.for_labels(data.labels)
    rows = known.check.nonzero().flatten()
    network = load_network(base)
    with torch.inference_mode():
        logits = torch.cat([network.tail(known.activations(part)) for part in torch.split(rows, 256)])
    logits = _columns(logits, base.labels, data.labels)
    return measure(logits, known.targets[rows].argmax(1), data.labels, base.temperature)


def _columns(logits: Tensor, labels: Sequence[str], wanted: Sequence[str]) -> Tensor:
    unknown = torch.full((len(logits),), -1e4)
    return torch.stack([logits[:, list(labels).index(w)] if w in labels else unknown for w in wanted], 1)


def _card(
    run: RunState,
    parent: Version,
    active: Version,
    data: DataSet,
    result: FinetuneResult,
    before: Metrics | None,
    base_before: Metrics,
    promoted: Verdict,
) -> Card:
    return Card(
        network=shape_of(result.network),
        labels=data.labels,
        temperature=result.temperature,
        name="",
        note="",
        run=run.id,
        parent=parent.number,
        compared_with=active.number,
        created=now().replace(microsecond=0),
        seed=run.seed,
        device=str(best_device()),
        libraries={name: library_version(name) for name in LIBRARIES}
        | {"onnxruntime": onnxruntime.__version__, "python": platform.python_version()},
        data=DataCounts(
            train=data.counts(data.split.train),
            held_out=data.counts(data.split.held_out),
            by_subject="people" in data.split.measured_by.values(),
            measured_by=data.split.measured_by,
            same_take=data.split.same_take,
            unknown_people=data.split.unknown_people,
            left_out=data.left_out,
            notes=data.notes,
        ),
        before=before,
        after=result.held_out,
        base_before=base_before,
        base_after=result.base,
        wrong=_wrong(data, result),
        held_out_ids=tuple(sorted(data.split.held_out)),
        held_out_people=run.hold_out,
        verdict=promoted,
        sureness=parent.card.sureness,
    )


def _wrong(data: DataSet, result: FinetuneResult) -> tuple[WrongFace, ...]:
    certainty, predicted = result.answers.max(1)
    return tuple(
        WrongFace(
            image=data.ids[row],
            label=data.labels[int(data.classes[row])],
            predicted=data.labels[int(predicted[place])],
            certainty=round(float(certainty[place]), 4),
        )
        for place, row in enumerate(data.rows(data.split.held_out).tolist())
        if predicted[place] != data.classes[row]
    )
