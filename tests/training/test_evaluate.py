import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from models.onnx_model import load_model
from models.versions import BASE_FOLDER, Version, Versions, read_card
from training.base import ferplus
from training.base.damaged import DAMAGES
from training.base.resampling import Bootstrap
from training.base.scored_answers import Answers, answer, probabilities
from training.evaluate import MODEL_CARD, PICTURE, card_text, main
from training.metrics import measure_answers

FERPLUS = Path(__file__).parents[3] / "shared" / "data" / "ferplus.npz"
BASE = Versions(Path()).get(0)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The base model's folder, to be written into."""
    return Path(shutil.copytree(BASE_FOLDER, tmp_path_factory.mktemp("weights") / "base"))


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Faces as random as their votes; every third has no majority."""
    random = np.random.default_rng(0)
    votes = np.zeros((96, 10), np.uint8)
    votes[np.arange(96), np.arange(96) % 8] = 5
    votes[::3, 9] = 5
    images = random.integers(0, 256, (96, 48, 48)).astype(np.uint8)
    path = tmp_path_factory.mktemp("data") / "tiny.npz"
    np.savez(path, images=images, votes=votes, split=np.repeat(["PublicTest", "PrivateTest"], 48))
    return path


def run(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int:
    monkeypatch.setattr("sys.argv", ["evaluate", *map(str, arguments)])
    return main()


def test_the_model_card_is_what_the_command_writes_from_the_card() -> None:
    assert (BASE_FOLDER / MODEL_CARD).read_text("utf-8") == card_text(BASE)
    assert (BASE_FOLDER / PICTURE).stat().st_size < 60_000


def test_the_card_says_what_a_researcher_asks() -> None:
    text = card_text(BASE)
    for heading in ("Data", "Recipe", "Figures", "Limits", "Who is missing from FER+", "Licence"):
        assert f"\n## {heading}\n" in text
    assert "## What it must not be used for" in text and "Article 5(1)(f)" in text
    assert all(f"| {name} |" in text for name in DAMAGES) and PICTURE in text and "withheld" in text


def test_it_scores_writes_the_card_and_draws(folder: Path, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(monkeypatch, "--data", data, "--weights", folder) == 0
    card = read_card(folder / "card.json")
    assert card.evaluation and card.sureness and card.evaluation.split == "PrivateTest"
    assert (card.evaluation.faces, card.evaluation.majority_faces) == (48, 32)
    assert card.metrics["PrivateTest"].accuracy == pytest.approx(card.evaluation.clean.arg_max.value)
    assert set(card.evaluation.damaged) == set(DAMAGES)
    assert card.temperature == BASE.temperature and card.onnx_proof == BASE.card.onnx_proof, "what it was stays"
    assert (folder / MODEL_CARD).read_text("utf-8") == card_text(Version(0, folder, card))
    assert (folder / PICTURE).read_text("utf-8").startswith("<svg") and not [*folder.glob(".*")]


def test_public_test_prints_and_writes_nothing(
    folder: Path, data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {path: path.read_bytes() for path in folder.iterdir()}
    assert run(monkeypatch, "--data", data, "--weights", folder, "--split", "PublicTest") == 0
    printed = capsys.readouterr().out
    assert "On FER+'s PublicTest" in printed and "| bar over the eyes |" in printed
    assert {path: path.read_bytes() for path in folder.iterdir()} == before


def test_what_cannot_be_scored_is_one_sentence(
    folder: Path, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    own = Path(shutil.copytree(folder, tmp_path / "own"))
    card = json.loads((own / "card.json").read_text())
    card["labels"] = ["wink", *card["labels"][1:]]
    (own / "card.json").write_text(json.dumps(card))
    for arguments, said in (
        (("--data", data, "--weights", own), "other labels than FER+"),
        (("--data", data, "--weights", tmp_path), "card.json"),
        (("--data", tmp_path / "no.npz", "--weights", folder), "no.npz"),
        (("--data", data, "--weights", folder, "--wild", data), "wild.csv"),
    ):
        assert run(monkeypatch, *arguments) == 1
        assert said in capsys.readouterr().err


@pytest.mark.skipif(not FERPLUS.exists(), reason="FER+ is not here")
def test_the_cards_figures_are_those_of_the_shipped_weights() -> None:
    evaluation, sureness = BASE.card.evaluation, BASE.card.sureness
    assert evaluation and sureness
    faces, session = ferplus.load(FERPLUS, "PrivateTest"), load_model(BASE, "cpu")
    assert (len(faces), int(faces.majority.sum())) == (evaluation.faces, evaluation.majority_faces) == (3545, 3152)
    clean = answer(session, faces.images, faces)
    metrics = measure_answers(clean.probabilities, clean.classes, BASE.labels)
    assert metrics.confusion == BASE.card.metrics["PrivateTest"].confusion
    assert metrics.calibration_error == pytest.approx(evaluation.calibration_error.value, abs=1e-4)
    found, stated = clean.tally(Bootstrap(len(faces)), sureness), evaluation.clean
    for estimate, other in ((found.arg_max, stated.arg_max), (found.majority, stated.majority)):
        assert estimate.as_json() == pytest.approx(other.as_json(), abs=1e-3)
    assert (found.answered, found.right) == pytest.approx((stated.answered, stated.right), abs=1e-3)
    name = "a third of the resolution"
    coarse = probabilities(session, DAMAGES[name](faces.images))
    damaged = Answers(coarse, faces.classes, faces.majority, np.ones(len(faces), np.float32))
    assert damaged.right.mean() == pytest.approx(evaluation.damaged[name].arg_max.value, abs=1e-3)
