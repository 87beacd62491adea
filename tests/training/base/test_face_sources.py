from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from models.crop import face_square, grey_square
from models.errors import DiskError
from models.finder import FaceFinder
from tests.serving import astronaut
from tests.training.base.train_small import LABELS, small_faces, small_map
from training.base.face_map import BadFaces, open_map, write_map
from training.base.ferplus_source import CERTAINTY, frame_square
from training.base.folder_source import held_out


def test_what_is_written_is_mapped(tmp_path: Path) -> None:
    faces = small_map(tmp_path / "faces")
    expected = list(small_faces())
    assert len(faces) == 140 and len(faces.held_crops) == 20 and faces.size == 24
    assert all(isinstance(array, np.memmap) for array in (faces.crops, faces.targets, faces.held_crops))
    np.testing.assert_array_equal(faces.crops, np.stack([face.crop for face in expected[:140]]))
    np.testing.assert_array_equal(faces.targets, np.stack([face.target for face in expected[:140]]))
    np.testing.assert_array_equal(faces.squares, np.stack([face.square for face in expected[:140]]))
    np.testing.assert_array_equal(faces.held_classes, [face.target.argmax() for face in expected[140:]])


def test_other_data_or_a_damaged_map_are_written_anew(tmp_path: Path) -> None:
    small_map(tmp_path / "faces")
    assert open_map(tmp_path / "faces", "small") is not None
    assert open_map(tmp_path / "faces", "other") is None
    crops = tmp_path / "faces" / "crops.npy"
    crops.write_bytes(crops.read_bytes()[:-100])
    assert open_map(tmp_path / "faces", "small") is None
    assert len(small_map(tmp_path / "faces")) == 140


def test_no_faces_and_no_room(tmp_path: Path) -> None:
    with pytest.raises(BadFaces, match=r"no face to train on\. 3 pictures"):
        write_map(tmp_path / "faces", "none", LABELS, 24, iter([]), ["3 pictures are left out."])
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "file").write_text("")
    with pytest.raises(DiskError, match="cannot be written"):
        write_map(tmp_path / "file" / "faces", "small", LABELS, 24, small_faces(), [])


def test_nobody_held_out_is_trained_on_and_the_choice_stays() -> None:
    names = [f"{label}/person {person}/{number}.png" for label in "ab" for person in range(40) for number in range(3)]
    held = held_out(names)
    people = {name.split("/")[1] for name in held}
    assert len(people) == 4 and held == {name for name in names if name.split("/")[1] in people}
    assert held_out(reversed(names)) == held


def test_a_label_keeps_pictures_to_learn_from() -> None:
    names = [f"a/person {person}/0.png" for person in range(9)] + ["b/person 3/0.png", "c/person 3/0.png"]
    held = held_out(names)
    assert len(held) == 1 and "person 3" not in next(iter(held))
    assert held_out([f"{label}/person {person}/0.png" for person, label in enumerate("abcdef")]) == frozenset()


def test_without_people_each_label_gives_its_share() -> None:
    names = [f"often/{number}.png" for number in range(100)] + ["rare/0.png", "rare/1.png", "single/0.png"]
    held = held_out(names)
    assert len([name for name in held if name.startswith("often")]) == 10
    assert len([name for name in held if name.startswith("rare")]) == 1 and "single/0.png" not in held


def test_a_frame_that_a_face_fills_has_its_square() -> None:
    picture = astronaut()
    found = FaceFinder().find(picture)[0]
    square = face_square(found.points, found.box)
    side = round(square.side)
    left, top = round(square.x - side / 2), round(square.y - side / 2)
    frame = grey_square(picture[top : top + side, left : left + side])
    x, y, length, angle = frame_square(frame, FaceFinder(384, CERTAINTY))
    assert (x, y) == pytest.approx((24, 24), abs=2) and length == pytest.approx(48, abs=5)
    assert angle == pytest.approx(square.angle, abs=0.1)
    assert np.isnan(frame_square(np.zeros((48, 48), np.uint8), FaceFinder(384, CERTAINTY))).all()
