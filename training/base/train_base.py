"""Train the base model on FER+: `python -m training.base.train_base --data ferplus.npz`, or `--data fer2013.csv`."""

from __future__ import annotations

import argparse
import math
import platform
import sys
import time
from dataclasses import asdict, dataclass
from datetime import datetime, timezone
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor, nn
from tqdm import tqdm

from models.card import Card, Metrics
from models.network import Network
from models.versions import BASE_FOLDER, CARD, WEIGHTS, Version, read_card, save, shape_of
from training.augment import Augmentation
from training.base import ferplus
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


@dataclass(frozen=True)
class BaseRecipe:
    """Everything that decides what comes out, besides the data and the number of threads."""

    epochs: int = 96
    batch: int = 128
    learning_rate: float = 0.1
    warm_up: float = 0.05
    momentum: float = 0.9
    weight_decay: float = 5e-4
    mix_up: float = 0.2
    plain_end: float = 0.15
    dropout: float = 0.2
    average: float = 0.999
    seed: int = 0

    def rate(self, progress: float) -> float:
        """Learning rate at `progress` 0…1: up in a line, down along a cosine (one cycle)."""
        if progress < self.warm_up:
            return self.learning_rate * (0.05 + 0.95 * progress / self.warm_up)
        down = (progress - self.warm_up) / (1 - self.warm_up)
        return self.learning_rate * 0.5 * (1 + math.cos(math.pi * down)) + 1e-5


class BaseTraining:
    """A training run that can stop after any epoch and go on from its checkpoint."""

    def __init__(self, recipe: BaseRecipe, checkpoint: Path) -> None:
        self.recipe, self.checkpoint = recipe, checkpoint
        torch.manual_seed(recipe.seed)
        self.network = Network(folded=False).to(memory_format=torch.channels_last)
        self.average = Network(folded=False).requires_grad_(False)
        self.average.load_state_dict(self.network.state_dict())
        decay = [p for p in self.network.parameters() if p.ndim > 1]
        plain = [p for p in self.network.parameters() if p.ndim == 1]
        groups = [{"params": decay, "weight_decay": recipe.weight_decay}, {"params": plain, "weight_decay": 0.0}]
        self.optimizer = torch.optim.SGD(groups, lr=0.1, momentum=recipe.momentum, nesterov=True)
        self.epoch = 0
        if checkpoint.exists():
            self._resume()

    def train_epoch(self, images: Tensor, targets: Tensor) -> float:
        """One pass over grey images (N, 1, H, W) uint8 and target probabilities (N, 8); the mean loss."""
        # Seeding the default generator, an epoch at a time, makes a resumed run the same as one that was never stopped.
        generator = torch.manual_seed(self.recipe.seed * 1000 + self.epoch)
        batches = len(images) // self.recipe.batch
        order = torch.randperm(len(images), generator=generator)[: batches * self.recipe.batch]
        self.network.train()
        total = 0.0
        steps = torch.split(order, self.recipe.batch)
        bar = tqdm(steps, desc=f"epoch {self.epoch + 1}/{self.recipe.epochs}", unit="batch")
        for step, rows in enumerate(bar):
            progress = (self.epoch + step / batches) / self.recipe.epochs
            total += self._step(images[rows].float(), targets[rows], progress, generator)
            if step % 20 == 0:
                bar.set_postfix(loss=f"{total / (step + 1):.3f}")
        self.epoch += 1
        return total / batches

    def _step(self, pixels: Tensor, targets: Tensor, progress: float, generator: torch.Generator) -> float:
        for group in self.optimizer.param_groups:
            group["lr"] = self.recipe.rate(progress)
        pixels = Augmentation()(pixels, generator)
        if progress < 1 - self.recipe.plain_end:
            pixels, targets = mix_up(pixels, targets, self.recipe.mix_up)
        with torch.autocast("cpu", torch.bfloat16):
            features = self.network.embed(self.network.trunk(pixels.to(memory_format=torch.channels_last)))
            logits = self.network.head(F.dropout(features, self.recipe.dropout))
        loss = F.cross_entropy(logits.float(), targets)
        self.optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(self.network.parameters(), 2.0)
        self.optimizer.step()
        self._update_average(progress)
        return float(loss.detach())

    @torch.no_grad()
    def _update_average(self, progress: float) -> None:
        keep = self.recipe.average * min(1.0, progress * self.recipe.epochs)
        new, old = self.network.state_dict(), self.average.state_dict()
        for name, value in old.items():
            if value.is_floating_point():
                value.lerp_(new[name], 1 - keep)

    def save(self) -> None:
        """Write the checkpoint: whole or not at all."""
        tensors = {f"network.{k}": v for k, v in self.network.state_dict().items()}
        tensors |= {f"average.{k}": v for k, v in self.average.state_dict().items()}
        for i, parameter in enumerate(p for g in self.optimizer.param_groups for p in g["params"]):
            tensors[f"momentum.{i}"] = self.optimizer.state[parameter]["momentum_buffer"]
        tensors = {name: tensor.contiguous().clone() for name, tensor in tensors.items()}
        partial = self.checkpoint.with_suffix(".partial")
        save_file(tensors, partial, {"epoch": str(self.epoch)})
        partial.replace(self.checkpoint)

    def _resume(self) -> None:
        with safe_open(self.checkpoint, "pt") as file:
            self.epoch = int(file.metadata()["epoch"])
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        for part, network in (("network", self.network), ("average", self.average)):
            state = {k.removeprefix(part + "."): v for k, v in tensors.items() if k.startswith(part + ".")}
            network.load_state_dict(state)
        for i, parameter in enumerate(p for g in self.optimizer.param_groups for p in g["params"]):
            momentum = torch.empty_like(parameter).copy_(tensors[f"momentum.{i}"])
            self.optimizer.state[parameter]["momentum_buffer"] = momentum


def mix_up(pixels: Tensor, targets: Tensor, alpha: float) -> tuple[Tensor, Tensor]:
    """Mix-up (Zhang et al., 2018): each picture blended with another, and their targets alike."""
    share = torch.distributions.Beta(alpha, alpha).sample((len(pixels),))
    share = torch.maximum(share, 1 - share)
    other = torch.randperm(len(pixels))
    pixels = pixels.lerp(pixels[other], (1 - share)[:, None, None, None])
    return pixels, targets.lerp(targets[other], (1 - share)[:, None])


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
    """Fold the averaged network, fit its temperature on PublicTest, and write weights and card into `folder`.

    Every figure is of the weights as they are on disk: folded, in half precision, read back.
    """
    network = run.average.fold()
    logits, classes = _score(network, data, "PublicTest")
    card = Card(
        network=shape_of(network),
        name="Base model",
        labels=ferplus.EXPRESSIONS,
        temperature=fit_temperature(logits, classes),
    )
    save(network, card, folder)
    network = Version(0, folder, read_card(folder / CARD)).network()
    facts = {
        "metrics": {split: _measure(network, data, split, card.temperature) for split in HELD_OUT},
        "data": DATA,
        "data_licence": DATA_LICENCE,
        "recipe": asdict(run.recipe) | {"augmentation": asdict(Augmentation()), "epochs_trained": run.epoch},
        "parameters": sum(parameter.numel() for parameter in network.parameters()),
        "weights_bytes": (folder / WEIGHTS).stat().st_size,
        "libraries": {"python": platform.python_version(), "torch": torch.__version__},
        "created": datetime.now(timezone.utc).replace(microsecond=0),
        "command": "python -m training.base.train_base --data ferplus.npz",
    }
    card = card.model_copy(update=facts)
    save(network, card, folder)
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
    except (OSError, ValueError, SafetensorError) as error:
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
