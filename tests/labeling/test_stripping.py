from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from labeling import intake
from models.pictures import decode
from tests.labeling.face_patterns import picture


def with_exif(rgb: np.ndarray, orientation: int) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "A camera maker"
    exif.get_ifd(0x8825)[2] = (52.0, 31.0, 12.0)  # latitude
    file = io.BytesIO()
    Image.fromarray(rgb).save(file, "JPEG", quality=95, exif=exif, comment=b"a secret place")
    return file.getvalue()


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
