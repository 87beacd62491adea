"""The base model's recipe: everything that decides what comes out, besides the data."""

from __future__ import annotations

from dataclasses import dataclass

from models.errors import MienError
from models.network import NetworkConfig
from training.augment import Augmentation
from training.camera_damage import CameraDamage

BASE_AUGMENTATION = Augmentation(
    scale=0.13,
    shift=0.09,
    stretch=0.06,
    far=0.33,
    light=0.35,
    bars=0.12,
    erase=0.3,
    camera=CameraDamage(noise=0.35, coarse=0.4, jpeg=0.15, spared=0.4),
)


class BadRecipe(MienError):
    """A recipe that cannot be carried out; the message says what does not fit."""


@dataclass(frozen=True)
class BaseRecipe:
    """How to train the base model.

    The learning rate is constant after a warm-up, and falls in a straight line to the end over the cool-down (Hägele et
    al., 2024, https://arxiv.org/abs/2405.18392): a run can be prolonged from where its cool-down began.

    Attributes:
        epochs: in all; `cool_down`: how many of them at the end; `warm_up`: how many at the beginning.
        batch: faces that a step learns from. It is made of parts of `part` faces each, which workers share out: batch
            normalisation stays within a part, so that any number of workers learns the same.
        average: the most that the averaged network keeps of itself in a step.
        teachers: share of the loss, 0…1, that is the difference from teachers where there are any; the rest is that
            from the raters.
        same_view: share of what the teachers say, 0…1, that they say of the very view that is learned from (Beyer et
            al., 2021, https://arxiv.org/abs/2106.05237); the rest they say of the face as it is.
        evenness: how evenly labels are drawn, 0…1: as often as they come, or each as any other. The logits are
            corrected for it (logit adjustment, Menon et al., 2021, https://arxiv.org/abs/2007.07314), so that what is
            learned is the mix that they come in.
        recall_worth: how many points of accuracy one of mean recall is worth when the logits are shifted at the end
            (`recall_shift`): rare labels are named more readily than they come.
        by_points: share of the views, 0…1, that is cut by eyes and mouth where the face's whole frame is known too.
    """

    widths: tuple[int, ...] = (24, 48, 96, 176)
    depths: tuple[int, ...] = (2, 3, 4, 3)
    first_stride: int = 1
    epochs: int = 600
    cool_down: int = 588
    warm_up: int = 12
    batch: int = 256
    part: int = 128
    learning_rate: float = 0.1
    momentum: float = 0.9
    weight_decay: float = 5e-4
    longest_gradient: float = 2.0
    average: float = 0.998
    teachers: float = 0.8
    same_view: float = 0.5
    evenness: float = 0.35
    recall_worth: float = 0.5
    by_points: float = 0.4
    seed: int = 0
    augmentation: Augmentation = BASE_AUGMENTATION

    def check(self, workers: int) -> None:
        """Raises BadRecipe where it cannot be carried out by so many workers."""
        if len(self.widths) != len(self.depths) or min(*self.widths, *self.depths) < 1:
            raise BadRecipe(
                f"Stages of {', '.join(map(str, self.widths))} channels with {', '.join(map(str, self.depths))} blocks "
                "make no network: --widths and --depths need a number from 1 on for each stage."
            )
        if min(self.epochs, self.batch, self.part) < 1 or not 0 <= self.cool_down <= self.epochs:
            raise BadRecipe(
                f"{self.epochs} epochs with a cool-down of {self.cool_down}, batches of {self.batch} in parts of "
                f"{self.part} cannot be trained."
            )
        if self.batch % self.part or (self.batch // self.part) % workers:
            raise BadRecipe(
                f"A batch of {self.batch} faces in parts of {self.part} cannot be shared out evenly to {workers} "
                "workers: choose --batch as a multiple of --part times the number of workers."
            )

    def network(self, classes: int, size: int) -> NetworkConfig:
        return NetworkConfig(classes, self.widths, self.depths, size, self.first_stride)

    @property
    def stable(self) -> int:
        """Epochs before the cool-down."""
        return self.epochs - self.cool_down

    def rate(self, epochs: float) -> float:
        """Learning rate after so many epochs."""
        if epochs > self.stable:
            return self.learning_rate * max(1e-3, 1 - (epochs - self.stable) / self.cool_down)
        return self.learning_rate * min(1.0, (epochs + 0.05) / max(self.warm_up, 0.05))
