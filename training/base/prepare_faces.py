"""The faces of a base training, prepared once by the first worker and mapped into memory by all."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from tqdm import tqdm

from models.errors import disk_error
from training.base.face_map import BadFaces, FaceMap, open_map, write_map
from training.base.ferplus_source import FerplusSource
from training.base.folder_source import FolderSource
from training.base.teachers import Teacher, taught
from training.base.workers import Workers


def open_source_of(path: Path) -> FerplusSource | FolderSource:
    """What `--data` names: FER+ as `.npz` or `.csv`, else a folder, or a zip, of folders by label.

    Raises:
        BadFaces, ExchangeError: it cannot be trained on.
    """
    return FerplusSource(path) if path.suffix in (".npz", ".csv") else FolderSource(path)


def prepared(
    source: FerplusSource | FolderSource, folder: Path, workers: Workers, teachers: Sequence[Teacher]
) -> FaceMap:
    """The faces of `source`, written to `folder` where they are not there yet, with what the teachers say of them.

    Raises:
        BadFaces: there are none to train on.
        DiskError: `folder` cannot be written.
    """
    if workers.first and open_map(folder, source.identity) is None:
        faces = tqdm(source.faces(), desc="faces", unit="face", disable=None)
        write_map(folder, source.identity, source.labels, source.size, faces, source.notes)
    workers.wait()
    faces_there = open_map(folder, source.identity)
    if faces_there is None:
        raise BadFaces(f"{folder} is not there for every worker: it must lie on a disk that all of them share.")
    if not teachers:
        return faces_there
    names = hashlib.sha256(" ".join(teacher.digest for teacher in teachers).encode()).hexdigest()[:16]
    path = folder / f"taught-{names}.npy"
    if workers.first and not path.exists():
        answers = taught(teachers, faces_there.labels, faces_there.crops, workers.device)
        partial = path.with_suffix(".partial")
        try:
            with partial.open("wb") as file:
                np.save(file, answers)
            partial.replace(path)
        except OSError as error:
            raise disk_error(error, f"{path} cannot be written") from error
    workers.wait()
    return replace(faces_there, taught=np.load(path, mmap_mode="r"))
