"""The base model's training: a recipe, and a run of it that can stop after any epoch and go on."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor, nn
from tqdm import tqdm

from models.errors import MienError
from models.network import Network
from training.augment import Augmentation


class BadCheckpoint(MienError):
    """A checkpoint that cannot be read or written."""


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
        """Goes on from `checkpoint` where there is one. Raises BadCheckpoint where that cannot be read."""
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
        try:
            save_file(tensors, partial, {"epoch": str(self.epoch)})
            partial.replace(self.checkpoint)
        except (OSError, SafetensorError) as error:
            raise BadCheckpoint(f"{self.checkpoint} cannot be written ({error}).") from error

    def _resume(self) -> None:
        try:
            with safe_open(self.checkpoint, "pt") as file:
                self.epoch = int(file.metadata()["epoch"])
                tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        except (OSError, SafetensorError, KeyError, TypeError, ValueError) as error:
            raise BadCheckpoint(f"{self.checkpoint} is no checkpoint to go on from ({error}).") from error
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
