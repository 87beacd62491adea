"""From the store's labelled faces to pixels: decoded, checked for what can be trained on, split."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from labeling.overview import FAIR_START
from labeling.second_look import find_missing_points
from labeling.store import Store
from labeling.stored_faces import TrainingFace
from models.crop import cut, face_square
from models.pictures import BadImage, decode
from training.copies import copies_of
from training.enough import ImageCount, TooLittleData, Trainable, check_enough, counted, trainable
from training.measurable import measured_notes
from training.split import Split, SplitItem, split, split_people

WIDE = 1.6


@dataclass(frozen=True)
class DataSet:
    """Faces ready to train on.

    Attributes:
        labels: what the model will name; `classes` (N,) int64 index into it.
        wide: grey squares turned as the crop and 1.6 × its side, (N, 1, W, W) uint8; `pixels`: the face crops,
            (N, 1, S, S) uint8.
        ids: the store's image ids; `split` holds ids of both parts.
        left_out: for each label that cannot be trained on, why; `notes`: what else a person should know.
    """

    labels: tuple[str, ...]
    ids: tuple[int, ...]
    classes: NDArray[np.int64]
    wide: NDArray[np.uint8]
    pixels: NDArray[np.uint8]
    split: Split
    left_out: dict[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def rows(self, ids: Collection[int]) -> NDArray[np.int64]:
        """Row numbers of `ids`, in the order of the data set."""
        wanted = set(ids)
        return np.array([row for row, each in enumerate(self.ids) if each in wanted], np.int64)

    def counts(self, ids: Collection[int]) -> dict[str, int]:
        """How many of `ids` each label has."""
        counts = Counter(self.classes[self.rows(ids)].tolist())
        return {label: counts[index] for index, label in enumerate(self.labels)}


def prepare(
    faces: Iterable[TrainingFace],
    enabled: Sequence[str],
    known: Collection[str],
    side: int = 48,
    before: Collection[int] = (),
    cut: Collection[str] = (),
    hold_out: Collection[str] = (),
) -> DataSet:
    """The data set of `faces`, for a model with the `enabled` labels.

    The faces are read one by one and nothing but grey pixels is kept of their pictures, so that any number of them can
    be trained on. `known` are the labels that the base model knows: they stay in the model however few images they
    have, while a label of one's own needs `enough.MIN_IMAGES` different ones. `before`, `cut`: see
    `training.split.split`. `hold_out`: people whose faces are held out, theirs alone; only the others' count as images
    to learn from.

    Raises:
        TooLittleData: nothing to learn from.
    """
    found, pixels, wide, broken = _read(faces, side)
    if broken and not found:
        raise TooLittleData(f"None of the {len(broken)} labelled images can be decoded. Delete them and collect anew.")
    items = [replace(item, copies=copy) for item, copy in zip(found, copies_of(pixels), strict=True)]
    theirs = set(split_people(items, hold_out).held_out) if hold_out else set()
    counts = image_counts(item for item in items if item.id not in theirs)
    chosen = trainable(counts, enabled, known, without_people=bool(theirs))
    check_enough(counts, chosen, without_people=bool(theirs))
    index = {label: number for number, label in enumerate(chosen.labels)}
    rows = [row for row, item in enumerate(items) if item.label in index]
    items = [items[row] for row in rows]
    done = split_people(items, hold_out) if hold_out else split(items, before=before, cut=cut)
    return DataSet(
        chosen.labels,
        tuple(item.id for item in items),
        np.array([index[item.label] for item in items], np.int64),
        _moved_up(wide, rows),
        _moved_up(pixels, rows),
        done,
        chosen.left_out,
        (*_notes(items, counts, chosen, broken), *measured_notes(done, hold_out)),
    )


def image_counts(items: Iterable[SplitItem]) -> dict[str, ImageCount]:
    """How many images each label has, and how many of them are no copies of another."""
    seen = [(item.label, item.copies) for item in items]
    total = Counter(label for label, _ in seen)
    different = Counter(label for label, _ in set(seen))
    return {label: ImageCount(total[label], different[label]) for label in total}


def _notes(
    items: Sequence[SplitItem], counts: Mapping[str, ImageCount], chosen: Trainable, broken: Sequence[int]
) -> Iterator[str]:
    if broken:
        yield _broken_note(broken)
    total = Counter(item.label for item in items)
    for label in chosen.labels:
        if 0 < total[label] < FAIR_START:
            yield f"“{label}” has {counted(total[label])}; {FAIR_START} make a fair start."
        if total[label] and label not in counts:
            yield f"Nothing is learned of “{label}”: all its images show people who are held out."


class _Pictures:
    """Grey pictures of one size, as many as come, in one block that grows in steps, so that it is never there twice."""

    STEP = 2048

    def __init__(self, side: int) -> None:
        self._block = np.empty((0, 1, side, side), np.uint8)
        self._count = 0

    def add(self, picture: NDArray[np.uint8]) -> None:
        if self._count == len(self._block):
            self._resize(self._count + self.STEP)
        self._block[self._count] = picture
        self._count += 1

    def all(self) -> NDArray[np.uint8]:
        """All of them, (N, 1, S, S); to be asked for last."""
        self._resize(self._count)
        return self._block

    def _resize(self, count: int) -> None:
        self._block.resize((count, *self._block.shape[1:]), refcheck=False)


def _read(
    faces: Iterable[TrainingFace], side: int
) -> tuple[list[SplitItem], NDArray[np.uint8], NDArray[np.uint8], list[int]]:
    """What the split needs of each face, its crop and its wider square, and the ids of those that do not decode."""
    items, broken = [], []
    narrow, wide = _Pictures(side), _Pictures(round(WIDE * side))
    for face in faces:
        try:
            rgb = decode(face.data)
        except BadImage:
            broken.append(face.image_id)
            continue
        item = SplitItem(face.image_id, face.sha256, face.label, face.session, face.subject, created=face.created)
        items.append(item)
        square = face_square(face.points, face.box)
        narrow.add(cut(rgb, square, side))
        wide.add(cut(rgb, square.wider(WIDE), round(WIDE * side)))
    return items, narrow.all(), wide.all(), broken


def _moved_up(pictures: NDArray[np.uint8], rows: Sequence[int]) -> NDArray[np.uint8]:
    """Those `rows` (ascending) of `pictures`, moved in place: pictures are too large to be there twice."""
    if len(rows) < len(pictures):
        for start in range(0, len(rows), _Pictures.STEP):
            part = rows[start : start + _Pictures.STEP]
            pictures[start : start + len(part)] = pictures[part]
    return pictures[: len(rows)]


def _broken_note(broken: Sequence[int]) -> str:
    numbers = ", ".join(map(str, broken[:8])) + (", …" if len(broken) > 8 else "")
    return f"Left out since it cannot be decoded: {counted(len(broken))} (number {numbers})."


def proof_faces(store: Store, side: int = 48, count: int = 200) -> NDArray[np.uint8]:
    """Face crops (N, 1, side, side) uint8 of at most `count` labelled faces, to hold an exported model against PyTorch.

    They are spread evenly over the data set, and no other image is read.
    """
    ids = [face.image_id for face in store.images.labelled()]
    chosen = ids[:: max(1, len(ids) // count)][:count]
    find_missing_points(store, chosen)
    return _read(store.images.training_faces(chosen), side)[1]
