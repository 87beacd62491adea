from __future__ import annotations

import json
import pickle
import shutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from weakref import WeakSet

import pytest
import torch
from safetensors.torch import load_file, save_file

from labeling.runs import RunProgress
from labeling.store import Store
from labeling.stored_faces import TrainingFace
from models.home import Home, open_home
from models.predictor import Predictor
from models.versions import CARD, MODEL, WEIGHTS, BadVersion, Versions, read_card
from models.weights import load_network
from tests.made_versions import copy_base
from tests.training.conftest import Trained
from tests.training.signed_faces import labelled_home, new_face
from training import pipeline
from training.dataset import prepare
from training.export.make_package import add_package
from training.export.mil_evaluator import Program
from training.export.model_names import PACKAGE
from training.export.modelcard import model_card
from training.export.onnx_half import half_precision
from training.export.proof import proof_pictures
from training.export.proved_onnx import kept_proofs
from training.export.quiet import quiet
from training.finetune import FinetuneRecipe
from training.metrics import predict_logits
from training.pipeline import produce


def test_pytorch_onnx_and_core_ml_give_the_same_answers(trained: Trained) -> None:
    """On held-out faces, and on black, white, grey, a ramp and noise."""
    version = trained.version
    assert trained.home.versions / "1" == version.path
    for proof, form in ((version.card.onnx_proof, "ONNX"), (version.card.proof, "Core ML")):
        assert proof and proof.holds and proof.faces >= 200 and proof.format == form
    data = prepare(trained.store.images.training_faces(), version.labels, version.labels)
    held = torch.from_numpy(data.pixels[data.rows(version.card.held_out_ids)])
    assert len(held) == len(version.card.held_out_ids) >= 4
    pixels = proof_pictures(held, 48, len(held))
    expected = (predict_logits(load_network(version), pixels) / version.temperature).softmax(1).numpy()
    served = Predictor(version).classify(list(pixels[:, 0].numpy()))
    assert abs(served - expected).max() < 1e-4 and (served.argmax(1) == expected.argmax(1)).all()
    with quiet():
        program = Program(version.path / PACKAGE)
        answers = program.predict(pixels)
    assert program.labels == version.labels and abs(answers - expected).max() < 0.02


def test_a_run_proves_what_the_onnx_kit_takes_home(trained: Trained) -> None:
    version = trained.version
    model = (version.path / MODEL).read_bytes()
    proofs = kept_proofs(version, model, half_precision(model))
    assert proofs and proofs[0] == version.card.onnx_proof and proofs[1].faces == proofs[0].faces


def test_the_card_has_what_a_person_asks_of_a_version(trained: Trained) -> None:
    card = trained.version.card
    assert card.labels[-1] == "wink" and len(card.labels) == 9
    assert card.parent == card.compared_with == 0 and card.seed == 5 and card.run == trained.run.id
    assert card.counts and card.before and card.after and card.base_after and card.seconds
    train, held = card.counts.train, card.counts.held_out
    assert sum(train.values()) + sum(held.values()) == 24 and held["wink"] >= 2 and held["happiness"] >= 2
    assert card.after.faces == card.before.faces == sum(held.values()) == len(card.held_out_ids)
    assert set(card.after.recall) == set(card.labels) and card.base_after.faces >= 500
    assert card.before.recall["wink"] == 0
    right = card.after.faces - len(card.wrong)
    assert card.after.accuracy == pytest.approx(right / card.after.faces)
    assert card.libraries["torch"].split("+")[0] == torch.__version__.split("+")[0]
    assert 0 < card.seconds.training < card.seconds.total
    assert read_card(trained.version.path / CARD) == card


def test_the_number_of_a_deleted_version_is_not_given_again(
    trained: Trained, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(trained.home.path, tmp_path / "home")
    home = Home(tmp_path / "home")
    store, versions = Store(home.database_url), Versions(home.versions)
    store.settings.set_active_version(0)
    versions.delete(1)
    quick = partial(FinetuneRecipe, min_passes=1, max_passes=1)
    monkeypatch.setattr(pipeline, "FinetuneRecipe", quick)
    version, _, expected = produce(home, store, store.runs.queue(), False, lambda progress: None)
    assert version.number == 2 and versions.numbers() == [0, 2]
    add_package(home, version, expected)
    with quiet():
        package = Program(version.path / PACKAGE)
    assert package.spec.description.metadata.versionString == "2"
    store.close()


def test_people_who_were_chosen_are_what_a_version_is_measured_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = open_home(tmp_path / "home")
    store = Store(home.database_url)
    faces = [new_face(sign, n, subject="Ada" if n < 4 else "Bo") for sign in ("wink", "happiness") for n in range(12)]
    theirs = {added.image_id for added in store.images.add_all(faces, new_labels=True)[::12]}
    quick = partial(FinetuneRecipe, min_passes=1, max_passes=1)
    monkeypatch.setattr(pipeline, "FinetuneRecipe", quick)
    version, _, _ = produce(home, store, store.runs.queue(hold_out=["Ada"]), False, lambda progress: None)
    card = version.card
    assert card.held_out_people == ("Ada",) and theirs <= set(card.held_out_ids) and len(card.held_out_ids) == 8
    assert card.counts and card.after and card.after.faces == 8
    assert card.counts.measured_by == {"wink": "people", "happiness": "people"} and card.counts.by_subject
    assert "Held out as you chose: one person, 8 images." in card.counts.notes
    given_away = model_card(version)
    assert "1 person was chosen to be held out." in given_away and "Ada" not in given_away
    store.close()


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Home, Store]]:
    home, store = labelled_home(tmp_path_factory.mktemp("damaged") / "home", images=9)
    yield home, store
    store.close()


@pytest.fixture
def damaged(ready: tuple[Home, Store]) -> Iterator[tuple[Home, Store]]:
    """A home whose active version is number 1, to be damaged."""
    home, store = ready
    versions = Versions(home.versions)
    copy_base(versions, 1)
    store.settings.set_active_version(1)
    yield home, store
    versions.delete(1)


def test_faces_are_read_one_by_one(ready: tuple[Home, Store], monkeypatch: pytest.MonkeyPatch) -> None:
    home, store = ready
    alive: WeakSet[TrainingFace] = WeakSet()
    training_faces = store.images.training_faces

    def reading() -> Iterator[TrainingFace]:
        for face in training_faces():
            alive.add(face)
            assert len(alive) <= 3
            yield face

    def stop(progress: RunProgress) -> None:
        raise InterruptedError  # it is about to train

    monkeypatch.setattr(store.images, "training_faces", reading)
    run = store.runs.queue()
    with pytest.raises(InterruptedError):
        produce(home, store, run, False, stop)
    store.runs.end(run.id, "cancelled", "Cancelled.")


def newer(path: Path) -> None:
    card = json.loads((path / CARD).read_text("utf-8"))
    (path / CARD).write_text(json.dumps(card | {"format": 99}))


DAMAGE: dict[str, tuple[Callable[[Path], object], str]] = {
    "no card": (lambda path: (path / CARD).unlink(), "is missing or no JSON"),
    "no weights": (lambda path: (path / WEIGHTS).unlink(), "is missing or no safetensors file"),
    "pickle": (lambda path: (path / WEIGHTS).write_bytes(pickle.dumps({"a": 1})), "is missing or no safetensors file"),
    "other shapes": (
        lambda path: save_file(load_file(path / WEIGHTS) | {"head.bias": torch.zeros(3)}, path / WEIGHTS),
        "does not fit its card",
    ),
    "newer": (newer, "was written by a newer Mien; update Mien"),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_training_on_from_a_damaged_version_says_so(damaged: tuple[Home, Store], damage: str) -> None:
    home, store = damaged
    harm, sentence = DAMAGE[damage]
    harm(home.versions / "1")
    run = store.runs.queue()
    with pytest.raises(BadVersion, match=sentence):
        produce(home, store, run, True, lambda progress: None)
    store.runs.end(run.id, "failed", sentence)
    assert [path.name for path in home.versions.iterdir()] == ["1"] and store.settings.active_version() == 1
