from __future__ import annotations

import io
from contextlib import suppress
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image, ImageFile

from labeling import intake
from labeling.gallery import GalleryFilter
from models.box import Box
from models.crop import face_crop, face_square
from models.finder import STILL_SIDE, FaceFinder
from models.pictures import BadImage, decode, encode_jpeg
from tests.labeling.face_patterns import open_store, picture


def test_a_face_is_cut_out_wide_with_its_box_inside(person: np.ndarray) -> None:
    (found,) = intake.faces_in(person)
    crop = found.crop
    (face,) = FaceFinder(STILL_SIDE).find(person)
    square, inside = face_square(face.points, face.box), face_square(crop.points, crop.box)
    assert crop.width == crop.height == pytest.approx(1.6 * square.side, abs=0.5)
    assert (inside.x, inside.y) == pytest.approx((crop.width / 2, crop.height / 2), abs=1)
    assert inside.side == pytest.approx(square.side, abs=0.01)
    assert (crop.box.width, crop.box.height) == (found.box.width, found.box.height)
    assert decode(crop.data).shape == (crop.height, crop.width, 3)


def test_what_is_stored_is_cut_out_as_the_picture_is(person: np.ndarray) -> None:
    for scale in (0.4, 1, 5):
        picture = np.asarray(cv2.resize(person, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
        (face,) = FaceFinder(STILL_SIDE).find(picture)
        stored = intake.wide_crop(picture, face.box, face.points)
        again = face_crop(decode(stored.data), stored.points, 48, stored.box)
        expected = face_crop(picture, face.points, 48, face.box)
        assert np.abs(again.astype(int) - expected).mean() < 4, scale


def test_the_points_of_a_given_box_are_looked_for_and_a_whole_crop_has_none(person: np.ndarray) -> None:
    (face,) = FaceFinder(STILL_SIDE).find(person)
    png = intake.encode_png(person)
    found = intake.whole_crop(png, person, face.box)
    assert found.points is not None and np.abs(found.points - face.points).max() < 1
    assert intake.whole_crop(png, person).points is None
    assert intake.whole_crop(png, person, Box(0, 0, 512, 512)).points is None
    assert intake.whole_crop(png, person, Box(5, 300, 100, 100)).points is None


def test_a_large_face_is_reduced_to_512_pixels_and_the_box_with_it(person: np.ndarray) -> None:
    crop = intake.wide_crop(cv2.resize(person, None, fx=4, fy=4), Box(700, 250, 360, 480))
    assert (crop.width, crop.height) == (512, 512)
    assert crop.box.height == pytest.approx(320, abs=0.5)


def test_one_face_gets_the_label_and_several_are_offered_without(tmp_path: Path, person: np.ndarray) -> None:
    store = open_store(tmp_path)
    two = np.concatenate([person, cv2.convertScaleAbs(person[:, ::-1], alpha=0.8)], axis=1)
    (single,) = intake.add_picture(store, encode_jpeg(person), label="happiness")
    both = intake.add_picture(store, encode_jpeg(two), label="happiness")
    assert store.gallery.item(single.image_id).label == "happiness"
    assert [store.gallery.item(added.image_id).answer for added in both] == ["", ""]
    assert store.gallery.page(GalleryFilter(flag="several")).total == 2
    assert len({store.gallery.item(added.image_id).session for added in both}) == 1


def test_no_face_and_no_picture_are_refused(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    with pytest.raises(BadImage, match="No face"):
        intake.add_picture(store, encode_jpeg(np.full((300, 300, 3), 90, np.uint8)))
    for wrong in (b"", b"hello", encode_jpeg(picture(1))[:300]):
        with pytest.raises(BadImage):
            intake.add_picture(store, wrong)
    assert store.gallery.page().total == 0


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
@pytest.mark.parametrize("find", [None, True, False])
@pytest.mark.parametrize("side", [64, 512])
def test_a_picture_is_decoded_once(
    monkeypatch: pytest.MonkeyPatch, person: np.ndarray, kind: str, find: bool | None, side: int
) -> None:
    file = io.BytesIO()
    Image.fromarray(cv2.resize(person, (side, side))).save(file, kind)
    decoded: list[str] = []
    load = ImageFile.ImageFile.load

    def counting(image: ImageFile.ImageFile) -> object:
        if image.tile:
            decoded.append(kind)
        return load(image)

    monkeypatch.setattr(ImageFile.ImageFile, "load", counting)
    monkeypatch.setattr(cv2, "imdecode", lambda *_: decoded.append("cv2"))
    with suppress(BadImage):  # the small one has no face that is large enough
        intake.new_faces(file.getvalue(), "fear", None, None, "upload", find)
    assert decoded == [kind]


def test_a_frame_is_taught_again_with_another_label(tmp_path: Path, person: np.ndarray) -> None:
    store = open_store(tmp_path)
    (found,) = FaceFinder(STILL_SIDE).find(person)
    for label in ("fear", "anger"):
        added = intake.add_crop_from_frame(store, person, found, label=label, source="live")
    assert store.gallery.item(added.image_id).label == "anger"
