from __future__ import annotations

import numpy as np
import pytest

from models.finder import STILL_SIDE, FaceFinder
from training.export.drawn_face import BACKGROUND, LOOKS, POINTS, drawn_face


@pytest.mark.parametrize("side", [100, 140, 300])
@pytest.mark.parametrize("look", LOOKS)
def test_yunet_takes_it_for_a_face_and_finds_its_points(look: str, side: int) -> None:
    picture = np.full((side + 60, side + 60, 3), BACKGROUND, np.uint8)
    picture[30:-30, 30:-30] = drawn_face(side, LOOKS[look])
    (face,) = FaceFinder(STILL_SIDE).find(picture)
    assert face.certainty > 0.9 and np.abs((face.points - 30) / side - POINTS).max() < 0.07


def test_no_two_looks_are_alike() -> None:
    drawn = [drawn_face(100, look).astype(int) for look in LOOKS.values()]
    for index, face in enumerate(drawn):
        assert all(np.abs(face - other).max() > 60 for other in drawn[:index])
