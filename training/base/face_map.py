"""Faces to train on in files that are mapped into memory: any number of them, shared by all workers of a machine."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from models.durable import write_durably
from models.errors import MienError, disk_error

FACTS = "faces.json"
NO_SQUARE = np.full(4, np.nan, np.float32)


class BadFaces(MienError):
    """Faces that cannot be trained on; the message says why."""


@dataclass(frozen=True)
class SourceFace:
    """A face as a source gives it.

    Attributes:
        crop: grey, (S, S) uint8.
        target: probabilities (C,) of the labels.
        held_out: it is measured on, not trained on.
        square: centre (x, y), side and angle (radians) of the square by its eyes and mouth within the crop, in pixels;
            numbers that are none where the crop is that square itself, or none was found.
    """

    crop: NDArray[np.uint8]
    target: NDArray[np.float32]
    held_out: bool
    square: NDArray[np.float32]


@dataclass(frozen=True)
class FaceMap:
    """Faces on disk; its arrays are read as they are used.

    Attributes:
        crops (N, S, S) uint8, targets (N, C) float32, squares (N, 4) float32: to train on; see `SourceFace`.
        held_crops (M, S, S) uint8, held_classes (M,) int64: kept aside.
        taught: what teachers say of `crops`, probabilities (N, C), where there are teachers.
        notes: what a person should know, such as how many pictures could not be read.
    """

    labels: tuple[str, ...]
    crops: NDArray[np.uint8]
    targets: NDArray[np.float32]
    squares: NDArray[np.float32]
    held_crops: NDArray[np.uint8]
    held_classes: NDArray[np.int64]
    notes: tuple[str, ...]
    taught: NDArray[np.float32] | None = None

    def __len__(self) -> int:
        return len(self.crops)

    @property
    def size(self) -> int:
        """Side of a crop in pixels."""
        return int(self.crops.shape[1])


def open_map(folder: Path, source: str) -> FaceMap | None:
    """The faces in `folder`, if they are all there and come from `source`, else None."""
    try:
        facts = json.loads((folder / FACTS).read_text("utf-8"))
        if facts["source"] != source:
            return None
        arrays = {name: np.load(folder / f"{name}.npy", mmap_mode="r") for name in ARRAYS}
        return FaceMap(tuple(facts["labels"]), **arrays, notes=tuple(facts["notes"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write_map(
    folder: Path, source: str, labels: tuple[str, ...], size: int, faces: Iterable[SourceFace], notes: list[str]
) -> FaceMap:
    """Write faces to `folder`, whole or not at all; `notes` may grow while they are read.

    Raises:
        BadFaces: there is no face to train on.
        DiskError: the disk does not take them.
    """
    partial = folder.with_name(folder.name + ".partial")
    try:
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        with ExitStack() as stack:
            shapes = ((size, size), (len(labels),), (4,), (size, size), ())
            files = {
                name: stack.enter_context(_GrowingArray(partial / f"{name}.npy", kind, shape))
                for (name, kind), shape in zip(ARRAYS.items(), shapes, strict=True)
            }
            for face in faces:
                if face.held_out:
                    files["held_crops"].append(face.crop)
                    files["held_classes"].append(face.target.argmax())
                else:
                    files["crops"].append(face.crop)
                    files["targets"].append(face.target)
                    files["squares"].append(face.square)
        if files["crops"].count == 0:
            raise BadFaces(" ".join(["There is no face to train on.", *notes]))
        facts = {"source": source, "labels": labels, "notes": notes}
        write_durably(json.dumps(facts, ensure_ascii=False).encode(), partial / FACTS)
        shutil.rmtree(folder, ignore_errors=True)
        partial.rename(folder)
    except OSError as error:
        raise disk_error(error, f"{folder} cannot be written") from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    written = open_map(folder, source)
    assert written is not None, "it was just written"
    return written


ARRAYS: dict[str, DTypeLike] = {
    "crops": np.uint8,
    "targets": np.float32,
    "squares": np.float32,
    "held_crops": np.uint8,
    "held_classes": np.int64,
}


class _GrowingArray:
    """An array that is written to a `.npy` file row by row. NumPy leaves room in the header for the number of rows."""

    def __init__(self, path: Path, kind: DTypeLike, shape: tuple[int, ...]) -> None:
        self.count, self._shape, self._kind = 0, shape, np.dtype(kind)
        self._file = path.open("wb")
        self._write_header()

    def append(self, row: Any) -> None:
        self._file.write(np.asarray(row, self._kind).reshape(self._shape).tobytes())
        self.count += 1

    def _write_header(self) -> None:
        description = np.lib.format.dtype_to_descr(self._kind)
        header = {"descr": description, "fortran_order": False, "shape": (self.count, *self._shape)}
        np.lib.format.write_array_header_1_0(self._file, header)

    def __enter__(self) -> _GrowingArray:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        with self._file:
            self._file.seek(0)
            self._write_header()
