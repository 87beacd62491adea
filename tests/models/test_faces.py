import cv2
import numpy as np
import pytest
from skimage import data as pictures

from models.faces import NEAR_SIDE, Box, FaceFinder, FaceFollower, Tracker, around, crop

SURE, UNSURE = np.array([[0.9, 0.1]], np.float32), np.array([[0.1, 0.9]], np.float32)


@pytest.fixture(scope="module")
def astronaut() -> np.ndarray:
    return pictures.astronaut()


def test_the_astronauts_face_is_found_at_every_size(astronaut: np.ndarray) -> None:
    for side in (160, 320, 640):
        boxes = FaceFinder(side).find(astronaut)
        assert len(boxes) == 1
        assert boxes[0].overlap(Box(178, 63, 90, 113)) > 0.7


def test_two_faces_come_largest_first(astronaut: np.ndarray) -> None:
    small = astronaut[::2, ::2]
    canvas = np.full((512, 800, 3), 128, np.uint8)
    canvas[:256, 520:776], canvas[:, :512] = small, astronaut
    boxes = FaceFinder(640).find(canvas)
    assert len(boxes) == 2
    assert boxes[0].centre[0] < 512 < boxes[1].centre[0]


@pytest.mark.parametrize("shape", [(1, 1, 3), (3, 2000, 3), (480, 640, 3)])
def test_no_face(shape: tuple[int, ...]) -> None:
    assert FaceFinder().find(np.full(shape, 90, np.uint8)) == []


def scene(*places: tuple[int, int], shape: tuple[int, int, int] = (480, 640, 3)) -> np.ndarray:
    """Grey, with the astronaut's head and shoulders (160×160, its face about 70 high) at each (left, top)."""
    picture = np.full(shape, 110, np.uint8)
    head = pictures.astronaut()[0:256, 96:352]
    for left, top in places:
        picture[top : top + 160, left : left + 160] = cv2.resize(head, (160, 160), interpolation=cv2.INTER_AREA)
    return picture


def test_a_followed_face_is_found_where_it_goes() -> None:
    follower, finder = FaceFollower(interval=1e9), FaceFinder()
    for step in range(12):
        frame = scene((100 + 12 * step, 100 + 6 * step))
        (followed,), (found,) = follower.find(frame, step / 30), finder.find(frame)
        assert followed.overlap(found) > 0.7


def test_a_followed_face_that_stands_still_keeps_its_box() -> None:
    follower, frame = FaceFollower(interval=0.1), scene((200, 150))
    follower.find(frame, 0.0)
    assert len({follower.find(frame, time / 30)[0] for time in range(1, 30)}) == 1


def test_a_second_face_is_noticed_within_the_interval() -> None:
    follower = FaceFollower(interval=0.3)
    assert len(follower.find(scene((60, 100)), 0.0)) == 1
    both = scene((60, 100), (420, 200))
    counts = [len(follower.find(both, time / 10)) for time in range(1, 6)]
    assert counts[0] == 1 and counts[2:] == [2, 2, 2]


def test_a_face_that_jumps_or_leaves_is_noticed_at_once() -> None:
    follower = FaceFollower(interval=1e9)
    follower.find(scene((20, 20)), 0.0)
    (jumped,) = follower.find(scene((440, 300)), 0.1)
    assert jumped.centre[0] > 440
    assert follower.find(scene(), 0.2) == []
    assert len(follower.find(scene((20, 20)), 0.3)) == 1


class Sees:
    """A finder that always sees the same."""

    def __init__(self, *boxes: Box) -> None:
        self.boxes = boxes

    def find(self, rgb: np.ndarray) -> list[Box]:
        return list(self.boxes)


def test_what_is_seen_near_by_hides_no_face_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    poster, person = Box(40, 40, 60, 70), Box(400, 200, 100, 120)
    follower, frame = FaceFollower(interval=0.3), scene()
    monkeypatch.setattr(follower, "_everywhere", Sees(poster))
    follower.find(frame, 0.0)
    monkeypatch.setattr(follower, "_near", Sees(Box(38, 41, 60, 70)))
    monkeypatch.setattr(follower, "_everywhere", Sees(person))
    assert len(follower.find(frame, 0.1)) == 1
    assert [box.width for box in follower.find(frame, 0.4)] == [100, 60]


def test_a_frame_of_another_size_is_no_trouble() -> None:
    follower = FaceFollower(interval=1e9)
    follower.find(scene((440, 300)), 0.0)
    for shape in ((240, 320, 3), (100, 90, 3), (1, 1, 3), (720, 1280, 3)):
        assert follower.find(np.full(shape, 110, np.uint8), 0.1) == []


@pytest.mark.parametrize(
    ("boxes", "square"),
    [
        ([], None),
        ([Box(300, 200, 80, 100)], (240, 150, 200)),
        ([Box(0, 0, 40, 50)], (0, 0, NEAR_SIDE)),
        ([Box(600, 430, 40, 50)], (480, 320, NEAR_SIDE)),
        ([Box(100, 50, 250, 300)], None),
        ([Box(100, 100, 80, 100), Box(220, 120, 80, 100)], (50, 10, 300)),
        ([Box(100, 100, 40, 40), Box(400, 100, 40, 40)], None),
    ],
    ids=["none", "one", "upper left", "lower right", "too large", "two", "too far apart"],
)
def test_the_square_around_faces(boxes: list[Box], square: tuple[int, int, int] | None) -> None:
    assert around(boxes, (480, 640, 3)) == square


def test_crop_is_the_square_of_the_box_height() -> None:
    ramp = np.zeros((100, 200, 3), np.uint8)
    ramp[..., 0], ramp[..., 1] = np.arange(200), np.arange(100)[:, None]
    square = crop(ramp, Box(60, 20, 20, 40))
    assert square.shape == (40, 40, 3)
    assert square[0, 0].tolist() == [50, 20, 0] and square[-1, -1].tolist() == [89, 59, 0]


def test_crop_repeats_the_edge_and_scales() -> None:
    ramp = np.tile(np.arange(50, dtype=np.uint8)[None, :, None], (50, 1, 3))
    square = crop(ramp, Box(-10, 10, 20, 20), scale=2.0)
    assert square.shape == (40, 40, 3)
    assert (square[:, :20] == 0).all() and square[0, -1, 0] == 19
    assert crop(ramp, Box(10, 10, 20, 20), side=48).shape == (48, 48, 3)


@pytest.mark.parametrize(
    "box", [Box(-90, 10, 20, 20), Box(300, 10, 20, 20), Box(10, -90, 20, 20), Box(10, 300, 20, 20)]
)
def test_a_crop_outside_the_picture_is_its_nearest_edge(box: Box) -> None:
    rng = np.random.default_rng(0)
    picture = rng.integers(0, 255, (60, 50, 3), dtype=np.uint8)
    square = crop(picture, box)
    rows = np.arange(round(box.y), round(box.y) + 20).clip(0, 59)
    columns = np.arange(round(box.x), round(box.x) + 20).clip(0, 49)
    assert (square == picture[rows[:, None], columns]).all()


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
