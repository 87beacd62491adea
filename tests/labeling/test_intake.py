from __future__ import annotations

import io
from contextlib import suppress
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image, ImageFile
from PIL.PngImagePlugin import PngInfo

from labeling import intake
from labeling.gallery import GalleryFilter
from labeling.measuring import perceptual_hash
from models.box import Box
from models.pictures import BadImage, decode, encode_jpeg
from tests.labeling.face_patterns import open_store, picture

data = pytest.importorskip("skimage.data")


@pytest.fixture(scope="module")
def person() -> np.ndarray:
    return np.asarray(data.astronaut())


def with_exif(rgb: np.ndarray, orientation: int) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "A camera maker"
    exif.get_ifd(0x8825)[2] = (52.0, 31.0, 12.0)  # latitude
    file = io.BytesIO()
    Image.fromarray(rgb).save(file, "JPEG", quality=95, exif=exif, comment=b"a secret place")
    return file.getvalue()


def test_a_face_is_cut_out_wide_with_its_box_inside(person: np.ndarray) -> None:
    (found,) = intake.faces_in(person)
    crop = found.crop
    assert crop.width == crop.height == pytest.approx(1.6 * found.box.height, abs=1.5)
    assert crop.box.height == pytest.approx(crop.width / 1.6, abs=1)
    assert crop.box.centre == pytest.approx((crop.width / 2, crop.height / 2), abs=0.5)
    assert decode(crop.data).shape == (crop.height, crop.width, 3)


def test_a_large_face_is_reduced_to_512_pixels_and_the_box_with_it(person: np.ndarray) -> None:
    crop = intake.wide_crop(cv2.resize(person, None, fx=4, fy=4), Box(700, 250, 360, 480))
    assert (crop.width, crop.height) == (512, 512)
    assert crop.box.height == pytest.approx(320, abs=0.5)


def test_orientation_is_honoured_and_all_metadata_dropped(person: np.ndarray) -> None:
    turned = np.rot90(person)  # what a camera held upright stores, with orientation 6
    (found,) = intake.faces_in(decode(with_exif(np.ascontiguousarray(turned), 6)))
    (plain,) = intake.faces_in(person)
    assert found.box.centre == pytest.approx(plain.box.centre, abs=6)
    for kept in (found.crop.data, intake.whole_crop(with_exif(person, 1), person).data):
        with Image.open(io.BytesIO(kept)) as image:
            assert not image.getexif()
            assert not {"exif", "comment", "icc_profile"} & set(image.info)
        assert b"secret" not in kept
        assert b"camera maker" not in kept


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_crop_keeps_its_pixels_and_a_second_pass_its_bytes(kind: str) -> None:
    file = io.BytesIO()
    Image.fromarray(picture(3, 200)).save(file, kind, quality=90)
    rgb = decode(file.getvalue())
    once = intake.whole_crop(file.getvalue(), rgb)
    assert (decode(once.data) == rgb).all()
    assert intake.whole_crop(once.data, rgb).data == once.data


def test_a_near_copy_is_near_and_another_picture_is_far() -> None:
    def bits(rgb: np.ndarray) -> int:
        return perceptual_hash(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY))

    one, other = picture(1, 200), picture(2, 200)
    again = decode(encode_jpeg(cv2.resize(one, (150, 150), interpolation=cv2.INTER_AREA), 60))
    assert bin(bits(one) ^ bits(again)).count("1") <= 3
    assert bin(bits(one) ^ bits(other)).count("1") > 12


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


@pytest.mark.parametrize("how", ["exif", "xmp"])
def test_a_png_that_says_how_it_is_turned_is_turned(how: str) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    text = PngInfo()
    text.add_itxt("XML:com.adobe.xmp", '<x:xmpmeta xmlns:x="adobe:ns:meta/"><d tiff:Orientation="6"/></x:xmpmeta>')
    file = io.BytesIO()
    rgb = picture(3, 200)
    Image.fromarray(rgb).save(file, "PNG", **{"exif": exif} if how == "exif" else {"pnginfo": text})
    upright = decode(file.getvalue())
    assert (upright == np.rot90(rgb, -1)).all()
    kept = intake.whole_crop(file.getvalue(), upright).data
    assert (decode(kept) == upright).all()
    assert b"xmp" not in kept and b"eXIf" not in kept


def test_dark_and_blurry_crops_are_flagged(tmp_path: Path, person: np.ndarray) -> None:
    store = open_store(tmp_path)
    (found,) = intake.faces_in(person)
    sharp = intake.add_crop_from_frame(store, person, found.box, label="fear")
    dark = intake.add_crop_from_frame(store, (person * 0.15).astype(np.uint8), found.box)
    blurred = intake.add_crop_from_frame(store, cv2.GaussianBlur(person, (0, 0), 6), found.box)
    assert [set(store.gallery.item(a.image_id).flags) - {"duplicate"} for a in (sharp, blurred)] == [set(), {"blurry"}]
    assert "dark" in store.gallery.item(dark.image_id).flags


def test_a_frame_is_taught_again_with_another_label(tmp_path: Path, person: np.ndarray) -> None:
    store = open_store(tmp_path)
    (found,) = intake.faces_in(person)
    for label in ("fear", "anger"):
        added = intake.add_crop_from_frame(store, person, found.box, label=label, source="live")
    assert store.gallery.item(added.image_id).label == "anger"
