from pathlib import Path

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


def test_a_batch_gives_what_single_crops_give(predictor: Predictor) -> None:
    random = np.random.default_rng(0)
    crops = [random.integers(0, 255, (side, side, 3), dtype=np.uint8) for side in (48, 100, 31)]
    together = predictor.classify(crops)
    assert together.shape == (3, 8)
    for crop, row in zip(crops, together, strict=True):
        np.testing.assert_allclose(predictor.classify([crop])[0], row, atol=1e-4)


def test_nothing_in_nothing_out(predictor: Predictor) -> None:
    assert predictor.classify([]).shape == (0, 8)
    assert predictor.faces(np.zeros((50, 50, 3), np.uint8)) == []


def test_the_shipped_weights_fit_their_card(predictor: Predictor) -> None:
    folder = Path(predictor.version.path)
    assert sum(path.stat().st_size for path in folder.glob("weights*")) <= 8e6
    assert predictor.labels[:2] == ("neutral", "happiness")
