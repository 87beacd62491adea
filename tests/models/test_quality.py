from __future__ import annotations

import time

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from models.box import Box
from models.crop import face_crop, grey_square
from models.finder import FaceFinder, FoundFace
from models.quality import FAULTS, Quality, quality_of
from tests.serving import astronaut

RNG = np.random.default_rng(0)


def face() -> NDArray[np.uint8]:
    """The portrait's face, (48, 48) grey."""
    return grey_square(astronaut()[70:190, 165:285])


POINTS = ((16, 20), (32, 20), (24, 28), (18, 36), (30, 36))
SIZE = 480, 480
"""Of a picture in which `found` is whole and large."""


def found(points: object = POINTS, certainty: float = 0.9) -> FoundFace:
    """A face in the middle of such a picture; points as they would be on a crop of 48 pixels."""
    return FoundFace(Box(120, 120, 240, 240), certainty, 100 + 5 * np.asarray(points, np.float32))


def shrunk(crop: NDArray[np.uint8], side: int) -> NDArray[np.uint8]:
    small = cv2.resize(crop, (side, side), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.resize(small, (48, 48), interpolation=cv2.INTER_LINEAR), np.uint8)


def noisy(crop: NDArray[np.uint8], sigma: float) -> NDArray[np.uint8]:
    return np.clip(crop + sigma * RNG.standard_normal(crop.shape), 0, 255).astype(np.uint8)


def barred(crop: NDArray[np.uint8], top: int, grey: int) -> NDArray[np.uint8]:
    crop = crop.copy()
    crop[top : top + 10, 4:44] = grey
    return crop


def test_nothing_speaks_against_a_sharp_face_that_looks_at_the_camera() -> None:
    assert quality_of(face(), *SIZE, found()) == Quality(1.0, ())


@pytest.mark.parametrize(
    ("fault", "crop"),
    [
        ("noisy", noisy(face(), 20)),
        ("noisy", noisy((face() * 0.4).astype(np.uint8), 8)),
        ("blurred", shrunk(face(), 16)),
        ("blurred", cv2.GaussianBlur(face(), (0, 0), 2)),
        ("blurred", cv2.blur(face(), (9, 1))),
        ("dark", (face() * 0.2).astype(np.uint8)),
        ("covered", barred(face(), 13, 0)),
        ("covered", barred(face(), 33, 128)),
    ],
)
def test_what_is_wrong_with_the_picture_is_named_first(fault: str, crop: NDArray[np.uint8]) -> None:
    quality = quality_of(np.asarray(crop, np.uint8), *SIZE, found())
    assert quality.faults[0] == fault and quality.score < 0.9


def test_the_worse_the_lower() -> None:
    scores = [quality_of(noisy(face(), sigma), *SIZE).score for sigma in (5, 15, 25, 40)]
    assert scores == sorted(scores, reverse=True) and scores[-1] < 0.5


def test_a_small_face_is_small_not_blurred() -> None:
    assert quality_of(shrunk(face(), 14), 14, 14).faults == ("small",)


def test_a_face_in_front_of_a_window_is_dark() -> None:
    crop = (face() * 0.2).astype(np.uint8)
    crop[:, :9], crop[:, 39:], crop[:7] = 250, 250, 250
    assert "dark" in quality_of(crop, *SIZE).faults


def moved(down: float) -> FoundFace:
    face = found()
    return FoundFace(face.box, face.certainty, face.points + np.array([0, down], np.float32))


def test_a_face_that_is_cut_by_the_edge() -> None:
    assert quality_of(face(), *SIZE, moved(-90)).faults == ()
    assert quality_of(face(), *SIZE, moved(-230)).faults == ("cut off",)


@pytest.mark.parametrize(
    "points",
    [
        ((16, 20), (32, 20), (35, 28), (18, 36), (30, 36)),  # the nose beside the cheek
        ((22, 20), (25, 20), (24, 28), (22, 36), (26, 36)),  # eyes one behind the other
        ((16, 20), (32, 20), (24, 19), (18, 36), (30, 36)),  # looks up
        ((16, 20), (32, 20), (24, 38), (18, 36), (30, 36)),  # looks down
    ],
)
def test_a_face_that_is_turned_away(points: object) -> None:
    assert quality_of(face(), *SIZE, found(points)).faults == ("turned away",)


@pytest.mark.parametrize("angle", [0, 30, 90, 180, 250])
def test_a_face_on_its_side_is_not_turned_away(angle: float) -> None:
    turn = cv2.getRotationMatrix2D((24, 28), angle, 1.0)
    points = np.asarray(POINTS) @ turn[:, :2].T + turn[:, 2]
    assert quality_of(face(), *SIZE, found(points)) == Quality(1.0, ())


@pytest.mark.parametrize("value", [0.0, np.nan, np.inf, 1e30])
@pytest.mark.parametrize("crop", [np.zeros((48, 48), np.uint8), np.full((1, 1), 255, np.uint8), face()])
def test_points_that_coincide_or_are_no_numbers_still_get_a_quality(value: float, crop: NDArray[np.uint8]) -> None:
    box = Box(10, 10, 40, 40)
    quality = quality_of(crop, 60, 50, FoundFace(box, 0.9, np.full((5, 2), value, np.float32)))
    assert 0 <= quality.score <= 1 and "turned away" in quality.faults
    assert set(quality.faults) <= set(FAULTS)


def test_a_face_that_was_hardly_found_is_covered() -> None:
    assert quality_of(face(), *SIZE, found(certainty=0.71)).faults == ("covered",)


def test_the_portrait_as_it_is_found_has_no_fault() -> None:
    picture = astronaut()
    (seen,) = FaceFinder().find(picture)
    assert quality_of(face_crop(picture, seen.points), 512, 512, seen).faults == ()


def test_it_takes_little_time() -> None:
    crop, seen = face(), found()
    times = []
    for _ in range(200):
        began = time.perf_counter()
        quality_of(crop, *SIZE, seen)
        times.append(time.perf_counter() - began)
    assert min(times) < 0.0003
