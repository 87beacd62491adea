import json
from pathlib import Path

import numpy as np
import pytest
import torch

from models.versions import Version, Versions, read_card
from models.weights import load_network
from training.base import ferplus
from training.base.base_training import BaseRecipe, BaseTraining
from training.base.train_base import main
from training.metrics import measure, predict_logits

FERPLUS = Path(__file__).parents[4] / "shared" / "data" / "ferplus.npz"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Faces that are easy to tell apart: an expression is a brightness."""
    random = np.random.default_rng(0)
    classes = np.arange(480) % 8
    images = (classes * 30)[:, None, None] + random.integers(0, 12, (480, 48, 48))
    votes = np.zeros((480, 10), np.uint8)
    votes[np.arange(480), classes] = 10
    split = np.repeat(["Training", "PublicTest", "PrivateTest"], [320, 80, 80])
    np.savez(tmp_path / "tiny.npz", images=images.astype(np.uint8), votes=votes, split=split)
    return tmp_path / "tiny.npz"


def test_trains_writes_weights_and_card(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    output = tmp_path / "out"
    output.mkdir()
    command = ["train_base", "--data", str(data), "--checkpoint", str(tmp_path / "c.safetensors")]
    monkeypatch.setattr("sys.argv", [*command, "--epochs", "2", "--output", str(output)])
    assert main() == 0
    card = json.loads((output / "card.json").read_text())
    assert card["labels"] == list(ferplus.EXPRESSIONS)
    assert card["metrics"]["PrivateTest"]["faces"] == 80
    assert load_network(Version(0, output, read_card(output / "card.json")))(torch.zeros(1, 1, 48, 48)).shape == (1, 8)


def test_an_interrupted_run_goes_on_as_if_nothing_had_happened(data: Path, tmp_path: Path) -> None:
    faces = ferplus.load(data, "Training")
    images, targets = torch.from_numpy(faces.images)[:, None], torch.from_numpy(faces.targets)
    recipe = BaseRecipe(epochs=2, batch=64)
    whole = BaseTraining(recipe, tmp_path / "whole.safetensors")
    first = BaseTraining(recipe, tmp_path / "parts.safetensors")
    for _ in range(2):
        whole.train_epoch(images, targets)
    first.train_epoch(images, targets)
    first.save()
    second = BaseTraining(recipe, tmp_path / "parts.safetensors")
    assert second.epoch == 1
    second.train_epoch(images, targets)
    for name, value in whole.average.state_dict().items():
        torch.testing.assert_close(second.average.state_dict()[name], value, msg=name)


def test_data_that_is_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["train_base", "--data", str(tmp_path / "no.npz"), "--checkpoint", str(tmp_path / "c.safetensors")]
    monkeypatch.setattr("sys.argv", command)
    assert main() == 1
    assert "no.npz" in capsys.readouterr().err


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
