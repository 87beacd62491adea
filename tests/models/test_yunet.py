"""YuNet in ONNX Runtime against OpenCV's own FaceDetectorYN, which runs the same weights."""

from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np
import pytest
from skimage import data as pictures

from models.yunet import detect, yunet_weights


def by_opencv(rgb: np.ndarray, certainty: float = 0.7) -> np.ndarray:
    size = rgb.shape[1], rgb.shape[0]
    detector = cv2.FaceDetectorYN.create(str(yunet_weights()), "", size, certainty, 0.3, 5000)
    _, rows = detector.detect(cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR))
    return np.zeros((0, 15), np.float32) if rows is None else rows


def scene(width: int, height: int, *heads: tuple[int, int, int], noise: float = 0) -> np.ndarray:
    """Grey, with the astronaut's head and shoulders at each (left, top, side), cut off at the edges."""
    picture = np.full((height, width, 3), 110, np.float32)
    for left, top, side in heads:
        head = cv2.resize(pictures.astronaut()[0:256, 96:352], (side, side), interpolation=cv2.INTER_AREA)
        part = picture[max(0, top) : top + side, max(0, left) : left + side]
        part[:] = head[max(0, -top) :, max(0, -left) :][: part.shape[0], : part.shape[1]]
    picture += np.random.default_rng(7).normal(0, noise, picture.shape) if noise else 0
    return picture.clip(0, 255).astype(np.uint8)


SCENES = {
    "one": (320, 240, (90, 40, 160)),
    "with padding": (301, 219, (70, 30, 150)),
    "small": (320, 240, (230, 160, 40)),
    "large": (640, 480, (80, 0, 470)),
    "over the left edge": (320, 240, (-75, 40, 180)),
    "over the lower edge": (320, 240, (60, 110, 200)),
    "two": (320, 180, (0, 10, 100), (190, 60, 120)),
    "six": (640, 480, (0, 0, 200), (210, 0, 150), (380, 0, 250), (0, 220, 120), (150, 200, 240), (420, 260, 60)),
    "touching": (320, 240, (60, 40, 120), (120, 60, 120)),
    "upright": (180, 320, (10, 100, 160)),
    "none": (320, 240),
}


@pytest.mark.parametrize("noise", [0, 20])
@pytest.mark.parametrize("places", SCENES.values(), ids=SCENES)
def test_the_faces_are_those_of_opencv(places: tuple, noise: float) -> None:
    rgb = scene(*places, noise=noise)
    for certainty in (0.7, 0.2):
        found, expected = detect(rgb, certainty), by_opencv(rgb, certainty)
        np.testing.assert_allclose(found[:, 14], expected[:, 14], atol=1e-3)
        np.testing.assert_allclose(found, expected, atol=0.1)


def test_the_scenes_have_the_faces_that_they_should() -> None:
    counts = {name: len(detect(scene(*places))) for name, places in SCENES.items()}
    assert counts["none"] == 0
    assert (counts["one"], counts["two"], counts["six"]) == (1, 2, 6)
    assert min(counts[name] for name in ("small", "large", "over the left edge", "with padding")) == 1


def test_a_picture_smaller_than_the_network_sees_has_no_face() -> None:
    # OpenCV makes up boxes of infinite size here, now and then.
    assert [len(detect(scene(width, 17, (0, 0, 17)))) for width in (1, 17, 31, 33)] == [0, 0, 0, 0]


def test_the_points_lie_in_the_face_in_their_order() -> None:
    (row,) = detect(scene(320, 240, (90, 40, 160)))
    left, top, width, height = row[:4]
    points = row[4:14].reshape(5, 2)
    assert ((points > (left, top)) & (points < (left + width, top + height))).all()
    eye, other_eye, nose, mouth, other_mouth = points
    assert eye[0] < nose[0] < other_eye[0] and mouth[0] < other_mouth[0]
    assert max(eye[1], other_eye[1]) < nose[1] < min(mouth[1], other_mouth[1])


def test_threads_share_the_network() -> None:
    scenes = [scene(*SCENES[name]) for name in ("one", "two", "with padding", "none")] * 8
    with ThreadPoolExecutor(4) as threads:
        together = list(threads.map(detect, scenes))
    for rgb, found in zip(scenes, together, strict=True):
        np.testing.assert_array_equal(found, detect(rgb))
