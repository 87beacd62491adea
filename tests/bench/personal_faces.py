"""Faces that a person teaches with, and others to test on: photographs by person, FER+'s seen otherwise, winks."""

from __future__ import annotations

import csv
import io
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from models.box import Box
from models.crop import Pixels, Square, cut, face_square
from models.finder import STILL_SIDE, FaceFinder
from models.pictures import decode
from training.base.ferplus import EXPRESSIONS, SIDE
from training.base.ferplus_source import CERTAINTY, LARGER, MARGIN, frame_square
from training.dataset import WIDE, DataSet
from training.split import Split

FIVE = ("anger", "surprise", "neutral", "happiness", "sadness")
"""The expressions of the photographs that people can recognise."""
SIX = (*FIVE, "disgust")
MOST_OF_ONE = 4
"""Faces of one person with one expression that are taught."""
SQUARE = Square(SIDE / 2, SIDE / 2, SIDE)


@dataclass(frozen=True)
class Faces:
    """Faces as fine-tuning takes them: `crops` (N, 1, 48, 48), `wide` (N, 1, 77, 77), `labels` and `people` (N,)."""

    crops: NDArray[np.uint8]
    wide: NDArray[np.uint8]
    labels: NDArray[np.str_]
    people: NDArray[np.str_]

    def __len__(self) -> int:
        return len(self.labels)

    def rows(self, rows: NDArray[np.int64] | Sequence[int]) -> Faces:
        return Faces(self.crops[rows], self.wide[rows], self.labels[rows], self.people[rows])

    def data_set(self, labels: tuple[str, ...], held_out: float = 0.25) -> DataSet:
        """To teach a model of these labels; of each label the last people are held out, about so many of its faces."""
        held: set[int] = set()
        for label in labels:
            rows = np.flatnonzero(self.labels == label)
            people = list(dict.fromkeys(self.people[rows]))
            for person in people[len(people) - int(held_out * len(people)) :]:
                held |= set(np.flatnonzero(self.people == person).tolist())
        ids = tuple(range(len(self)))
        return DataSet(
            labels,
            ids,
            np.array([labels.index(label) for label in self.labels], np.int64),
            self.wide,
            self.crops,
            Split(tuple(n for n in ids if n not in held), tuple(sorted(held))),
        )


def join(parts: Sequence[Faces]) -> Faces:
    def joined(name: str) -> NDArray[Any]:
        return np.concatenate([getattr(part, name) for part in parts])

    return Faces(joined("crops"), joined("wide"), joined("labels"), joined("people"))


def cut_out(pictures: Iterator[tuple[Pixels, Square, str, str]]) -> Faces:
    """Faces of pictures: each with its square, label and person."""
    found = [
        (cut(picture, square, SIDE), cut(picture, square.wider(WIDE), round(WIDE * SIDE)), label, person)
        for picture, square, label, person in pictures
    ]
    crops, wide, labels, people = zip(*found, strict=True)
    return Faces(np.stack(crops)[:, None], np.stack(wide)[:, None], np.array(labels), np.array(people))


def whole(images: NDArray[np.uint8], labels: Sequence[str]) -> Faces:
    """Grey crops (N, 48, 48), each of another person."""
    return cut_out((image, SQUARE, label, f"{n}") for n, (image, label) in enumerate(zip(images, labels, strict=True)))


def by_points(images: NDArray[np.uint8], labels: Sequence[str]) -> Faces:
    """As `whole`, but cut by eyes and mouth, as the faces of somebody who collects are."""
    finder = FaceFinder(LARGER * (SIDE + 2 * MARGIN), CERTAINTY)
    squares = (frame_square(image, finder).tolist() for image in images)
    found = (Square(*square) if np.isfinite(square[2]) else SQUARE for square in squares)
    numbered = enumerate(zip(images, found, labels, strict=True))
    return cut_out((image, square, label, f"{n}") for n, (image, square, label) in numbered)


def photographed(path: Path) -> Faces:
    """All faces of `wild.zip`, by YuNet's points; a person who is not known is a person of his own."""
    return cut_out(_photographs(path))


def _photographs(path: Path) -> Iterator[tuple[Pixels, Square, str, str]]:
    finder = FaceFinder(STILL_SIDE)
    with zipfile.ZipFile(path) as archive, archive.open("wild.csv") as table:
        for number, row in enumerate(csv.DictReader(io.TextIOWrapper(table, "utf-8"))):
            picture = decode(archive.read(f"images/{row['file']}"))
            box = Box(*(float(row[f"box_{name}"]) for name in "xywh"))
            found = max(finder.find(picture), key=lambda face: face.box.overlap(box), default=None)
            square = (
                face_square(found.points, found.box) if found and found.box.overlap(box) else face_square(None, box)
            )
            yield picture, square, row["label"], row["person"] or f"unknown {number}"


def strangers(faces: Faces, labels: Sequence[str], count: int, seed: int) -> tuple[Faces, Faces]:
    """`count` faces to teach, as many of each label and few of one person, and all faces of other people to test on.

    People with several faces come first, so that few teach; among them chance decides.
    """
    order = np.random.default_rng(seed)
    rows_of: defaultdict[str, list[int]] = defaultdict(list)
    for row in order.permutation(len(faces)):
        if faces.labels[row] in labels:
            rows_of[faces.people[row]].append(int(row))
    people = sorted(rows_of, key=lambda person: -min(3, len(rows_of[person])))
    wanted = Counter({label: -(-count // len(labels)) for label in labels})
    taught: list[int] = []
    teachers: set[str] = set()
    for person in people:
        seen: Counter[str] = Counter()
        for row in rows_of[person]:
            label = str(faces.labels[row])
            if wanted[label] > 0 and seen[label] < MOST_OF_ONE:
                wanted[label] -= 1
                seen[label] += 1
                taught.append(row)
                teachers.add(person)
    others = [row for person in people if person not in teachers for row in rows_of[person]]
    return faces.rows(order.permutation(taught)), faces.rows(np.array(others))


def upside_down(faces: Faces) -> Faces:
    """As from a camera that hangs from the ceiling."""
    crops, wide = (np.ascontiguousarray(pixels[:, :, ::-1]) for pixels in (faces.crops, faces.wide))
    return Faces(crops, wide, faces.labels, faces.people)


def evenly(faces: Faces, count: int) -> Faces:
    """`count` faces, as evenly over the expressions as there are of each, in turns."""
    queues = [list(np.flatnonzero(faces.labels == label)) for label in EXPRESSIONS]
    rows: list[int] = []
    while len(rows) < count and any(queues):
        rows += [int(queue.pop(0)) for queue in queues if queue]
    return faces.rows(np.array(rows[:count]))


def winking(images: NDArray[np.uint8], seed: int) -> NDArray[np.uint8]:
    """Grey faces (N, 48, 48) with one eye painted shut: skin over it, and the line of the lashes."""
    random, finder = np.random.default_rng(seed), FaceFinder(STILL_SIDE, certainty=0.3)
    painted = []
    for image in images:
        large = cv2.resize(image, None, fx=6, fy=6, interpolation=cv2.INTER_CUBIC)
        found = next(iter(finder.find(np.asarray(cv2.cvtColor(large, cv2.COLOR_GRAY2RGB), np.uint8))), None)
        left, right = found.points[:2] / 6 if found else np.array([(14.0, 19.0), (34.0, 19.0)])
        x, y = left if random.random() < 0.5 else right
        away = float(np.hypot(*(right - left)))
        under = image[min(47, round(float(y + 0.3 * away))), max(0, round(float(x)) - 2) : round(float(x)) + 3]
        skin, width = int(np.median(under)) if under.size else 128, 0.27 * away
        face = image.copy()
        centre = (round(float(x)), round(float(y)))
        cv2.ellipse(face, centre, (round(width), round(0.7 * width)), 0, 0, 360, skin, -1)
        cv2.line(
            face,
            (centre[0] - round(0.8 * width), centre[1] + 1),
            (centre[0] + round(0.8 * width), centre[1] + 1),
            int(skin * 0.5),
            1,
        )
        painted.append(face)
    return np.stack(painted)


def takes_of(faces: Faces, fewest: int = 2) -> Iterator[tuple[Faces, Faces]]:
    """For each person with several pictures of two expressions or more: one half of the pictures, and the other."""
    for person, count in Counter(faces.people.tolist()).most_common():
        rows = np.flatnonzero(faces.people == person)
        counts = Counter(faces.labels[rows].tolist())
        several = [label for label, number in counts.items() if number >= fewest]
        if person.startswith("unknown") or count < 2 * fewest or len(several) < 2:
            continue
        first, second = [], []
        for label in several:
            of = rows[faces.labels[rows] == label]
            half = min(5, len(of) // 2)
            first += of[:half].tolist()
            second += of[half:].tolist()
        yield faces.rows(np.array(first)), faces.rows(np.array(second))
