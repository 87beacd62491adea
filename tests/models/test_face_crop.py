from __future__ import annotations

import math

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from models.box import Box
from models.crop import Square, cut, face_crop, face_square, points_square
from models.finder import FaceFinder, FoundFace
from tests.serving import astronaut

POINTS = np.array([[40, 50], [70, 50], [55, 68], [43, 85], [67, 85]], np.float32)


def soft(side: int) -> NDArray[np.uint8]:
    """A picture without anything finer than a few pixels, so that how it is sampled does not show."""
    noise = np.random.default_rng(0).normal(128, 900, (side, side))
    return np.asarray(cv2.GaussianBlur(noise, None, side / 40).clip(0, 255), np.uint8)


def moved(points: NDArray[np.float32], turn: NDArray[np.float64]) -> NDArray[np.float32]:
    return np.asarray(points @ turn[:, :2].T + turn[:, 2], np.float32)


def similarity(centre: tuple[float, float], degrees: float, scale: float, shift: tuple[float, float]) -> np.ndarray:
    turn = np.asarray(cv2.getRotationMatrix2D(centre, degrees, scale))
    turn[:, 2] += shift
    return turn


def warped(picture: np.ndarray, turn: np.ndarray, size: int) -> np.ndarray:
    """A picture moved by `turn`, which is about places with (0, 0) at the corner, as the crop's are."""
    by_middles = turn.copy()
    by_middles[:, 2] += turn[:, :2] @ [0.5, 0.5] - 0.5
    return cv2.warpAffine(picture, by_middles, (size, size), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)


@pytest.mark.parametrize("degrees", [0, 7, -30, 90, 180, 135])
@pytest.mark.parametrize("scale", [0.5, 1, 1.7, 3])
def test_turning_scaling_and_shifting_picture_and_points_gives_the_same_crop(degrees: float, scale: float) -> None:
    picture, points = soft(300), POINTS * 1.5 + 60
    turn = similarity((150, 150), degrees, scale, (scale * 150 + 13.3, scale * 150 - 4.8))
    there = warped(picture, turn, 900)
    expected, found = face_crop(picture, points), face_crop(there, moved(points, turn))
    assert expected.std() > 20
    assert np.abs(found.astype(float) - expected).mean() < 1.5


def test_the_square_moves_as_the_points_do() -> None:
    square, turn = points_square(POINTS), similarity((0, 0), -25, 2, (7, 9))
    assert square is not None
    there = points_square(moved(POINTS, turn))
    assert there is not None
    assert (there.x, there.y) == pytest.approx(tuple(turn[:, :2] @ [square.x, square.y] + turn[:, 2]), abs=1e-3)
    assert there.side == pytest.approx(2 * square.side) and there.angle == pytest.approx(math.radians(25), abs=1e-4)


def test_the_nose_does_not_move_the_crop() -> None:
    other = POINTS.copy()
    other[2] = 1000, -1000
    assert points_square(other) == points_square(POINTS)


BAD = {
    "one place": np.full((5, 2), 30.0),
    "not numbers": np.where(np.eye(5, 2) > 0, np.nan, POINTS),
    "endless": np.where(np.eye(5, 2) > 0, np.inf, POINTS),
    "all endless": np.full((5, 2), -np.inf),
    "farther than any picture": POINTS * 1e30,
    "far away": POINTS + np.float32(1e9),
    "within a pixel": POINTS / 1000,
}


@pytest.mark.parametrize("points", BAD.values(), ids=BAD.keys())
@pytest.mark.filterwarnings("error")
def test_points_that_give_no_square_leave_the_box(points: NDArray[np.float32]) -> None:
    picture, box = soft(120), Box(20.0, 30.0, 40.0, 60.0)
    assert points_square(points) is None
    assert face_square(points, box) == face_square(None, box) == Square(40, 60, 60)
    assert (face_crop(picture, points, 48, box) == cut(picture, Square(40, 60, 60), 48)).all()
    assert face_crop(picture, points).shape == (48, 48)


def test_a_picture_without_points_is_taken_whole() -> None:
    picture = np.random.default_rng(1).integers(0, 255, (48, 48), dtype=np.uint8)
    assert (face_crop(picture, None) == picture).all()
    double = picture.repeat(2, 0).repeat(2, 1)
    assert (face_crop(np.dstack([double] * 3), None) == picture).all()


@pytest.mark.parametrize("x", [-40, 0, 110, 170])
@pytest.mark.parametrize("y", [-40, 0, 110, 170])
def test_beyond_the_edge_the_last_pixels_are_repeated(x: int, y: int) -> None:
    picture = soft(120)
    bordered = cv2.copyMakeBorder(picture, 300, 300, 300, 300, cv2.BORDER_REPLICATE)
    for angle in (0.0, 0.4):
        found = cut(picture, Square(x, y, 90, angle), 48)
        expected = cut(bordered, Square(x + 300, y + 300, 90, angle), 48)
        assert np.abs(found.astype(int) - expected).mean() < 1


def test_a_large_face_is_averaged_not_sampled_here_and_there() -> None:
    board = (np.indices((960, 960)).sum(0) % 2 * 255).astype(np.uint8)
    for side in (96, 100, 190, 333, 800):
        fine = cut(board, Square(480, 480, side, 0.0 if side == 96 else 0.3), 48)
        assert np.abs(fine.astype(int) - 127).mean() < 32, side


def test_a_crop_of_a_face_of_twelve_pixels_has_its_light_and_shade() -> None:
    picture, points = soft(300), POINTS * 1.5 + 60
    small = np.asarray(cv2.resize(picture, (30, 30), interpolation=cv2.INTER_AREA))
    large = face_crop(picture, points).astype(float).ravel()
    assert np.corrcoef(face_crop(small, points / 10).astype(float).ravel(), large)[0, 1] > 0.9


def largest(picture: np.ndarray) -> FoundFace:
    return FaceFinder(640).find(picture)[0]


def test_a_face_upside_down_is_cut_out_by_its_points() -> None:
    picture = astronaut()
    points = largest(picture).points
    around = np.ascontiguousarray(picture[::-1, ::-1])
    there = np.array(picture.shape[1::-1], np.float32) - points
    found, expected = face_crop(around, there), face_crop(picture, points)
    assert np.abs(found.astype(int) - expected).mean() < 2


def test_the_network_sees_the_frame_that_ferplus_has() -> None:
    """The mean face of FER+, by its mean points in a frame of 48 × 48, is cut out as that frame."""
    mean = np.array([[15.2, 17.9], [32.6, 18.2], [23.1, 28.4], [16.6, 36.3], [30.7, 36.6]])
    square = points_square(mean)
    assert square is not None
    assert (square.x, square.y, square.side) == pytest.approx((24, 24, 48), abs=0.6) and abs(square.angle) < 0.03
