"""A base training's checkpoint: networks and momentum in safetensors, and in its header where the run is."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from pydantic import JsonValue
from safetensors import SafetensorError, safe_open
from safetensors.torch import save as to_bytes
from torch import Tensor

from models.durable import write_durably
from models.errors import MienError, disk_error
from training.base.base_recipe import BaseRecipe

MAY_CHANGE = {"epochs", "cool_down", "recall_worth"}
"""Of a recipe, on the way."""


class BadCheckpoint(MienError):
    """A checkpoint that cannot be gone on from; the message says why."""


@dataclass(frozen=True)
class Checkpoint:
    """A run after `step` steps: how many steps an epoch has, what it learns, and by which recipe.

    Attributes:
        network, average, momentum: tensors by the names of the branched network's `state_dict` and parameters.
        recipe: the recipe's fields as JSON has them; `teachers`: what a card says of each.
    """

    step: int
    steps: int
    labels: tuple[str, ...]
    recipe: dict[str, JsonValue]
    teachers: list[dict[str, JsonValue]]
    network: dict[str, Tensor]
    average: dict[str, Tensor]
    momentum: dict[str, Tensor]

    @property
    def cooling(self) -> bool:
        """Whether its rate has begun to fall for good."""
        epochs, cool_down = (int(str(self.recipe[name])) for name in ("epochs", "cool_down"))
        return self.step > (epochs - cool_down) * self.steps

    def check(
        self,
        recipe: BaseRecipe,
        labels: tuple[str, ...],
        steps: int,
        teachers: list[dict[str, JsonValue]],
        path: Path,
    ) -> None:
        """Raises BadCheckpoint where a run by `recipe` on such data cannot go on from it."""
        wanted = as_json(recipe)
        other = [name for name in wanted if name not in MAY_CHANGE and self.recipe.get(name) != wanted[name]]
        if other:
            raise BadCheckpoint(f"{path} was begun with another {other[0]} ({self.recipe.get(other[0])}); {NEW_ONE}")
        if self.labels != labels or self.steps != steps:
            raise BadCheckpoint(f"{path} was begun on other faces; {NEW_ONE}")
        if [each[DIGEST] for each in self.teachers] != [each[DIGEST] for each in teachers]:
            raise BadCheckpoint(f"{path} was begun with {len(self.teachers)} teachers, or others; {NEW_ONE}")


DIGEST = "weights_sha256"
"""By what teachers are told apart."""
NEW_ONE = "give what it was begun with, or another --checkpoint to begin anew."


def as_json(recipe: BaseRecipe) -> dict[str, JsonValue]:
    """The recipe's fields as JSON has them."""
    fields: dict[str, JsonValue] = json.loads(json.dumps(asdict(recipe)))
    return fields


def stable_path(path: Path) -> Path:
    """Where the checkpoint from before the cool-down is kept, from which a run can be prolonged."""
    return path.with_name(f"{path.stem}.stable{path.suffix}")


def write_checkpoint(checkpoint: Checkpoint, path: Path) -> None:
    """Write it, whole or not at all. Raises DiskError where the disk does not take it."""
    parts = {"network": checkpoint.network, "average": checkpoint.average, "momentum": checkpoint.momentum}
    tensors = {
        f"{part}.{name}": tensor.detach().cpu().contiguous().clone()
        for part, named in parts.items()
        for name, tensor in named.items()
    }
    facts = {
        "step": str(checkpoint.step),
        "steps": str(checkpoint.steps),
        "labels": json.dumps(checkpoint.labels),
        "recipe": json.dumps(checkpoint.recipe),
        "teachers": json.dumps(checkpoint.teachers),
    }
    partial = path.with_suffix(".partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_durably(to_bytes(tensors, facts), partial)
        partial.replace(path)
    except OSError as error:
        raise disk_error(error, f"{path} cannot be written") from error


def read_checkpoint(path: Path) -> Checkpoint:
    """Raises BadCheckpoint: it cannot be read, or is none."""
    try:
        with safe_open(path, "pt") as file:
            facts = file.metadata()
            tensors: dict[str, Tensor] = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        parts: dict[str, dict[str, Tensor]] = {"network": {}, "average": {}, "momentum": {}}
        for name, tensor in tensors.items():
            part, _, own = name.partition(".")
            parts[part][own] = tensor
        step, steps = int(facts["step"]), int(facts["steps"])
        labels, recipe = tuple(json.loads(facts["labels"])), dict(json.loads(facts["recipe"]))
        teachers = [{DIGEST: "", **each} for each in json.loads(facts["teachers"])]
    except (OSError, SafetensorError, KeyError, TypeError, ValueError) as error:
        raise BadCheckpoint(f"{path} is no checkpoint to go on from ({error}).") from error
    if not all(bool(torch.isfinite(tensor).all()) for tensor in tensors.values()):
        raise BadCheckpoint(f"{path} holds weights that are not numbers.")
    return Checkpoint(step, steps, labels, recipe, teachers, parts["network"], parts["average"], parts["momentum"])
