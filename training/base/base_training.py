"""A run of the base model's training that can stop after any step and go on, on any number of workers.

Workers share out the parts of each batch. A part is normalised by itself, and what is random in it hangs on
its place in the run alone: so two workers learn what one does, but for the order in which floats are added up. Batch
normalisation over parts instead of the whole batch ("ghost" batches, Hoffer et al., 2017,
https://arxiv.org/abs/1705.08741) needs no talk between workers; the running statistics are averaged over all parts.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from pydantic import JsonValue
from torch import Tensor, nn

from models.network import Network
from training.arithmetic import quick_arithmetic
from training.balance import balance
from training.base.base_recipe import BaseRecipe
from training.base.base_views import epoch_order, view
from training.base.checkpoint import (
    BadCheckpoint,
    Checkpoint,
    as_json,
    read_checkpoint,
    stable_path,
    write_checkpoint,
)
from training.base.face_map import FaceMap
from training.base.teachers import Teacher, Teachers
from training.base.workers import Workers


class BaseTraining:
    """A training run: after `step` steps it has `network`, and `average`, which is what will be published.

    `weights` (N,) say how often each face is drawn.
    """

    def __init__(
        self,
        recipe: BaseRecipe,
        faces: FaceMap,
        workers: Workers,
        checkpoint: Path,
        teachers: Sequence[Teacher] = (),
    ) -> None:
        """Goes on from `checkpoint` where there is one; `faces` has the answers of the `teachers`.

        Raises:
            BadRecipe: it cannot be carried out by so many workers.
            BadCheckpoint: it cannot be gone on from.
        """
        recipe.check(workers.count)
        self.recipe, self.faces, self.workers, self.checkpoint = recipe, faces, workers, checkpoint
        self.teachers: list[dict[str, JsonValue]] = [teacher.as_json() for teacher in teachers]
        self._together = Teachers(teachers, faces.labels, workers.device)
        self.step, self.steps = 0, max(1, len(faces) // recipe.batch)
        config = recipe.network(len(faces.labels), faces.size)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(recipe.seed)
            network = Network(config, folded=False)
        self.network = network.to(workers.device).to(memory_format=torch.channels_last)
        self.average = Network(config, folded=False).requires_grad_(False).to(workers.device)
        self.average.load_state_dict(self.network.state_dict())
        decaying = [p for p in self.network.parameters() if p.ndim > 1]
        plain = [p for p in self.network.parameters() if p.ndim == 1]
        groups = [{"params": decaying, "weight_decay": recipe.weight_decay}, {"params": plain, "weight_decay": 0.0}]
        self.optimizer = torch.optim.SGD(groups, lr=recipe.learning_rate, momentum=recipe.momentum, nesterov=True)
        self._resume()
        self._model = workers.wrapped(self.network)
        running = ("running_mean", "running_var")
        self._statistics = [each for name, each in self.network.named_buffers() if name.endswith(running)]
        self._counts = [each for name, each in self.network.named_buffers() if name.endswith("num_batches_tracked")]
        classes = torch.from_numpy(faces.targets.argmax(1))
        counts = torch.bincount(classes, minlength=len(faces.labels))
        self.weights, correction = balance(classes, counts, recipe.evenness)
        self._correction = correction.to(workers.device)
        self._order: tuple[int, NDArray[np.int64]] = (-1, np.empty(0, np.int64))

    @property
    def epochs(self) -> float:
        """Passes through the faces so far."""
        return self.step / self.steps

    @property
    def done(self) -> bool:
        return self.step >= self.recipe.epochs * self.steps

    def train_step(self) -> float:
        """Learn from one batch; its mean loss."""
        for group in self.optimizer.param_groups:
            group["lr"] = self.recipe.rate(self.epochs)
        self.network.train()
        self.optimizer.zero_grad()
        mine = self.workers.share(self.recipe.batch // self.recipe.part)
        before = [statistic.clone() for statistic in self._statistics]
        after = [torch.zeros_like(statistic) for statistic in self._statistics]
        loss = torch.zeros(1, device=self.workers.device)
        for part in mine:
            if part == mine[-1]:
                loss += self._learn(part, len(mine))
            else:
                with self.workers.own_gradients(self._model):
                    loss += self._learn(part, len(mine))
            for statistic, old, total in zip(self._statistics, before, after, strict=True):
                total += statistic / len(mine)
                statistic.copy_(old)
        nn.utils.clip_grad_norm_(self.network.parameters(), self.recipe.longest_gradient)
        self.optimizer.step()
        means = self.workers.mean(torch.cat([*(total.flatten() for total in after), loss]))
        sizes = [len(each) for each in (*after, loss)]
        for statistic, mean in zip(self._statistics, torch.split(means, sizes), strict=False):
            statistic.copy_(mean)
        self._update_average()
        self.step += 1
        for count in self._counts:
            count.fill_(self.step)
        return float(means[-1])

    def _learn(self, part: int, parts: int) -> Tensor:
        """Add the gradient of one part, of so many that this worker has; its share of the loss."""
        epoch, step = divmod(self.step, self.steps)
        if self._order[0] != epoch:
            self._order = epoch, epoch_order(self.weights, self.recipe.batch, self.recipe.seed, epoch)
        start = step * self.recipe.batch + part * self.recipe.part
        rows = self._order[1][start : start + self.recipe.part]
        device = self.workers.device
        pixels, targets = view(self.faces, rows, self.recipe, (epoch, step, part), device)
        with quick_arithmetic(device):
            logits = self._model(pixels.to(memory_format=torch.channels_last)).float()
        loss = F.cross_entropy(logits + self._correction, targets)
        if self.faces.taught is not None:
            said = torch.from_numpy(self.faces.taught[rows]).to(device)
            said = said.lerp(self._together.answer(pixels), self.recipe.same_view)
            # Not corrected: they answer in the mix that labels come in.
            loss = loss.lerp(F.cross_entropy(logits, said), self.recipe.teachers)
        loss = loss / parts
        loss.backward()  # type: ignore[no-untyped-call]
        return loss.detach()

    @torch.no_grad()
    def _update_average(self) -> None:
        keep = min(self.recipe.average, (1 + self.step) / (10 + self.step))
        new = self.network.state_dict()
        for name, value in self.average.state_dict().items():
            if value.is_floating_point():
                value.lerp_(new[name], 1 - keep)

    def save(self) -> None:
        """Write the checkpoint, and where the cool-down begins one to prolong the run from. Raises DiskError."""
        state = {
            name: self.optimizer.state[parameter]["momentum_buffer"]
            for name, parameter in self.network.named_parameters()
            if "momentum_buffer" in self.optimizer.state[parameter]
        }
        checkpoint = Checkpoint(
            self.step,
            self.steps,
            self.faces.labels,
            as_json(self.recipe),
            self.teachers,
            self.network.state_dict(),
            self.average.state_dict(),
            state,
        )
        if self.step == self.recipe.stable * self.steps:
            write_checkpoint(checkpoint, stable_path(self.checkpoint))
        write_checkpoint(checkpoint, self.checkpoint)

    def _resume(self) -> None:
        if not self.checkpoint.exists():
            return
        path, saved = self.checkpoint, read_checkpoint(self.checkpoint)
        saved.check(self.recipe, self.faces.labels, self.steps, self.teachers, path)
        same_end = all(saved.recipe[name] == as_json(self.recipe)[name] for name in ("epochs", "cool_down"))
        if saved.cooling and not same_end:
            path = stable_path(path)
            if not path.exists():
                raise BadCheckpoint(f"{self.checkpoint} has cooled down; {path.name} to prolong it from is missing.")
            saved = read_checkpoint(path)
            saved.check(self.recipe, self.faces.labels, self.steps, self.teachers, path)
        if not same_end and saved.step > self.recipe.stable * self.steps:
            done = -(-saved.step // self.steps)
            raise BadCheckpoint(
                f"{path} has run {done} epochs at the full rate; with a cool-down of {self.recipe.cool_down} it needs "
                f"--epochs {done + self.recipe.cool_down} or more."
            )
        try:
            self.network.load_state_dict(saved.network)
            self.average.load_state_dict(saved.average)
            for name, parameter in self.network.named_parameters():
                if name in saved.momentum:
                    momentum = torch.empty_like(parameter).copy_(saved.momentum[name])
                    self.optimizer.state[parameter]["momentum_buffer"] = momentum
        except RuntimeError as error:
            raise BadCheckpoint(f"{path} does not fit its recipe ({str(error).splitlines()[0]}).") from error
        self.step = saved.step
