import cv2
import numpy as np
import pytest

from models.box import Box
from models.crop import face_square
from models.frame import Frame
from models.tracker import Track, Tracker
from tests.models.found_faces import face_at
from tests.serving import jpeg, moving_face

SURE, UNSURE = np.array([[0.9, 0.1]], np.float32), np.array([[0.1, 0.9]], np.float32)


def update(tracker: Tracker, boxes: list[Box], rows: np.ndarray, time: float) -> list[Track]:
    return tracker.update(tracker.steadied([face_at(box) for box in boxes], time), rows, time)


def test_a_face_keeps_its_id_while_it_moves() -> None:
    tracker = Tracker()
    ids = {update(tracker, [Box(100 + 3 * i, 50, 80, 80)], SURE, i / 30)[0].id for i in range(60)}
    assert ids == {1}


def test_faces_that_cross_the_list_keep_their_ids() -> None:
    tracker = Tracker()
    left, right = Box(0, 0, 50, 50), Box(200, 0, 50, 50)
    both = np.concatenate([SURE, UNSURE])
    first = update(tracker, [left, right], both, 0.0)
    second = update(tracker, [right, left], both[::-1], 0.03)
    assert [track.id for track in second] == [first[1].id, first[0].id]


def test_a_face_away_for_long_comes_back_as_another() -> None:
    tracker = Tracker()
    box = Box(0, 0, 50, 50)
    first = update(tracker, [box], SURE, 0.0)[0].id
    assert update(tracker, [], SURE[:0], 0.1) == []
    assert update(tracker, [box], SURE, 0.4)[0].id == first
    assert update(tracker, [box], SURE, 5.0)[0].id != first


def test_probabilities_are_smoothed_but_not_slow() -> None:
    tracker = Tracker()
    box = Box(0, 0, 50, 50)
    update(tracker, [box], SURE, 0.0)
    after_one = update(tracker, [box], UNSURE, 1 / 30)[0].probabilities
    assert 0.5 < after_one[0] < 0.9
    times = [i / 30 for i in range(2, 10)]
    later = [update(tracker, [box], UNSURE, time)[0].probabilities[1] for time in times]
    assert later[5] > 0.7, "a quarter of a second after the change it must have come through"


@pytest.mark.parametrize("scale", [1.0, 0.7])
def test_the_box_of_a_still_face_stays_still_in_a_cameras_noise(scale: float) -> None:
    tracker, random, boxes = Tracker(), np.random.default_rng(3), []
    face = cv2.resize(moving_face(0, 60), None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    still = np.full((480, 640, 3), 110, np.float32)
    still[: face.shape[0], : face.shape[1]] = face
    for step in range(40):
        noisy = (still + random.normal(0, 8, still.shape)).clip(0, 255).astype(np.uint8)
        (found,) = Frame(jpeg(noisy, 80)).faces()
        boxes.append(update(tracker, [found.box], SURE, step / 30)[0].face.box.as_tuple())
    assert np.std(boxes[5:], axis=0).max() < 0.2, "pixels of a frame of 640"


def test_the_crop_of_a_still_face_stays_still_in_a_cameras_noise() -> None:
    tracker, random, squares = Tracker(), np.random.default_rng(3), []
    still = moving_face(0, 60).astype(np.float32)
    for step in range(40):
        noisy = (still + random.normal(0, 8, still.shape)).clip(0, 255).astype(np.uint8)
        (found,) = Frame(jpeg(noisy, 80)).faces()
        (place,) = tracker.steadied([found], step / 30)
        tracker.update([place], SURE, step / 30)
        both = [face_square(face.points, face.box) for face in (place, found)]
        squares.append([(square.x, square.y, square.side, square.side * square.angle) for square in both])
    steady, as_found = np.abs(np.diff(squares[5:], axis=0)).mean((0, 2)) / squares[0][0][2]
    assert steady < 0.002 and steady < 0.5 * as_found, "parts of the crop's side, from frame to frame"


def test_the_crop_follows_a_move_at_once() -> None:
    tracker, time = Tracker(), 0.0
    for step in range(5):
        place = face_at(Box(100 + 8 * step, 50, 80, 100))
        (shown,) = tracker.steadied([place], time)
        tracker.update([shown], SURE, time)
        time += 1 / 30
    assert np.abs(shown.points - place.points).max() < 8


def test_the_box_follows_a_move_at_once() -> None:
    tracker = Tracker()
    update(tracker, [Box(100, 50, 80, 100)], SURE, 0.0)
    moved = [update(tracker, [Box(120, 50, 80, 100)], SURE, step / 30)[0].face.box.x for step in (1, 2, 3)]
    assert moved[0] > 110 and moved[1] > 115 and moved[2] > 118


def test_a_slow_move_comes_through_too() -> None:
    tracker, place = Tracker(), Box(100, 50, 80, 100)
    for step in range(60):
        place = Box(100 + 0.5 * step, 50, 80, 100)
        shown = update(tracker, [place], SURE, step / 30)[0].face.box
    assert place.x - 3 < shown.x < place.x
    for step in range(60, 90):
        shown = update(tracker, [place], SURE, step / 30)[0].face.box
    assert abs(shown.x - place.x) < 0.5


def test_a_change_of_labels_starts_anew() -> None:
    tracker = Tracker()
    box = Box(0, 0, 50, 50)
    update(tracker, [box], SURE, 0.0)
    wider = np.array([[0.2, 0.3, 0.5]], np.float32)
    assert update(tracker, [box], wider, 0.03)[0].probabilities.tolist() == wider[0].tolist()
