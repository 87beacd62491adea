"""Fine-tune a model on a person's own faces without losing what it knows.

A copy of the tail learns; the trunk stays, and so does the old tail beside the new one: a gate tells for each face how
far what was learned counts (`training.adaptation`). Half of every batch is the person's faces, half is latent replay of
base training faces in their natural class mix. The person's faces are drawn in a more even mix than they come in, and
the logits are corrected for it (logit adjustment, Menon et al., 2021): rare labels are learned, and the prior stays
between the person's mix and the base data's, since people collect as many faces of each expression but do not make each
as often.
"""

from __future__ import annotations

import copy
import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from models.card import Metrics
from models.network import Network
from models.weights import rounded
from training.adaptation import adapted, fit_gate, known_branch, taught_branch
from training.arithmetic import best_device, quick_arithmetic
from training.augment import Augmentation
from training.balance import balance
from training.base.replay import Replay
from training.check import CheckFaces, branched, check_faces
from training.dataset import WIDE, DataSet
from training.head import silenced, with_labels
from training.metrics import fit_temperature, measure
from training.opening import best_opening, opened
from training.signs import find_signs, with_signs, without_signs
from training.spread import spread

GLANCED_AT = 100
"""Faces of the built-in expressions that are looked at after each epoch; at the end it is all of them."""
GATED_BY = 400
"""The person's faces by which the gate tells them from others."""
WEIGHED_AT = 400
"""Faces of the built-in expressions by which the gate is opened."""
SILENCED_BY = 600
"""Faces of the built-in expressions on which a new label is silenced in what was known."""
COUNTED_AS = 50
"""As many held-out faces, or more, do the built-in expressions' count for when the temperature is fitted: a handful of
the person's that are all right says little of how sure to be."""
POOLED = 4
"""Batches of views that are made together, between which each step's faces are mixed."""


@dataclass(frozen=True)
class FinetuneRecipe:
    """How to fine-tune. `views` is how many augmented faces are learned from in all, each face between so many times.

    Of faces so few that they are seen as often as they may be, each view is learned from `uses` times: it passes the
    trunk, which does not learn, only once.

    An epoch is the part of a run after which one looks at how it goes, not a pass through the faces.
    """

    views: int = 4000
    min_passes: int = 6
    max_passes: int = 60
    uses: int = 2
    epochs: int = 12
    batch: int = 32
    learning_rate: float = 2e-3
    head_rate: float = 4e-3
    weight_decay: float = 1e-3
    warm_up: float = 0.1
    smoothing: float = 0.05
    evenness: float = 0.5
    openings: tuple[float, ...] = (0.0, 1.0, 2.0, 3.0, 4.0)
    seed: int = 0

    def steps(self, faces: int) -> int:
        """Batches in all; where there are fewer faces than a batch has, they come more often."""
        passes = min(self.max_passes, max(self.min_passes, round(self.views / max(1, faces))))
        return passes * max(1, math.ceil(faces / self.batch))

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
class FinetuneResult:
    """A fine-tuned network and how good it is on the held-out faces and on the built-in expressions.

    `answers` are the probabilities (N, C) of the held-out faces, in the data set's order.
    """

    network: Network
    temperature: float
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
    looking: Callable[[str], None] = lambda label: None,
) -> FinetuneResult:
    """Train a copy of `start` (folded) on the training part of `data`. Same data and seed: same weights.

    `report` is called after each epoch, `looking` before a small sign of a label is looked for, which takes up to a
    second; what they raise stops the training.
    """
    recipe = recipe or FinetuneRecipe()
    torch.manual_seed(recipe.seed)
    wide, face_crops, classes = map(torch.from_numpy, (data.wide, data.pixels, data.classes))
    train, held_rows = map(torch.from_numpy, (data.rows(data.split.train), data.rows(data.split.held_out)))
    known = replay.for_labels(data.labels)
    own = {label: row for row, label in enumerate(data.labels) if label not in replay.labels}
    sought = own if len(held_rows) else {}  # without held-out faces nothing tells whether a sign makes it better
    old = with_labels(without_signs(start), start_labels, data.labels, face_crops[train], classes[train])
    network = taught_branch(old).to(best_device())
    kept, checked = (~known.check).nonzero().flatten(), known.check.nonzero().flatten()
    held_out = check_faces(old, face_crops[held_rows], classes[held_rows], for_signs=bool(sought))
    seen = check_faces(old, _mirrored(face_crops[train]), classes[:0])
    replayed = known.activations(kept)
    gate = fit_gate(known.as_stored(seen.activations), replayed)
    new = [row for row, label in enumerate(data.labels) if label not in start_labels]
    silent_on = replayed[spread(len(kept), SILENCED_BY)] if len(kept) else seen.activations
    known_tail = silenced(known_branch(old), new, silent_on)
    base = CheckFaces(known.activations(checked), known.targets[checked].argmax(1), _spots_for(replay, len(checked)))
    with quick_arithmetic():
        held, glance = (branched(faces, known_tail, gate) for faces in (held_out, base.some(GLANCED_AT)))

    steps = recipe.steps(len(train))
    epochs = min(recipe.epochs, steps)
    optimizer = _optimizer(network, recipe)
    generator = torch.Generator().manual_seed(recipe.seed)
    weights, correction = balance(classes[train], known.targets[kept].sum(0), recipe.evenness)
    began = time.monotonic()
    for epoch in range(epochs):
        network.train()
        total = 0.0
        part = range(steps * epoch // epochs, steps * (epoch + 1) // epochs)
        views = _views(network, wide[train], classes[train], weights, len(part), recipe, generator)
        for step, (mine, shown) in zip(part, views, strict=True):
            for group in optimizer.param_groups:
                group["lr"] = group["top"] * recipe.rate(step / steps)
            others = kept[torch.randint(len(kept), (recipe.batch,), generator=generator)] if len(kept) else kept
            loss = _loss(network, mine, shown, known, others, correction, recipe.smoothing)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(network.parameters(), 2.0)
            optimizer.step()
            total += float(loss.detach())
        current = copy.deepcopy(network).cpu().eval()
        with quick_arithmetic():
            accuracy = held.accuracy(held_out.logits(current)) if len(held_out) else None
            base_accuracy = glance.accuracy(glance.faces.logits(current))
        left = (time.monotonic() - began) / (epoch + 1) * (epochs - epoch - 1)
        report(EpochProgress(epoch + 1, epochs, total / len(part), accuracy, base_accuracy, left))

    both = adapted(known_tail, network.cpu().eval(), gate)
    with quick_arithmetic():
        opening = best_opening(both, recipe.openings, held_out, base.some(WEIGHED_AT))
    taught = opened(both, opening)
    signs = find_signs(old, sought, wide[train], face_crops[train], classes[train], replay.spots, recipe.seed, looking)
    if signs:
        answered = base if len(base) else check_faces(old, face_crops[train], classes[train])
        signed = with_signs(taught, signs, answered.logits(taught), answered.classes)
        taught = min(taught, signed, key=lambda each: _log_loss(each, held_out, base))
    return _judge(rounded(taught), data.labels, held_out, base)


def _spots_for(replay: Replay, count: int) -> Tensor | None:
    """Cell means for so many checked base faces: of others, since of these the trunk's activations are kept."""
    if not replay.spots:
        return None
    means = replay.spots.means()
    return means[torch.arange(count) % len(means)]


def _log_loss(network: Network, held_out: CheckFaces, base: CheckFaces) -> float:
    """The mean on held-out and on base faces, each counting half."""
    return sum(float(F.cross_entropy(faces.logits(network), faces.classes)) for faces in (held_out, base) if len(faces))


def _judge(network: Network, labels: tuple[str, ...], held_out: CheckFaces, base: CheckFaces) -> FinetuneResult:
    """Fit the temperature of a finished network, and measure it."""
    logits, base_logits = held_out.logits(network), base.logits(network)
    weight = max(COUNTED_AS, len(held_out)) / max(1, len(base))
    temperature = fit_temperature(
        torch.cat([logits, base_logits]),
        torch.cat([held_out.classes, base.classes]),
        torch.cat([torch.ones(len(held_out)), torch.full((len(base),), weight)]),
    )
    return FinetuneResult(
        network,
        temperature,
        measure(logits, held_out.classes, labels, temperature) if len(held_out) else None,
        measure(base_logits, base.classes, labels, temperature),
        torch.softmax(logits / temperature, 1),
    )


def _views(
    network: Network,
    wide: Tensor,
    classes: Tensor,
    weights: Tensor,
    steps: int,
    recipe: FinetuneRecipe,
    generator: torch.Generator,
) -> Iterator[tuple[Tensor, Tensor]]:
    """For each of so many steps, activations of augmented faces and what they show.

    A view that is learned from more than once is among others each time.
    """
    uses = recipe.uses if len(wide) * recipe.max_passes < recipe.views else 1
    for first in range(0, steps, POOLED * uses):
        wanted = min(steps - first, POOLED * uses)
        made = -(-wanted // uses) * recipe.batch
        rows = torch.multinomial(weights, made, replacement=True, generator=generator)
        parts = []
        for some in torch.split(rows, recipe.batch):
            pixels = Augmentation()(wide[some].float(), generator, side=network.config.size, zoom=1 / WIDE)
            device = network.head.weight.device
            with torch.no_grad(), quick_arithmetic(device):
                parts.append(network.trunk(pixels.to(device)))
        activations = torch.cat(parts)
        mixed = torch.cat([torch.randperm(made, generator=generator) for _ in range(uses)])
        for some in torch.split(mixed, recipe.batch)[:wanted]:
            yield activations[some.to(activations.device)], classes[rows[some]]


def _mirrored(pixels: Tensor) -> Tensor:
    """At most `GATED_BY` of the face crops, spread evenly, and their mirror images."""
    some = pixels[spread(len(pixels), GATED_BY)]
    return torch.cat([some, some.flip(3)])


def _optimizer(network: Network, recipe: FinetuneRecipe) -> torch.optim.Optimizer:
    """For the tail, but the head's bias: both tails have the same."""
    network.requires_grad_(False)
    tail = [*network.last_stage[1:].parameters(), *network.pool.parameters()]
    head = [network.head.weight]
    for parameter in tail + head:
        parameter.requires_grad_(True)
    groups = [
        {"params": tail, "lr": recipe.learning_rate, "top": recipe.learning_rate},
        {"params": head, "lr": recipe.head_rate, "top": recipe.head_rate},
    ]
    return torch.optim.AdamW(groups, weight_decay=recipe.weight_decay)


def _loss(
    network: Network,
    mine: Tensor,
    classes: Tensor,
    replay: Replay,
    rows: Tensor,
    correction: Tensor,
    smoothing: float,
) -> Tensor:
    device = network.head.weight.device
    with quick_arithmetic(device):
        logits = network.tail(torch.cat([mine, replay.activations(rows).to(device)])).float()
    own = F.cross_entropy(logits[: len(mine)] + correction.to(device), classes.to(device), label_smoothing=smoothing)
    if len(rows) == 0:
        return own
    return own + F.cross_entropy(logits[len(mine) :], replay.targets[rows].to(device))
