from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from skimage import data as pictures

from models.predictor import Predictor
from models.versions import Versions


@pytest.fixture(scope="module")
def predictor(tmp_path_factory: pytest.TempPathFactory) -> Predictor:
    return Predictor(Versions(tmp_path_factory.mktemp("versions")).get(0))


def test_the_astronaut_smiles(predictor: Predictor) -> None:
    faces = predictor.faces(pictures.astronaut())
    assert len(faces) == 1
    assert faces[0].label == "happiness"
    assert faces[0].probabilities["happiness"] == max(faces[0].probabilities.values())
    assert sum(faces[0].probabilities.values()) == pytest.approx(1, abs=1e-5)


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
    assert max(sizes) <= 8e6
    assert predictor.version.card.onnx_proof and predictor.version.card.onnx_proof.holds
    assert predictor.labels[:2] == ("neutral", "happiness")
