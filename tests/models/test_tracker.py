import numpy as np

from models.box import Box
from models.tracker import Tracker

SURE, UNSURE = np.array([[0.9, 0.1]], np.float32), np.array([[0.1, 0.9]], np.float32)


def test_a_face_keeps_its_id_while_it_moves() -> None:
    tracker = Tracker()
    ids = {tracker.update([Box(100 + 3 * i, 50, 80, 80)], SURE, i / 30)[0].id for i in range(60)}
    assert ids == {1}


def test_faces_that_cross_the_list_keep_their_ids() -> None:
    tracker = Tracker()
    left, right = Box(0, 0, 50, 50), Box(200, 0, 50, 50)
    both = np.concatenate([SURE, UNSURE])
    first = tracker.update([left, right], both, 0.0)
    second = tracker.update([right, left], both[::-1], 0.03)
    assert [track.id for track in second] == [first[1].id, first[0].id]


def test_a_face_away_for_long_comes_back_as_another() -> None:
    tracker = Tracker()
    box = Box(0, 0, 50, 50)
    first = tracker.update([box], SURE, 0.0)[0].id
    assert tracker.update([], SURE[:0], 0.1) == []
    assert tracker.update([box], SURE, 0.4)[0].id == first
    assert tracker.update([box], SURE, 5.0)[0].id != first


def test_probabilities_are_smoothed_but_not_slow() -> None:
    tracker = Tracker()
    box = Box(0, 0, 50, 50)
    tracker.update([box], SURE, 0.0)
    after_one = tracker.update([box], UNSURE, 1 / 30)[0].probabilities
    assert 0.5 < after_one[0] < 0.9
    times = [i / 30 for i in range(2, 10)]
    later = [tracker.update([box], UNSURE, time)[0].probabilities[1] for time in times]
    assert later[5] > 0.7, "a quarter of a second after the change it must have come through"


def test_a_change_of_labels_starts_anew() -> None:
    tracker = Tracker()
    box = Box(0, 0, 50, 50)
    tracker.update([box], SURE, 0.0)
    wider = np.array([[0.2, 0.3, 0.5]], np.float32)
    assert tracker.update([box], wider, 0.03)[0].probabilities.tolist() == wider[0].tolist()
