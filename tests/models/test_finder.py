import cv2
import numpy as np
import pytest
from skimage import data as pictures

from models.box import Box
from models.finder import FaceFinder


@pytest.fixture(scope="module")
def astronaut() -> np.ndarray:
    return pictures.astronaut()


def test_the_astronauts_face_is_found_at_every_size(astronaut: np.ndarray) -> None:
    for side in (160, 320, 640):
        (face,) = FaceFinder(side).find(astronaut)
        assert face.box.overlap(Box(178, 63, 90, 113)) > 0.7
        assert 0.7 <= face.certainty <= 1
        eyes_nose_and_mouth = [(204, 107), (242, 108), (222, 124), (204, 144), (239, 144)]
        np.testing.assert_allclose(face.points, eyes_nose_and_mouth, atol=8)


def test_two_faces_come_largest_first(astronaut: np.ndarray) -> None:
    small = astronaut[::2, ::2]
    canvas = np.full((512, 800, 3), 128, np.uint8)
    canvas[:256, 520:776], canvas[:, :512] = small, astronaut
    large, little = FaceFinder(640).find(canvas)
    assert large.box.centre[0] < 512 < little.box.centre[0]


@pytest.mark.parametrize("shape", [(1, 1, 3), (3, 2000, 3), (480, 640, 3)])
def test_no_face(shape: tuple[int, ...]) -> None:
    assert FaceFinder().find(np.full(shape, 90, np.uint8)) == []


@pytest.mark.parametrize("shape", [(480, 640), (301, 517), (640, 200)])
def test_a_large_picture_is_reduced_and_its_faces_are_in_its_own_pixels(shape: tuple[int, int]) -> None:
    picture = scene((20, 60), shape=(*shape, 3))
    (face,) = FaceFinder(320).find(picture)
    twice = cv2.resize(picture, (shape[1] * 2, shape[0] * 2), interpolation=cv2.INTER_LINEAR)
    (same,) = FaceFinder(320).find(twice)
    assert Box(*(value / 2 for value in same.box.as_tuple())).overlap(face.box) > 0.93
    np.testing.assert_allclose(same.points / 2, face.points, atol=2)


def test_a_certainty_that_no_face_reaches() -> None:
    assert FaceFinder(certainty=0.99).find(scene((200, 150))) == []


def scene(*places: tuple[int, int], shape: tuple[int, int, int] = (480, 640, 3)) -> np.ndarray:
    """Grey, with the astronaut's head and shoulders (160×160, its face about 70 high) at each (left, top)."""
    picture = np.full(shape, 110, np.uint8)
    head = pictures.astronaut()[0:256, 96:352]
    for left, top in places:
        picture[top : top + 160, left : left + 160] = cv2.resize(head, (160, 160), interpolation=cv2.INTER_AREA)
    return picture
