"""Train the base model on FER+: `python -m training.base.train_base --data ferplus.npz`, or `--data fer2013.csv`."""

from __future__ import annotations

import argparse
import platform
import sys
import time
from dataclasses import asdict
from datetime import datetime, timezone
from pathlib import Path

import torch
from torch import Tensor

from models.card import Card, Metrics
from models.errors import MienError, disk_error
from models.network import Network
from models.versions import BASE_FOLDER, CARD, MODEL, WEIGHTS, Version, write_card
from models.weights import shape_of, write_weights
from training.augment import Augmentation
from training.base import ferplus
from training.base.base_training import BaseRecipe, BaseTraining
from training.export.onnx_export import prove_onnx, write_onnx
from training.export.proof import PROOF_FACES
from training.metrics import fit_temperature, measure, predict_logits

HELD_OUT = ("PublicTest", "PrivateTest")
DATA = (
    "FER-2013 (Goodfellow et al., 2013): 48×48 grey faces found by web search; labels FER+ (Barsoum et al., 2016): "
    "ten raters' votes a face. Trained on Training, temperature fitted on PublicTest, PrivateTest only reported."
)
DATA_LICENCE = (
    "FER+ labels: MIT (Microsoft). FER-2013 images: published for a research challenge, collected from the web; "
    "the rights in each photograph stay with its owner. No image is part of these weights' files."
)


def train(run: BaseTraining, data: Path) -> None:
    """Train `run` to its last epoch, with a checkpoint and a PublicTest accuracy after each."""
    faces, held_out = ferplus.load(data, "Training"), ferplus.load(data, "PublicTest")
    images, targets = torch.from_numpy(faces.images)[:, None], torch.from_numpy(faces.targets)
    held_images, held_classes = torch.from_numpy(held_out.images)[:, None], torch.from_numpy(held_out.classes)
    while run.epoch < run.recipe.epochs:
        began = time.monotonic()
        loss = run.train_epoch(images, targets)
        run.save()
        logits = predict_logits(run.average.fold().to(memory_format=torch.channels_last), held_images)
        figures = measure(logits, held_classes, ferplus.EXPRESSIONS)
        print(
            f"epoch {run.epoch}: loss {loss:.4f}, PublicTest accuracy {figures.accuracy:.4f}, "
            f"mean recall {figures.mean_recall:.4f}, {time.monotonic() - began:.0f} s",
            flush=True,
        )


def publish(run: BaseTraining, data: Path, folder: Path) -> Card:
    """Fold the averaged network, fit its temperature on PublicTest, and write weights, ONNX model and card to `folder`.

    Every figure is of the weights as they are on disk: folded, in half precision, read back.

    Raises:
        DiskError: `folder` cannot be written.
        ProofFailed: the ONNX model does not answer as PyTorch does.
    """
    try:
        network = write_weights(run.average.fold(), folder)
        logits, classes = _score(network, data, "PublicTest")
        temperature = fit_temperature(logits, classes)
        card = Card(
            network=shape_of(network),
            name="Base model",
            labels=ferplus.EXPRESSIONS,
            temperature=temperature,
            metrics={split: _measure(network, data, split, temperature) for split in HELD_OUT},
            data=DATA,
            data_licence=DATA_LICENCE,
            recipe=asdict(run.recipe) | {"augmentation": asdict(Augmentation()), "epochs_trained": run.epoch},
            parameters=sum(parameter.numel() for parameter in network.parameters()),
            weights_bytes=(folder / WEIGHTS).stat().st_size,
            libraries={"python": platform.python_version(), "torch": torch.__version__},
            created=datetime.now(timezone.utc).replace(microsecond=0),
            command="python -m training.base.train_base --data ferplus.npz",
        )
        write_onnx(folder / MODEL, network, card.labels, temperature)
        faces = torch.from_numpy(ferplus.load(data, "PublicTest").images[:PROOF_FACES, None])
        card = card.model_copy(update={"onnx_proof": prove_onnx(Version(0, folder, card), network, faces)})
        write_card(card, folder / CARD)
    except OSError as error:
        raise disk_error(error, f"{folder} cannot be written") from error
    return card


def _measure(network: Network, data: Path, split: str, temperature: float) -> Metrics:
    return measure(*_score(network, data, split), ferplus.EXPRESSIONS, temperature)


def _score(network: Network, data: Path, split: str) -> tuple[Tensor, Tensor]:
    faces = ferplus.load(data, split)
    logits = predict_logits(network, torch.from_numpy(faces.images)[:, None])
    return logits, torch.from_numpy(faces.classes)


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m training.base.train_base", description="Train the base model on FER+."
    )
    parser.add_argument("--data", type=Path, required=True, help="ferplus.npz, or fer2013.csv beside fer2013new.csv")
    parser.add_argument("--checkpoint", type=Path, default=Path("base-checkpoint.safetensors"), help="to resume from")
    parser.add_argument("--epochs", type=int, default=BaseRecipe.epochs)
    parser.add_argument("--output", type=Path, default=BASE_FOLDER, help="where weights and card go")
    arguments = parser.parse_args()
    try:
        run = BaseTraining(BaseRecipe(epochs=arguments.epochs), arguments.checkpoint)
        train(run, arguments.data)
        card = publish(run, arguments.data, arguments.output)
    except MienError as error:
        print(f"training.base.train_base: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(f"Stopped; the same command goes on from {arguments.checkpoint}.", file=sys.stderr)
        return 130
    for split in HELD_OUT:
        figures = card.metrics[split]
        print(
            f"{split}: accuracy {figures.accuracy:.4f}, mean recall {figures.mean_recall:.4f}, "
            f"calibration error {figures.calibration_error:.4f}"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
