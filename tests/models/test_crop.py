import numpy as np
import pytest

from models.box import Box
from models.crop import crop, grey_pixels


def test_crop_is_the_square_of_the_box_height() -> None:
    ramp = np.zeros((100, 200, 3), np.uint8)
    ramp[..., 0], ramp[..., 1] = np.arange(200), np.arange(100)[:, None]
    square = crop(ramp, Box(60, 20, 20, 40))
    assert square.shape == (40, 40, 3)
    assert square[0, 0].tolist() == [50, 20, 0] and square[-1, -1].tolist() == [89, 59, 0]


def test_crop_repeats_the_edge_and_scales() -> None:
    ramp = np.tile(np.arange(50, dtype=np.uint8)[None, :, None], (50, 1, 3))
    square = crop(ramp, Box(-10, 10, 20, 20), scale=2.0)
    assert square.shape == (40, 40, 3)
    assert (square[:, :20] == 0).all() and square[0, -1, 0] == 19
    assert crop(ramp, Box(10, 10, 20, 20), side=48).shape == (48, 48, 3)


@pytest.mark.parametrize(
    "box", [Box(-90, 10, 20, 20), Box(300, 10, 20, 20), Box(10, -90, 20, 20), Box(10, 300, 20, 20)]
)
def test_a_crop_outside_the_picture_is_its_nearest_edge(box: Box) -> None:
    rng = np.random.default_rng(0)
    picture = rng.integers(0, 255, (60, 50, 3), dtype=np.uint8)
    square = crop(picture, box)
    rows = np.arange(round(box.y), round(box.y) + 20).clip(0, 59)
    columns = np.arange(round(box.x), round(box.x) + 20).clip(0, 49)
    assert (square == picture[rows[:, None], columns]).all()


def test_pixels_are_grey_and_raw() -> None:
    red = np.zeros((96, 96, 3), np.uint8)
    red[..., 0] = 200
    pixels = grey_pixels([red, np.full((48, 48), 17, np.uint8)])
    assert pixels.shape == (2, 1, 48, 48) and pixels.dtype == np.float32
    assert np.unique(pixels[0]).tolist() == [60] and np.unique(pixels[1]).tolist() == [17]
