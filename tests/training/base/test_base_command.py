"""`python -m training.base`: from data to a version with its card."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
import torch

from models.versions import Version, Versions, read_card
from models.weights import load_network
from tests.serving import astronaut
from training.base import __main__ as command
from training.base import ferplus
from training.base.base_recipe import BaseRecipe
from training.base.damaged import DAMAGES
from training.metrics import fit_temperature, measure, predict_logits

FERPLUS = Path(__file__).parents[4] / "shared" / "data" / "ferplus.npz"
SMALL = BaseRecipe(widths=(4, 6, 8), depths=(1, 1, 1), epochs=2, cool_down=1, warm_up=1, batch=32, part=16)
Run = Callable[..., int]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command with a small network; gives its exit status."""

    def small(**chosen: Any) -> BaseRecipe:
        return replace(SMALL, **{name: value for name, value in chosen.items() if name not in ("batch", "part")})

    monkeypatch.setattr(command, "BaseRecipe", small)

    def run(*options: str | Path) -> int:
        line = ["--checkpoint", tmp_path / "run.safetensors", "--epochs", "2", "--cool-down", "1", *options]
        monkeypatch.setattr(sys, "argv", ["training.base", *map(str, line)])
        return command.main()

    return run


@pytest.fixture
def ferplus_file(tmp_path: Path) -> Path:
    """Faces that are easy to tell apart: an expression is a brightness."""
    random = np.random.default_rng(0)
    classes = np.arange(160) % 8
    images = (classes * 30)[:, None, None] + random.integers(0, 12, (160, 48, 48))
    votes = np.zeros((160, 10), np.uint8)
    votes[np.arange(160), classes] = 10
    split = np.repeat(["Training", "PublicTest", "PrivateTest"], [96, 32, 32])
    np.savez(tmp_path / "tiny.npz", images=images.astype(np.uint8), votes=votes, split=split)
    return tmp_path / "tiny.npz"


def test_ferplus_becomes_a_version(run: Run, ferplus_file: Path, tmp_path: Path) -> None:
    assert run("--data", ferplus_file) == 0
    folder = tmp_path / "run.model"
    card = read_card(folder / "card.json")
    assert card.labels == ferplus.EXPRESSIONS and list(card.metrics) == ["PublicTest"]
    assert card.metrics["PublicTest"].faces == 32
    assert card.network.first_stride == 1 and card.recipe and "distillation" not in card.recipe
    assert card.onnx_proof and card.onnx_proof.holds and (folder / "model.onnx").is_file()
    network = load_network(Version(0, folder, card))
    assert network(torch.zeros(1, 1, 48, 48)).shape == (1, 8) and network.pool.kernel_size == (12, 12)
    assert {tensor.dtype for tensor in network.state_dict().values()} == {torch.float32}


def test_it_is_shifted_by_what_mean_recall_is_worth_and_calibrated_on_damaged_faces_too(
    run: Run, ferplus_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a worth nothing is shifted; labels come equally often here, so with one all are, and by as much."""
    versions = []
    for worth in (0.0, 1.0):
        monkeypatch.setattr(sys.modules[__name__], "SMALL", replace(SMALL, recall_worth=worth))
        assert run("--data", ferplus_file, "--output", tmp_path / f"{worth}", "--epochs", 20) == 0
        versions.append(Version(0, tmp_path / f"{worth}", read_card(tmp_path / f"{worth}" / "card.json")))
    plain, shifted = (load_network(version).head.bias for version in versions)
    faces = ferplus.load(ferplus_file, "PublicTest")
    copies = [faces.images, *(damage(faces.images) for damage in DAMAGES.values())]
    logits = [predict_logits(load_network(versions[0]), torch.from_numpy(crops)[:, None]) for crops in copies]
    classes = torch.from_numpy(faces.classes)
    fitted = fit_temperature(torch.cat(logits), classes.repeat(9))
    torch.testing.assert_close(shifted - plain, torch.full((8,), fitted * math.log(2)), rtol=0.01, atol=0.001)
    assert [version.temperature for version in versions] == pytest.approx([fitted, fitted], rel=0.011)


def test_teachers_are_named_on_the_card(run: Run, ferplus_file: Path, tmp_path: Path) -> None:
    base = Versions(tmp_path).get(0)
    assert run("--data", ferplus_file, "--teacher", base.path) == 0
    recipe = json.loads((tmp_path / "run.model" / "card.json").read_text())["recipe"]
    assert [each["name"] for each in recipe["teachers"]["versions"]] == [base.card.name]
    assert len(recipe["teachers"]["versions"][0]["weights_sha256"]) == 64 and "teachers" in recipe["distillation"]
    taught = np.load(next((tmp_path / "run.faces").glob("taught-*.npy")))
    np.testing.assert_allclose(taught.sum(1), 1, atol=1e-3)
    assert taught.shape == (96, 8) and taught.std() > 0.01
    assert run("--data", ferplus_file) == 1, "without its teacher the run cannot go on"


def test_a_wider_network_teaches(
    run: Run, ferplus_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wider = ("--widths", "8", "10", "--depths", "1", "2", "--checkpoint", tmp_path / "wide.safetensors")
    assert run("--data", ferplus_file, *wider, "--output", tmp_path / "wide") == 0
    assert run("--data", ferplus_file, "--teacher", tmp_path / "wide") == 0
    recipe = json.loads((tmp_path / "run.model" / "card.json").read_text())["recipe"]
    assert recipe["teachers"]["versions"][0]["network"]["widths"] == [8, 10] and recipe["widths"] == [4, 6, 8]
    capsys.readouterr()
    assert run("--data", ferplus_file, "--widths", "8", "10", "--depths", "1") == 1
    assert "--widths and --depths need a number from 1 on for each stage" in capsys.readouterr().err


def test_a_teacher_of_other_labels_is_refused(
    run: Run, people: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("--data", people, "--teacher", Versions(tmp_path).get(0).path) == 1
    assert "names neutral, happiness" in capsys.readouterr().err


@pytest.fixture
def people(tmp_path: Path) -> Path:
    """Small crops of six people by label, and one photograph that a face must be found in."""
    random = np.random.default_rng(0)
    root = tmp_path / "people"
    for label, grey in (("calm", 60), ("glad", 180)):
        for person in range(6):
            folder = root / label / f"person {person}"
            folder.mkdir(parents=True)
            for number in range(4):
                picture = (grey + random.integers(0, 20, (48, 48))).astype(np.uint8)
                cv2.imwrite(str(folder / f"{number}.png"), picture)
    cv2.imwrite(str(root / "glad" / "photograph.jpg"), cv2.cvtColor(astronaut(), cv2.COLOR_RGB2BGR))
    return root


def test_a_folder_by_label_becomes_a_version(
    run: Run, people: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (people / "calm" / "damaged.png").write_bytes(b"\x89PNG\r\n\x1a\nno")
    (people / "glad" / "empty.png").write_bytes(cv2.imencode(".png", np.zeros((200, 200), np.uint8))[1].tobytes())
    assert run("--data", people) == 0
    said = capsys.readouterr().out
    assert "41 faces to learn from, 8 held out" in said
    assert "Left out: 1 image that cannot be read." in said and "Left out: 1 image without a face." in said
    card = read_card(tmp_path / "run.model" / "card.json")
    assert card.labels == ("calm", "glad") and list(card.metrics) == ["held-out"]
    assert isinstance(card.data, str) and "whole people" in card.data and "cannot be read" in card.data
    assert card.data_licence and "FER" not in card.data_licence


def test_the_same_command_goes_on_and_more_epochs_prolong(
    run: Run, people: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("--data", people) == 0 == run("--data", people)
    assert "from epoch 2.00 on" in capsys.readouterr().out
    assert run("--data", people, "--epochs", "3") == 0
    assert "from epoch 1.00 on" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ([], "has no folders by label"),
        (["face.png"], "has no folders by label"),
        (["glad/face.png"], "has one label, “glad”: a model tells at least two apart"),
        (["glad/a.png", "sad/b.txt"], "No picture of “sad” can be trained on. Left out: 1 image that cannot be read."),
    ],
)
def test_a_folder_that_cannot_be_trained_on(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str], names: list[str], said: str
) -> None:
    (tmp_path / "data").mkdir()
    for name in names:
        path = tmp_path / "data" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(
            cv2.imencode(".png", np.zeros((48, 48), np.uint8))[1].tobytes() if name.endswith("png") else b"text"
        )
    assert run("--data", tmp_path / "data") == 1
    assert said in capsys.readouterr().err
    assert not (tmp_path / "run.faces").exists() and not (tmp_path / "run.faces.partial").exists()


def test_data_that_are_not_there(run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("no.npz", "no"):
        assert run("--data", tmp_path / name) == 1
        assert f"{tmp_path / name}" in capsys.readouterr().err


@pytest.mark.skipif(not FERPLUS.exists(), reason="FER+ is not here")
def test_the_shipped_weights_score_what_their_card_says() -> None:
    version = Versions(Path("nowhere")).get(0)
    faces = ferplus.load(FERPLUS, "PrivateTest")
    logits = predict_logits(load_network(version), torch.from_numpy(faces.images)[:, None])
    figures = measure(logits, torch.from_numpy(faces.classes), version.labels, version.temperature)
    stated = version.card.metrics["PrivateTest"]
    assert len(faces) == 3545
    assert figures.accuracy >= 0.83
    assert figures.accuracy == pytest.approx(stated.accuracy, abs=0.002)
    assert figures.mean_recall == pytest.approx(stated.mean_recall, abs=0.005)
    assert figures.calibration_error == pytest.approx(stated.calibration_error, abs=0.005)
