"""Pictures for these tests, made at test time."""

from __future__ import annotations

import tempfile
from datetime import timedelta
from functools import cache
from pathlib import Path

import cv2
import numpy as np
from sqlalchemy import BigInteger, literal, type_coerce, update

from labeling import intake
from labeling.deletion import IN_TRASH
from labeling.schema import ImageRow
from labeling.store import Store
from labeling.stored_faces import StoredCrop
from models.box import Box
from models.pictures import RGB, encode_jpeg


def picture(number: int, side: int = 120) -> RGB:
    """A coloured pattern of its own for each number: far from every other by perceptual hash."""
    rng = np.random.default_rng(number)
    small = rng.integers(0, 255, (9, 9, 3)).astype(np.uint8)
    return np.asarray(cv2.resize(small, (side, side), interpolation=cv2.INTER_CUBIC), np.uint8)


def face(number: int, side: int = 120) -> StoredCrop:
    rgb = picture(number, side)
    inner = side / 1.6
    margin = (side - inner) / 2
    return intake.stored_crop(encode_jpeg(rgb), rgb, Box(margin, margin, inner, inner))


def open_store(folder: Path) -> Store:
    """The store of `folder`, an empty one at first."""
    path = folder / "mien.db"
    if not path.exists():
        path.write_bytes(_empty())
    return Store(f"sqlite:///{path}")


@cache
def _empty() -> bytes:
    """A database as a new store has it, migrated once for all tests."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "mien.db"
        Store(f"sqlite:///{path}").close()
        return path.read_bytes()


def age_trash(store: Store, days: float) -> None:
    """Makes what lies in the trash so much older."""
    with store.database.writing() as connection:
        earlier = literal(timedelta(days=days) // timedelta(microseconds=1), BigInteger)
        aged = type_coerce(ImageRow.deleted, BigInteger) - earlier
        connection.execute(update(ImageRow).where(IN_TRASH).values(deleted=aged))
