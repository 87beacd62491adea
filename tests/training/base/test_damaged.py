import numpy as np
import pytest

from training.base.damaged import DAMAGES, coarse, moved, noisy

CROPS = np.random.default_rng(3).integers(60, 190, (3, 48, 48)).astype(np.uint8)


@pytest.mark.parametrize("name", DAMAGES)
def test_damage_is_the_same_at_every_call_and_leaves_the_crops_alone(name: str) -> None:
    before = CROPS.copy()
    damaged = DAMAGES[name](CROPS)
    assert damaged.shape == CROPS.shape and damaged.dtype == np.uint8
    assert (damaged != CROPS).any((1, 2)).all()
    np.testing.assert_array_equal(DAMAGES[name](CROPS), damaged)
    np.testing.assert_array_equal(CROPS, before)


def test_noise_has_its_standard_deviation_and_no_mean() -> None:
    noise = noisy(np.full((20, 48, 48), 128, np.uint8)).astype(float) - 128
    assert noise.std() == pytest.approx(20, rel=0.02) and abs(noise.mean()) < 0.5


def test_a_third_of_the_resolution_keeps_the_means_of_blocks_of_nine_pixels_and_nothing_finer() -> None:
    board = np.indices((48, 48)).sum(0) % 2 * 255
    assert np.ptp(coarse(board[None].astype(np.uint8), 1 / 3)) < 32
    assert coarse(CROPS, 1 / 2).mean() == pytest.approx(CROPS.mean(), abs=0.5)


def test_a_larger_crop_shows_the_face_smaller_and_a_turn_is_counter_clockwise_about_the_centre() -> None:
    face = np.zeros((1, 48, 48), np.uint8)
    face[0, 14:34, 14:34] = 255
    assert [round(np.sqrt((moved(face, scale=s) > 127).sum())) for s in (0.7, 1.0, 1.4)] == [28, 20, 14]
    face[:] = 0
    face[0, 22:26, 36:40] = 255  # right of the centre
    rows, columns = np.nonzero(moved(face, degrees=90)[0] > 127)
    assert rows.mean() == pytest.approx(9.5, abs=0.6) and columns.mean() == pytest.approx(23.5, abs=0.6)


def test_what_lies_beyond_the_crop_is_its_repeated_edge() -> None:
    np.testing.assert_array_equal(moved(np.full((1, 48, 48), 99, np.uint8), scale=1.4, degrees=30), 99)
