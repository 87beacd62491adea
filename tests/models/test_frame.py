from __future__ import annotations

import io

import cv2
import numpy as np
import pytest
from PIL import Image

from models.box import Box
from models.crop import face_crop
from models.finder import FaceFinder
from models.frame import Frame
from models.pictures import BadImage
from tests.models.found_faces import face_at
from tests.serving import astronaut, jpeg, moving_face


def portrait(side: int) -> np.ndarray:
    return np.asarray(cv2.resize(astronaut(), (side, side), interpolation=cv2.INTER_AREA), np.uint8)


def test_the_whole_picture() -> None:
    frame, picture = Frame(jpeg(moving_face(0, 60), 95)), moving_face(0, 60)
    assert (frame.width, frame.height) == (640, 480)
    assert np.abs(frame.rgb.astype(int) - picture).mean() < 2


@pytest.mark.parametrize(
    ("width", "height"), [(640, 480), (641, 479), (1280, 720), (480, 640), (320, 240), (200, 301), (2571, 1449)]
)
def test_faces_are_those_of_the_whole_picture(width: int, height: int) -> None:
    picture = np.full((height, width, 3), 110, np.uint8)
    side = min(width, height) * 9 // 10
    picture[-side:, -side:] = portrait(side)
    frame = Frame(jpeg(picture, 95))
    (face,), (expected,) = frame.faces(), FaceFinder().find(frame.rgb)
    assert face.box.overlap(expected.box) > 0.9
    np.testing.assert_allclose(face.points, expected.points, atol=0.05 * face.box.height)


@pytest.mark.parametrize("height", [12, 30, 90, 97, 200, 330])
@pytest.mark.parametrize("size", [(640, 480), (641, 479), (1280, 720), (300, 200)])
def test_a_crop_is_that_of_the_whole_picture(size: tuple[int, int], height: int) -> None:
    picture = cv2.resize(astronaut(), size, interpolation=cv2.INTER_LINEAR)
    frame = Frame(jpeg(np.asarray(picture, np.uint8), 95))
    for box in (Box(size[0] * 0.35, size[1] * 0.1, 0.8 * height, height), Box(-20, -10, 0.8 * height, height)):
        face = face_at(box)
        found, expected = frame.crop(face), face_crop(frame.rgb, face.points)
        assert found.shape == (48, 48)
        assert np.abs(found.astype(int) - expected).mean() < 5


def test_no_more_of_a_frame_is_decoded_than_a_crop_takes() -> None:
    frame, decoded = Frame(jpeg(moving_face(0, 60), 95)), []
    decode = frame._decoded
    frame._decoded = lambda flag: decoded.append(flag) or decode(flag)  # type: ignore[method-assign,func-returns-value]
    frame.faces()
    frame.crop(face_at(Box(300, 200, 100, 130)))
    assert decoded == [cv2.IMREAD_REDUCED_COLOR_2]
    frame.crop(face_at(Box(300, 200, 40, 50)))
    frame.crop(face_at(Box(100, 200, 30, 40)))
    assert decoded == [cv2.IMREAD_REDUCED_COLOR_2, cv2.IMREAD_GRAYSCALE]


def test_a_frame_is_upright_whatever_its_exif_says() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    data = io.BytesIO()
    Image.fromarray(moving_face(0, 60)).save(data, "JPEG", exif=exif, quality=90)
    frame = Frame(data.getvalue())
    assert frame.rgb.shape == (480, 640, 3)
    (face,) = frame.faces()
    assert face.points[:2, 1].max() < face.points[3:, 1].min()


def without_table(data: bytes) -> bytes:
    """A JPEG with a sound header whose first quantization table is a comment instead, so that no pixel can be made."""
    start = data.index(b"\xff\xdb")
    return data[:start] + b"\xff\xfe" + data[start + 2 :]


@pytest.mark.parametrize("size", [(640, 480), (300, 200)])
def test_a_frame_that_shows_its_damage_late_is_refused_by_all_that_decode_it(size: tuple[int, int]) -> None:
    frame = Frame(without_table(jpeg(moving_face(0, 60, *size))))
    for look in (frame.faces, lambda: frame.rgb, lambda: frame.crop(face_at(Box(10, 10, 20, 20)))):
        with pytest.raises(BadImage, match="damaged"):
            look()
