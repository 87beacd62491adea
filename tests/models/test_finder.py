import cv2
import numpy as np
import pytest
from skimage import data as pictures

from models.box import Box
from models.finder import NEAR_SIDE, FaceFinder, FaceFollower, around


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
