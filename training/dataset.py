"""From the store's labelled faces to tensors: decoded, checked for what can be trained on, split."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor

from labeling.store import Store
from labeling.stored_faces import TrainingFace
from models.crop import crop, grey_pixels
from models.pictures import BadImage, decode
from training.enough import ImageCount, TooLittleData, check_enough, trainable
from training.split import Split, SplitItem, split

WIDE = 1.6
COPY_DIFFERENCE = 1.5
"""Two pictures whose grey values at 16×16 differ by less than this on average (0…255) count as copies."""


@dataclass(frozen=True)
class DataSet:
    """Faces ready to train on.

    Attributes:
        labels: what the model will name; `classes` (N,) index into it.
        wide: grey squares 1.6 × the face's side, (N, 1, W, W) uint8; `pixels`: the face crops, (N, 1, S, S) float.
        ids: the store's image ids; `split` holds ids of both parts.
        left_out: for each label that cannot be trained on, why; `notes`: what else a person should know.
    """

    labels: tuple[str, ...]
    ids: tuple[int, ...]
    classes: Tensor
    wide: Tensor
    pixels: Tensor
    split: Split
    left_out: dict[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def rows(self, ids: Collection[int]) -> Tensor:
        """Row numbers of `ids`, in the order of the data set."""
        wanted = set(ids)
        return torch.tensor([row for row, each in enumerate(self.ids) if each in wanted], dtype=torch.long)

    def counts(self, ids: Collection[int]) -> dict[str, int]:
        """How many of `ids` each label has."""
        counts = Counter(self.classes[self.rows(ids)].tolist())
        return {label: counts[index] for index, label in enumerate(self.labels)}


def prepare(
    faces: Sequence[TrainingFace],
    enabled: Sequence[str],
    known: Collection[str],
    side: int = 48,
    before: Collection[int] = (),
) -> DataSet:
    """The data set of `faces`, for a model with the `enabled` labels.

    `known` are the labels that the base model knows: they stay in the model however few images they have, while a
    label of one's own needs `enough.MIN_IMAGES` different ones. `before`: see `training.split.split`.

    Raises:
        TooLittleData: nothing to learn from.
    """
    faces, wide, pixels, broken = _decode(faces, side)
    if broken and not faces:
        raise TooLittleData(f"None of the {len(broken)} labelled images can be decoded. Delete them and collect anew.")
    notes = [_broken_note(broken)] if broken else []
    copies = copies_of(pixels)
    different: Counter[str] = Counter()
    for label in {face.label for face in faces}:
        different[label] = len({group for face, group in zip(faces, copies, strict=True) if face.label == label})
    total = Counter(face.label for face in faces)
    counts = {label: ImageCount(total[label], different[label]) for label in total}
    chosen_labels = trainable(counts, enabled, known)
    check_enough(counts, chosen_labels)
    labels = chosen_labels.labels
    notes += [
        f"“{label}” has {total[label]} images; 20 make a fair start." for label in labels if 0 < total[label] < 20
    ]
    keep = [row for row, face in enumerate(faces) if face.label in labels]
    chosen = [faces[row] for row in keep]
    items = [
        SplitItem(face.image_id, face.sha256, face.label, face.session, face.subject, copies[row])
        for row, face in zip(keep, chosen, strict=True)
    ]
    return DataSet(
        labels,
        tuple(face.image_id for face in chosen),
        torch.tensor([labels.index(face.label) for face in chosen]),
        wide[keep],
        pixels[keep],
        split(items, before=before),
        chosen_labels.left_out,
        tuple(notes),
    )


def copies_of(pixels: Tensor) -> list[int]:
    """For each picture (N, 1, H, W) the number of the first one that looks the same, itself if none does."""
    small = torch.nn.functional.adaptive_avg_pool2d(pixels.float(), 16).flatten(1)
    first = list(range(len(small)))
    for start in range(0, len(small), 512):
        distance = torch.cdist(small[start : start + 512], small, p=1) / small.shape[1]
        alike = distance < COPY_DIFFERENCE
        nearest = alike.to(torch.uint8).argmax(1)
        for row, other in enumerate(nearest.tolist(), start):
            first[row] = first[other] if other < row else row
    return first


def _decode(faces: Sequence[TrainingFace], side: int) -> tuple[list[TrainingFace], Tensor, Tensor, list[TrainingFace]]:
    sound, broken, wide, narrow = [], [], [], []
    for face in faces:
        try:
            rgb = decode(face.data)
        except BadImage:
            broken.append(face)
            continue
        sound.append(face)
        wide.append(crop(rgb, face.box, WIDE, round(WIDE * side)))
        narrow.append(crop(rgb, face.box))
    if not sound:
        empty = torch.zeros(0, 1, side, side)
        return sound, empty, empty, broken
    wide_pixels = grey_pixels(wide, round(WIDE * side)).round().to(torch.uint8)
    return sound, wide_pixels, grey_pixels(narrow, side), broken


def _broken_note(broken: Sequence[TrainingFace]) -> str:
    numbers = ", ".join(str(face.image_id) for face in broken[:8]) + (", …" if len(broken) > 8 else "")
    counted = "1 image" if len(broken) == 1 else f"{len(broken)} images"
    return f"Left out since it cannot be decoded: {counted} (number {numbers})."


def class_prior(classes: Tensor, count: int) -> Tensor:
    """Share of each of `count` classes among `classes`, (C,)."""
    return torch.from_numpy(np.bincount(classes.numpy(), minlength=count) / max(1, len(classes))).float()


def proof_faces(store: Store, side: int = 48, count: int = 200) -> Tensor:
    """Face crops (N, 1, side, side) of at most `count` labelled faces, to hold an exported model against PyTorch."""
    faces = list(store.images.training_faces())
    return _decode(faces[:: max(1, len(faces) // count)][:count], side)[2]
