import numpy as np
import pytest

from models.crop import Square, grey_pixels, upright_square


def test_a_square_is_cut_out_in_whole_pixels() -> None:
    ramp = np.zeros((100, 200, 3), np.uint8)
    ramp[..., 0], ramp[..., 1] = np.arange(200), np.arange(100)[:, None]
    square, left, top = upright_square(ramp, Square(70, 40, 40, angle=0.3))
    assert square.shape == (40, 40, 3) and (left, top) == (50, 20)
    assert square[0, 0].tolist() == [50, 20, 0] and square[-1, -1].tolist() == [89, 59, 0]


@pytest.mark.parametrize("centre", [(0, 20), (-80, 20), (310, 20), (20, -80), (20, 310), (45, 55)])
def test_beyond_the_picture_the_nearest_pixels_are_repeated(centre: tuple[int, int]) -> None:
    rng = np.random.default_rng(0)
    picture = rng.integers(0, 255, (60, 50, 3), dtype=np.uint8)
    square, left, top = upright_square(picture, Square(*centre, 20))
    rows, columns = np.arange(top, top + 20).clip(0, 59), np.arange(left, left + 20).clip(0, 49)
    assert (square == picture[rows[:, None], columns]).all()


def test_pixels_are_grey_and_raw() -> None:
    red = np.zeros((96, 96, 3), np.uint8)
    red[..., 0] = 200
    pixels = grey_pixels([red, np.full((48, 48), 17, np.uint8)])
    assert pixels.shape == (2, 1, 48, 48) and pixels.dtype == np.float32
    assert np.unique(pixels[0]).tolist() == [60] and np.unique(pixels[1]).tolist() == [17]
