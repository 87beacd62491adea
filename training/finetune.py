"""Fine-tune a model on a person's own faces without losing what it knows.

The last stage, the pooling and the head learn; the trunk stays. Half of every batch is the person's faces, half is
latent replay of base training faces in their natural class mix. The person's faces are drawn in a more even mix than
they come in, and the logits are corrected for it (logit adjustment, Menon et al., 2021): rare labels are learned, and
the prior stays halfway between the person's mix and the base data's, since people collect as many faces of each
expression but do not make each as often. At the end old and new weights are averaged (WiSE-FT, Wortsman et al., 2022)
as far as that scores better.
"""

from __future__ import annotations

import copy
import math
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from models.card import Metrics
from models.network import Network, NetworkConfig
from training.augment import Augmentation
from training.base.replay import Replay
from training.dataset import WIDE, DataSet, class_prior
from training.metrics import fit_temperature, measure

GLANCED_AT = 200
"""Faces of the base check that are looked at after each epoch; at the end it is all of them."""


@dataclass(frozen=True)
class FinetuneRecipe:
    """How to fine-tune. `views` is how many augmented faces are seen in all, between the two numbers of epochs."""

    views: int = 4000
    min_epochs: int = 6
    max_epochs: int = 60
    batch: int = 32
    learning_rate: float = 2e-3
    head_rate: float = 4e-3
    weight_decay: float = 1e-3
    warm_up: float = 0.1
    smoothing: float = 0.05
    evenness: float = 0.5
    averages: tuple[float, ...] = (0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
    seed: int = 0

    def epochs(self, faces: int) -> int:
        return min(self.max_epochs, max(self.min_epochs, round(self.views / max(1, faces))))

    def rate(self, progress: float) -> float:
        """Share of the learning rate at `progress` 0…1: up in a line, down along a cosine."""
        if progress < self.warm_up:
            return (progress + 0.02) / (self.warm_up + 0.02)
        return 0.5 * (1 + math.cos(math.pi * (progress - self.warm_up) / (1 - self.warm_up)))


@dataclass(frozen=True)
class EpochProgress:
    """Where a run is. Accuracies are fractions, None where there is nothing to measure on; `left` is in seconds."""

    epoch: int
    epochs: int
    loss: float
    accuracy: float | None
    base_accuracy: float
    left: float


@dataclass(frozen=True)
class Result:
    """A fine-tuned network and how good it is on the held-out faces and on the base check."""

    network: Network
    temperature: float
    new_share: float
    held_out: Metrics | None
    base: Metrics
    answers: Tensor


def finetune(
    start: Network,
    start_labels: Sequence[str],
    data: DataSet,
    replay: Replay,
    recipe: FinetuneRecipe | None = None,
    report: Callable[[EpochProgress], None] = lambda progress: None,
) -> Result:
    """Train a copy of `start` (folded) on the training part of `data`. Same data and seed: same weights.

    `report` is called after each epoch; what it raises stops the training. `Result.answers` are the probabilities
    (N, C) of all faces of `data`.
    """
    recipe = recipe or FinetuneRecipe()
    torch.manual_seed(recipe.seed)
    device = best_device()
    train, held = data.rows(data.split.train), data.rows(data.split.held_out)
    known = replay.for_labels(data.labels)
    old = with_labels(start, start_labels, data.labels, data.pixels[train], data.classes[train])
    network = copy.deepcopy(old).to(device)
    kept, checked = (~known.check).nonzero().flatten(), known.check.nonzero().flatten()
    activations = _trunk(old, data.pixels)
    base_activations = known.activations(checked)
    base_classes = known.targets[checked].argmax(1)
    glance = torch.linspace(0, len(checked) - 1, min(len(checked), GLANCED_AT)).long()

    epochs = recipe.epochs(len(train))
    steps = max(1, math.ceil(len(train) / recipe.batch))
    optimizer = _optimizer(network, recipe)
    generator = torch.Generator().manual_seed(recipe.seed)
    weights, correction = _balance(data.classes[train], known.targets[kept].sum(0), recipe.evenness)
    began = time.monotonic()
    for epoch in range(epochs):
        network.train()
        total = 0.0
        drawn = torch.multinomial(weights, steps * recipe.batch, replacement=True, generator=generator)
        for step, rows in enumerate(drawn.view(steps, recipe.batch)):
            for group in optimizer.param_groups:
                group["lr"] = group["top"] * recipe.rate((epoch + step / steps) / epochs)
            mine = train[rows]
            others = kept[torch.randint(len(kept), (recipe.batch,), generator=generator)] if len(kept) else kept
            wide = data.wide[mine].float()
            pixels = Augmentation()(wide, generator, side=old.config.size, zoom=1 / WIDE)
            loss = _loss(network, pixels, data.classes[mine], known, others, correction, recipe.smoothing)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(network.parameters(), 2.0)
            optimizer.step()
            total += float(loss.detach())
        current = copy.deepcopy(network).cpu().eval()
        accuracy = _accuracy(current, activations[held], data.classes[held]) if len(held) else None
        base_accuracy = _accuracy(current, base_activations[glance], base_classes[glance])
        left = (time.monotonic() - began) / (epoch + 1) * (epochs - epoch - 1)
        report(EpochProgress(epoch + 1, epochs, total / steps, accuracy, base_accuracy, left))

    new = network.cpu().eval()
    share = _best_share(
        old, new, recipe.averages, activations[held], data.classes[held], base_activations, base_classes
    )
    final = rounded(average(old, new, share))
    return judge(final, data, activations, base_activations, base_classes, share)


def judge(
    network: Network, data: DataSet, activations: Tensor, base_activations: Tensor, base_classes: Tensor, share: float
) -> Result:
    """Fit the temperature of a finished network, and measure it."""
    held = data.rows(data.split.held_out)
    with torch.inference_mode():
        logits, base_logits = network.tail(activations), _tail(network, base_activations)
    few = torch.linspace(0, len(base_logits) - 1, min(len(base_logits), max(50, len(held)))).long()
    temperature = fit_temperature(
        torch.cat([logits[held], base_logits[few]]), torch.cat([data.classes[held], base_classes[few]])
    )
    return Result(
        network,
        temperature,
        share,
        measure(logits[held], data.classes[held], data.labels, temperature) if len(held) else None,
        measure(base_logits, base_classes, data.labels, temperature),
        torch.softmax(logits / temperature, 1),
    )


def with_labels(
    network: Network, labels: Sequence[str], wanted: Sequence[str], pixels: Tensor, classes: Tensor
) -> Network:
    """A copy of `network` whose head has the `wanted` labels, in that order.

    A label that it knows keeps its row; a new one's row points from the mean of all faces' features to the mean of
    its own faces (`pixels` with `classes`, which index `wanted`), as long as the known rows are.
    """
    config = network.config
    grown = Network(NetworkConfig(len(wanted), config.widths, config.depths, config.size)).eval()
    state = network.state_dict()
    weight, bias = state.pop("head.weight"), state.pop("head.bias")
    grown.load_state_dict(state, strict=False)
    with torch.no_grad():
        features = _embed(network, pixels)
        centre = features.mean(0) if len(features) else torch.zeros(weight.shape[1])
        grown.head.weight.zero_()
        grown.head.bias.fill_(float(bias.mean()))
        for row, label in enumerate(wanted):
            if label in labels:
                grown.head.weight[row] = weight[list(labels).index(label)]
                grown.head.bias[row] = bias[list(labels).index(label)]
            elif bool((classes == row).any()):
                mean = features[classes == row].mean(0)
                direction = F.normalize(mean - centre, dim=0) * weight.norm(dim=1).mean()
                grown.head.weight[row] = direction
                grown.head.bias[row] -= direction @ (mean + centre) / 2
    return grown


def average(old: Network, new: Network, share: float) -> Network:
    """Weights `share` of the way (0…1) from `old` to `new`."""
    mixed = copy.deepcopy(old)
    target = new.state_dict()
    mixed.load_state_dict({name: torch.lerp(value, target[name], share) for name, value in old.state_dict().items()})
    return mixed


def rounded(network: Network) -> Network:
    """The network with weights as they are saved, in half precision: what is measured is what is kept."""
    copied = copy.deepcopy(network)
    copied.load_state_dict({name: value.half().float() for name, value in network.state_dict().items()})
    return copied.eval()


def best_device() -> torch.device:
    """CUDA, or Apple's MPS, or the CPU; `MIEN_DEVICE` overrides."""
    chosen = os.environ.get("MIEN_DEVICE")
    if chosen:
        return torch.device(chosen)
    if torch.cuda.is_available():
        return torch.device("cuda")
    return torch.device("mps" if torch.backends.mps.is_available() else "cpu")


def _optimizer(network: Network, recipe: FinetuneRecipe) -> torch.optim.Optimizer:
    network.first_stages.requires_grad_(False)
    tail = [*network.last_stage.parameters(), *network.pool.parameters()]
    groups = [
        {"params": tail, "lr": recipe.learning_rate, "top": recipe.learning_rate},
        {"params": [*network.head.parameters()], "lr": recipe.head_rate, "top": recipe.head_rate},
    ]
    return torch.optim.AdamW(groups, weight_decay=recipe.weight_decay)


def _balance(classes: Tensor, base_counts: Tensor, evenness: float) -> tuple[Tensor, Tensor]:
    """Drawing weights (N,) for faces of `classes`, and the logit correction (C,) for drawing them so.

    `base_counts` (C,) is how many base faces show each label, 0 for a label of one's own: that one counts as frequent
    as it is among the person's faces.
    """
    prior = class_prior(classes, len(base_counts))
    present = prior > 0
    shared = present & (base_counts > 0)
    usual = torch.where(shared, base_counts / base_counts[shared].sum() * prior[shared].sum(), prior)
    target = _normalised((prior * usual).sqrt())
    drawn = _normalised(torch.where(present, prior ** (1 - evenness), torch.zeros(())))
    weights = (drawn / prior)[classes]
    correction = torch.where(present, (drawn / target).log(), torch.zeros(()))
    return weights, correction


def _normalised(shares: Tensor) -> Tensor:
    return shares / shares.sum()


def _loss(
    network: Network,
    pixels: Tensor,
    classes: Tensor,
    replay: Replay,
    rows: Tensor,
    correction: Tensor,
    smoothing: float,
) -> Tensor:
    device = network.head.weight.device
    with torch.no_grad():
        mine = network.trunk(pixels.to(device))
    logits = network.tail(torch.cat([mine, replay.activations(rows).to(device)]))
    own = F.cross_entropy(logits[: len(mine)] + correction.to(device), classes.to(device), label_smoothing=smoothing)
    if len(rows) == 0:
        return own
    return own + F.cross_entropy(logits[len(mine) :], replay.targets[rows].to(device))


def _best_share(
    old: Network,
    new: Network,
    shares: Sequence[float],
    held_activations: Tensor,
    held_classes: Tensor,
    base_activations: Tensor,
    base_classes: Tensor,
) -> float:
    """How much of the new weights to take: the least log loss on held-out and base faces, each counting half."""
    if len(held_classes) == 0:
        return 0.8
    losses = []
    for share in shares:
        network = average(old, new, share).eval()
        parts = ((held_activations, held_classes), (base_activations, base_classes))
        with torch.inference_mode():
            losses.append(sum(float(F.cross_entropy(_tail(network, a), c)) for a, c in parts if len(c)))
    return shares[min(range(len(shares)), key=losses.__getitem__)]


@torch.inference_mode()
def _accuracy(network: Network, activations: Tensor, classes: Tensor) -> float:
    return float((_tail(network, activations).argmax(1) == classes).float().mean()) if len(classes) else 0.0


@torch.inference_mode()
def _trunk(network: Network, pixels: Tensor) -> Tensor:
    return torch.cat([network.trunk(part) for part in torch.split(pixels, 128)])


def _tail(network: Network, activations: Tensor) -> Tensor:
    return torch.cat([network.tail(part) for part in torch.split(activations, 256)])


def _embed(network: Network, pixels: Tensor) -> Tensor:
    if len(pixels) == 0:
        return torch.zeros(0, network.head.in_features)
    return torch.cat([network.embed(network.trunk(part)) for part in torch.split(pixels, 128)])
