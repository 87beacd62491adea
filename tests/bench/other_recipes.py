"""What fine-tuning is held against: the head alone, or all of the tail in place, with all of the new weights."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import nn

from models.network import Network
from training.arithmetic import best_device, quick_arithmetic
from training.augment import Augmentation
from training.balance import balance
from training.base.replay import Replay
from training.dataset import WIDE, DataSet
from training.finetune import FinetuneRecipe
from training.head import with_labels


def tune_in_place(
    start: Network, start_labels: tuple[str, ...], data: DataSet, replay: Replay, head_only: bool
) -> Network:
    """As `training.finetune` draws faces, replays and corrects, but the network itself learns, and all of it counts."""
    recipe = FinetuneRecipe()
    wide, pixels, classes = map(torch.from_numpy, (data.wide, data.pixels, data.classes))
    train = torch.from_numpy(data.rows(data.split.train))
    known = replay.for_labels(data.labels)
    kept = (~known.check).nonzero().flatten()
    network = with_labels(start, start_labels, data.labels, pixels[train], classes[train]).to(best_device())
    network.requires_grad_(False)
    slow = [] if head_only else [*network.last_stage[1:].parameters(), *network.pool.parameters()]
    quick = [*network.head.parameters()]
    for parameter in [*slow, *quick]:
        parameter.requires_grad_(True)
    groups = [{"params": slow, "top": recipe.learning_rate}, {"params": quick, "top": recipe.head_rate}]
    optimizer = torch.optim.AdamW([group for group in groups if group["params"]], weight_decay=recipe.weight_decay)
    generator = torch.Generator().manual_seed(recipe.seed)
    weights, correction = balance(classes[train], known.targets[kept].sum(0), recipe.evenness)
    steps = recipe.steps(len(train))
    for step in range(steps):
        for group in optimizer.param_groups:
            group["lr"] = group["top"] * recipe.rate(step / steps)
        mine = train[torch.multinomial(weights, recipe.batch, replacement=True, generator=generator)]
        others = kept[torch.randint(len(kept), (recipe.batch,), generator=generator)]
        views = Augmentation()(wide[mine].float(), generator, side=network.config.size, zoom=1 / WIDE)
        with quick_arithmetic(network.head.weight.device):
            activations = torch.cat([network.trunk(views), known.activations(others)])
            logits = network.tail(activations).float()
        loss = F.cross_entropy(
            logits[: recipe.batch] + correction, classes[mine], label_smoothing=recipe.smoothing
        ) + F.cross_entropy(logits[recipe.batch :], known.targets[others])
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_([*slow, *quick], 2.0)
        optimizer.step()
    return network.cpu().eval()
