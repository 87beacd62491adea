"""From a base training to a version: folded, in half precision, temperature fitted, with an ONNX model and a card."""

from __future__ import annotations

import platform
from datetime import datetime, timezone
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from pydantic import JsonValue
from torch import Tensor

from models.card import Card
from models.errors import disk_error
from models.versions import CARD, MODEL, WEIGHTS, Version, write_card
from models.weights import shape_of, write_weights
from training.balance import class_prior
from training.base.base_training import BaseTraining
from training.base.checkpoint import as_json
from training.base.damaged import DAMAGES
from training.base.ferplus_source import FerplusSource
from training.base.folder_source import FolderSource
from training.base.recall_shift import recall_shift
from training.export.onnx_export import prove_onnx, write_onnx
from training.export.proof import PROOF_FACES, reference
from training.metrics import fit_temperature, measure, predict_logits
from training.spread import spread

HELD_OUT = "held-out"
"""What is kept aside of a folder, in a card's metrics."""
CALIBRATED_ON = 5000
"""Faces kept aside by which logits are calibrated; each is looked at once more for each kind of damage."""


def publish(run: BaseTraining, source: FerplusSource | FolderSource, folder: Path) -> Card:
    """Fold the averaged network, shift its logits, fit its temperature, write weights, ONNX model and card.

    The shift is `recall_shift`. The temperature is that of the faces held out and of their damaged copies together: a
    camera's are between the two.
    Every figure is of the weights as they are on disk: folded, in half precision, read back, and of the faces held out.
    `python -m training.evaluate` scores FER+'s PrivateTest.

    Raises:
        DiskError: `folder` cannot be written.
        ProofFailed: the ONNX model does not answer as PyTorch does.
    """
    labels, held, classes = run.faces.labels, _pixels(run.faces.held_crops), torch.tensor(run.faces.held_classes)
    shares = class_prior(torch.from_numpy(run.faces.targets.argmax(1)), len(labels))
    some = spread(len(held), CALIBRATED_ON)
    shown, true = _pixels(_with_damage(run.faces.held_crops[some])), classes[some].repeat(1 + len(DAMAGES))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        network = run.average.fold().cpu()
        logits = predict_logits(network, shown)
        shift = recall_shift(logits, true, shares, run.recipe.recall_worth)
        with torch.no_grad():
            network.head.bias.add_(shift)
        network = write_weights(network, folder)
        temperature = fit_temperature(logits + shift, true)
        held_out = "PublicTest" if isinstance(source, FerplusSource) else HELD_OUT
        metrics = {held_out: measure(predict_logits(network, held), classes, labels, temperature)}
        write_onnx(folder / MODEL, network, labels, temperature)
        card = Card(
            network=shape_of(network),
            name="Base model",
            labels=labels,
            temperature=temperature,
            metrics=metrics,
            data=" ".join([source.data, *run.faces.notes]),
            data_licence=source.licence,
            recipe=_recipe(run),
            parameters=sum(parameter.numel() for parameter in network.parameters()),
            weights_bytes=(folder / WEIGHTS).stat().st_size,
            libraries={
                "python": platform.python_version(),
                "torch": torch.__version__,
            },
            created=datetime.now(timezone.utc).replace(microsecond=0),
            command="python -m training.base --data " + source.path.name,
        )
        proof = prove_onnx(Version(0, folder, card), reference(network, temperature, held[:PROOF_FACES]))
        card = card.model_copy(update={"onnx_proof": proof})
        write_card(card, folder / CARD)
    except OSError as error:
        raise disk_error(error, f"{folder} cannot be written") from error
    return card


def _with_damage(crops: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Faces as they are, and behind them all their copies of each kind of damage."""
    return np.concatenate([crops, *(damage(crops) for damage in DAMAGES.values())]) if len(crops) else crops


def _recipe(run: BaseTraining) -> dict[str, JsonValue]:
    recipe = as_json(run.recipe) | {"epochs_trained": round(run.epochs, 2)}
    if run.teachers:
        recipe["teachers"] = {"share_of_loss": run.recipe.teachers, "versions": list(run.teachers)}
        recipe["distillation"] = (
            "The targets are in part the mean probabilities of the teachers named here, of the view that is learned "
            "from and over mirrored and slightly moved views of each face that is trained on."
        )
    else:
        del recipe["teachers"], recipe["same_view"]
    return recipe


def _pixels(crops: NDArray[np.uint8]) -> Tensor:
    return torch.tensor(crops)[:, None]
