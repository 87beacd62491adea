from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np
import pytest
from skimage import data as pictures

from models.box import Box
from models.finder import FaceFinder, FoundFace
from models.predictor import Predictor
from models.quality import Quality
from models.sureness import REASONS
from models.versions import Versions
from training.base.replay import MAX_BYTES

Damage = Callable[[np.ndarray], np.ndarray]


@pytest.fixture(scope="module")
def predictor(tmp_path_factory: pytest.TempPathFactory) -> Predictor:
    return Predictor(Versions(tmp_path_factory.mktemp("versions")).get(0))


def test_the_astronaut_smiles(predictor: Predictor) -> None:
    faces = predictor.faces(pictures.astronaut())
    assert len(faces) == 1
    assert faces[0].label == "happiness"
    assert faces[0].probabilities["happiness"] == max(faces[0].probabilities.values())
    assert sum(faces[0].probabilities.values()) == pytest.approx(1, abs=1e-5)
    assert faces[0].quality == Quality(1.0) and faces[0].doubt == ""


@pytest.mark.parametrize(
    ("reason", "damage"),
    [
        ("too dark", lambda face: face // 6),
        ("blurred", lambda face: cv2.GaussianBlur(face, (0, 0), 7)),
        ("cut off", lambda face: face[20:, 110:]),
    ],
)
def test_a_face_that_is_hardly_seen_has_that_fault(predictor: Predictor, reason: str, damage: Damage) -> None:
    damaged = np.ascontiguousarray(damage(pictures.astronaut()[0:240, 110:340]))
    (found,) = FaceFinder(certainty=0.3).find(damaged)
    (face,) = predictor.named(damaged, [found])
    assert REASONS[face.quality.faults[0]] == reason


PLACES: list[object] = [
    [[0, 0]] * 5,  # all in one place
    [[np.nan, 5]] * 5,
    [[np.inf, -np.inf]] * 5,
    [[-400, -300], [-390, -300], [-395, -295], [-399, -290], [-391, -290]],  # outside
    [[60, 60], [50, 60], [55, 52], [60, 45], [50, 45]],  # upside down
    [[20, 20], [21, 20], [30, 26], [20, 32], [21, 32]],  # in profile
    [[4, 4], [8, 4], [6, 6], [4, 9], [8, 9]],  # twelve pixels, in the corner
]


@pytest.mark.parametrize("points", PLACES)
@pytest.mark.parametrize("box", [Box(0, 0, 12, 12), Box(-90, 500, 300, 400), Box(3, 3, 1, 1)])
def test_whatever_is_taken_for_a_face_gets_an_answer_with_its_quality(
    predictor: Predictor, points: object, box: Box
) -> None:
    picture = np.random.default_rng(0).integers(0, 255, (90, 100, 3), dtype=np.uint8)
    (face,) = predictor.named(picture, [FoundFace(box, 0.7, np.asarray(points, np.float32))])
    assert np.isfinite(list(face.probabilities.values())).all() and face.label in predictor.labels
    assert 0 <= face.quality.score < 1 and face.quality.faults


def crops(count: int) -> list[np.ndarray]:
    """Noise in colour and in grey, of many sizes."""
    random = np.random.default_rng(count)
    shapes = [(side, side, 3) if side % 2 else (side, side) for side in random.integers(20, 140, count)]
    return [random.integers(0, 255, shape, dtype=np.uint8) for shape in shapes]


@pytest.mark.parametrize("count", [0, 1, 7, 64])
def test_a_batch_gives_what_single_crops_give(predictor: Predictor, count: int) -> None:
    together = predictor.classify(crops(count))
    assert together.shape == (count, 8)
    for crop, row in zip(crops(count), together, strict=True):
        np.testing.assert_allclose(predictor.classify([crop])[0], row, atol=1e-4)


def test_two_threads_at_once_get_what_each_gets_alone(predictor: Predictor) -> None:
    batches = [crops(1 + number % 9) for number in range(60)]
    alone = [predictor.classify(batch) for batch in batches]
    with ThreadPoolExecutor(2) as pool:
        together = list(pool.map(predictor.classify, batches))
    for one, other in zip(alone, together, strict=True):
        np.testing.assert_array_equal(one, other)


def test_nothing_in_nothing_out(predictor: Predictor) -> None:
    assert predictor.classify([]).shape == (0, 8)
    assert predictor.faces(np.zeros((50, 50, 3), np.uint8)) == []


def test_the_shipped_files_are_small_and_fit_their_card(predictor: Predictor) -> None:
    sizes = [path.stat().st_size for path in predictor.version.path.iterdir()]
    assert max(sizes) <= MAX_BYTES
    assert predictor.version.card.onnx_proof and predictor.version.card.onnx_proof.holds
    assert predictor.labels[:2] == ("neutral", "happiness")
