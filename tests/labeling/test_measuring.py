from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from labeling import intake
from labeling.measuring import perceptual_hash
from models.finder import STILL_SIDE, FaceFinder
from models.pictures import decode, encode_jpeg
from tests.labeling.face_patterns import open_store, picture
from tests.serving import astronaut


def test_a_near_copy_is_near_and_another_picture_is_far() -> None:
    def bits(rgb: np.ndarray) -> int:
        return perceptual_hash(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY))

    one, other = picture(1, 200), picture(2, 200)
    again = decode(encode_jpeg(cv2.resize(one, (150, 150), interpolation=cv2.INTER_AREA), 60))
    assert bin(bits(one) ^ bits(again)).count("1") <= 3
    assert bin(bits(one) ^ bits(other)).count("1") > 12


def test_hashes_are_those_that_data_sets_hold_already() -> None:
    """What `imagehash.phash` 4.3.2 made of eight cuts of one picture."""
    grey = cv2.cvtColor(astronaut(), cv2.COLOR_RGB2GRAY)
    cuts = [grey[step : step + 170, 330 - step : 500 - step] for step in range(0, 320, 40)]
    assert [perceptual_hash(cut) for cut in cuts] == [
        0xE659E41233DB8C5C,
        0xC928B45BB75A4956,
        0x95FF1E067886C0EC,
        0x9DCAE53319E406E3,
        0xA5A2D0C2CBFD4DC4,
        0xF068A468729E9F8E,
        0xEB7461B294995B58,
        0xF1C649566C59DA54,
    ]
    assert perceptual_hash(np.zeros((50, 40), np.uint8)) == 0


def test_dark_and_blurry_crops_are_flagged(tmp_path: Path, person: np.ndarray) -> None:
    store = open_store(tmp_path)
    (found,) = FaceFinder(STILL_SIDE).find(person)
    sharp = intake.add_crop_from_frame(store, person, found, label="fear")
    dark = intake.add_crop_from_frame(store, (person * 0.15).astype(np.uint8), found)
    blurred = intake.add_crop_from_frame(store, cv2.GaussianBlur(person, (0, 0), 6), found)
    assert [set(store.gallery.item(a.image_id).flags) - {"duplicate"} for a in (sharp, blurred)] == [set(), {"blurry"}]
    assert "dark" in store.gallery.item(dark.image_id).flags
