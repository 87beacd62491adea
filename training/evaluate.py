"""Score the base model and write its card: `python -m training.evaluate --data ferplus.npz [--wild wild.zip]`.

Every figure is of the folder's ONNX model, which is what the server runs. `--split PublicTest` compares candidates: it
prints and writes nothing, so that PrivateTest is touched only to report.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import onnxruntime

from models.card import Card, Evaluation
from models.durable import write_durably
from models.errors import MienError, disk_error
from models.onnx_model import load_model
from models.versions import BASE_FOLDER, CARD, BadVersion, Version, read_card, write_card
from models.weights import load_network
from training.base import ferplus
from training.base.cost import milliseconds, multiply_adds
from training.base.damaged import DAMAGES
from training.base.resampling import Bootstrap, calibration, mean_recall
from training.base.risk_picture import risk_picture
from training.base.scored_answers import Answers, answer, together
from training.base.selective import choose_sureness, risk_coverage
from training.base.wild import measure_wild
from training.export.evaluated import cost, figures
from training.export.modelcard import model_card
from training.metrics import measure_answers

CHOICE, REPORT = "PublicTest", "PrivateTest"
MODEL_CARD, PICTURE = "MODEL_CARD.md", "risk-coverage.svg"
CLEAN, DAMAGED = "faces as they are", "damaged copies"


def evaluate(version: Version, data: Path, split: str, wild: Path | None = None) -> Card:
    """The version's card with all its figures on a split of FER+, and limits of sureness chosen on PublicTest.

    Raises:
        BadVersion: it cannot be run, or has other labels than FER+.
        BadFerplus, BadWild: the data are none.
    """
    if version.labels != ferplus.EXPRESSIONS:
        raise BadVersion(f"{version.path} has other labels than FER+: {', '.join(version.labels)[:200]}.")
    session, network = load_model(version, "cpu"), load_network(version)
    answers = {CHOICE: _answers(session, data, CHOICE)}
    sureness = choose_sureness(together([*answers[CHOICE].values()]))
    if split not in answers:
        answers[split] = _answers(session, data, split)
    clean, damaged = answers[split][CLEAN], {n: each for n, each in answers[split].items() if n != CLEAN}
    curves = {CLEAN: clean, DAMAGED: together([*damaged.values()])}
    bootstrap = Bootstrap(len(clean.classes))
    evaluation = Evaluation(
        split=split,
        faces=len(clean.classes),
        majority_faces=int(clean.majority.sum()),
        clean=clean.tally(bootstrap, sureness),
        damaged={name: each.tally(bootstrap, sureness) for name, each in damaged.items()},
        mean_recall=bootstrap.estimate(mean_recall(clean.right, clean.classes)),
        calibration_error=bootstrap.estimate(calibration(clean.probabilities, clean.classes)),
        risk_coverage={name: risk_coverage(each, sureness) for name, each in curves.items()},
        chosen={name: each.answered_and_right(sureness) for name, each in curves.items()},
        milliseconds=milliseconds(session, version.card.network.size),
        runner=f"ONNX Runtime {onnxruntime.__version__}",
        multiply_adds=multiply_adds(network),
        wild=measure_wild(session, wild) if wild else None,
    )
    metrics = {
        name: measure_answers(sets[CLEAN].probabilities, sets[CLEAN].classes, version.labels)
        for name, sets in answers.items()
    }
    parameters = sum(parameter.numel() for parameter in network.parameters())
    changes = {"metrics": metrics, "sureness": sureness, "evaluation": evaluation, "parameters": parameters}
    return version.card.model_copy(update=changes)


def _answers(session: onnxruntime.InferenceSession, data: Path, split: str) -> dict[str, Answers]:
    """The answers on the faces of a split as they are, and on each of their damaged copies."""
    faces = ferplus.load(data, split)
    copies = {CLEAN: faces.images} | {name: damage(faces.images) for name, damage in DAMAGES.items()}
    return {name: answer(session, crops, faces) for name, crops in copies.items()}


def card_text(version: Version) -> str:
    """`MODEL_CARD.md` as it stands beside the card."""
    proofs = [version.card.onnx_proof] if version.card.onnx_proof else []
    return model_card(version, proofs, PICTURE)


def write(card: Card, folder: Path) -> None:
    """Write card, model card and picture into a folder, each whole or not at all.

    Raises:
        DiskError: they cannot be written.
    """
    assert card.evaluation
    try:
        write_card(card, folder / CARD)
        for name, text in (
            (PICTURE, risk_picture(card.evaluation.risk_coverage, card.evaluation.chosen)),
            (MODEL_CARD, card_text(Version(0, folder, card))),
        ):
            partial = folder / f".{name}.partial"
            write_durably(text.encode(), partial)
            partial.replace(folder / name)
    except OSError as error:
        raise disk_error(error, f"{folder} cannot be written") from error


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m training.evaluate", description="Score the base model on FER+ and write its card."
    )
    parser.add_argument("--data", type=Path, required=True, help="ferplus.npz, or fer2013.csv beside fer2013new.csv")
    parser.add_argument("--wild", type=Path, help="a zip of other photographs with wild.csv")
    parser.add_argument("--weights", type=Path, default=BASE_FOLDER, help="folder of the model (%(default)s)")
    parser.add_argument("--split", choices=(CHOICE, REPORT), default=REPORT, help=f"{CHOICE}: print, write nothing")
    chosen = parser.parse_args()
    try:
        version = Version(0, chosen.weights, read_card(chosen.weights / CARD))
        card = evaluate(version, chosen.data, chosen.split, chosen.wild)
        if chosen.split == REPORT:
            write(card, chosen.weights)
    except MienError as error:
        print(f"training.evaluate: {error}", file=sys.stderr)
        return 1
    assert card.evaluation
    print("\n\n".join([cost(card, card.evaluation), *figures(card, card.evaluation)]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
