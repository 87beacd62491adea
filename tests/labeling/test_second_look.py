from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from sqlalchemy import null, text, update

from labeling import second_look
from labeling.intake import add_picture
from labeling.schema import ImageDataRow, ImageRow
from labeling.second_look import find_missing_points, points_near
from labeling.store import Store
from models.box import Box
from models.pictures import RGB, encode_jpeg
from tests.labeling.face_patterns import face, open_store


@pytest.fixture
def store(tmp_path: Path, person: RGB) -> Store:
    """A person, a pattern without a face, and a person whose picture is damaged, as an earlier Mien stored them."""
    store = open_store(tmp_path)
    add_picture(store, encode_jpeg(person))
    store.images.add(face(1))
    add_picture(store, encode_jpeg(np.ascontiguousarray(person[:, ::-1])))
    with store.database.writing() as connection:
        connection.execute(update(ImageRow).values(points=null()))
        connection.execute(update(ImageDataRow).where(ImageDataRow.image_id == 3).values(data=b"damaged"))
    return store


def test_what_lacks_points_is_looked_at_once(store: Store, person: RGB, monkeypatch: pytest.MonkeyPatch) -> None:
    assert store.images.without_points([1, 2, 3, 99]) == [1, 2, 3]
    find_missing_points(store, [1, 2, 3, 99])
    places = store.images.places([1, 2, 3])
    assert places[2].points is None and places[3].points is None
    points, box = places[1].points, places[1].box
    assert points is not None and points.dtype == np.float32
    inside = (points - [box.x, box.y]) / [box.width, box.height]
    assert (inside > 0.1).all() and (inside < 0.95).all() and inside[:2, 1].max() < inside[3:, 1].min()

    def again(*_: object) -> None:
        raise AssertionError("it was looked at before")

    monkeypatch.setattr(second_look, "points_near", again)
    find_missing_points(store, [1, 2, 3])


def test_points_that_are_damaged_in_the_database_are_none(store: Store) -> None:
    for damaged in (
        "[[1, 2]",
        "[[1, 2]]",
        "7",
        "[" * 5000,
        '[["a", "b"]]',
        "[[1e999, 0], [1, 1], [1, 1], [1, 1], [1, 1]]",
    ):
        with store.database.writing() as connection:
            connection.execute(text("UPDATE images SET points = :value").bindparams(value=damaged))
        assert store.images.places([1])[1].points is None
    with store.database.writing() as connection:
        connection.execute(text("UPDATE images SET points = :value").bindparams(value=b"\xff\x00"))
    assert store.images.places([1])[1].points is None


def test_the_points_are_those_of_the_face_at_the_box(person: RGB) -> None:
    other = cv2.convertScaleAbs(person[:, ::-1], alpha=0.8)
    two = np.concatenate([person, other], axis=1)
    for left in (170, 750):
        points = points_near(two, Box(left, 60, 100, 120))
        assert points is not None and left < points[:, 0].min() < points[:, 0].max() < left + 100
    assert points_near(two, Box(300, 400, 60, 60)) is None
