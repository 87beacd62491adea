"""What the cells of a heat map say adds up to the answer, and is what the answer hangs on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from safetensors.numpy import load_file, save_file
from skimage import data as pictures

from models.card import Card
from models.heat_map import HeatMap, contributions, read_heat_map
from models.network import Network, NetworkConfig
from models.onnx_model import FACE, LAST_MAP, PROBABILITIES, load_model
from models.versions import MODEL, WEIGHTS, BadVersion, Version, Versions
from models.weights import load_network, shape_of
from tests.made_versions import copy_base, write_version
from training.base import ferplus
from training.export.onnx_export import write_onnx

FERPLUS = Path(__file__).parents[3] / "shared" / "data" / "ferplus.npz"
Floats = NDArray[np.float32]


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Version:
    return Versions(tmp_path_factory.mktemp("versions")).get(0)


@pytest.fixture
def version(tmp_path: Path) -> Version:
    return copy_base(Versions(tmp_path / "versions"), 1)


class Answerer:
    """A version's model and its heat map."""

    def __init__(self, version: Version) -> None:
        self.version, self.heat_map = version, read_heat_map(version)
        self._session = load_model(version, "cpu")

    def ask(self, faces: NDArray[np.uint8]) -> tuple[Floats, Floats]:
        """Probabilities (N, C) and last maps (N, D, h, w) of faces (N, 48, 48)."""
        batches = np.array_split(faces.astype(np.float32)[:, None], max(1, len(faces) // 50))
        answers = [self._session.run([PROBABILITIES, LAST_MAP], {FACE: batch}) for batch in batches]
        return np.concatenate([one for one, _ in answers]), np.concatenate([two for _, two in answers])


@pytest.fixture(scope="module")
def answerer(base: Version) -> Answerer:
    return Answerer(base)


def small_faces() -> NDArray[np.uint8]:
    """A hundred faces of Labeled Faces in the Wild that scikit-image brings, 25 pixels wide, as (100, 48, 48)."""
    faces = (pictures.lfw_subset()[:100] * 255).astype(np.uint8)  # type: ignore[no-untyped-call]
    return np.stack([cv2.resize(face, (48, 48), interpolation=cv2.INTER_LINEAR) for face in faces])


def lowered(answerer: Answerer, faces: NDArray[np.uint8], order: Floats) -> Floats:
    """By how much the likeliest class loses of its probability, (N,), when the fifth of the cells that is first in
    `order` (N, h, w), from the greatest on, is covered with the crop's mean.
    """
    probabilities, _ = answerer.ask(faces)
    count, height, width = order.shape
    hottest = np.argsort(-order.reshape(count, -1), 1)[:, : max(1, round(height * width / 5))]
    covered = np.zeros((count, height * width), bool)
    np.put_along_axis(covered, hottest, True, 1)
    cells = covered.reshape(order.shape).repeat(48 // height, 1).repeat(48 // width, 2)
    means = faces.mean((1, 2), keepdims=True).astype(np.uint8)
    after, _ = answerer.ask(np.where(cells, means, faces))
    rows, classes = np.arange(count), probabilities.argmax(1)
    return np.asarray(probabilities[rows, classes] - after[rows, classes], np.float32)


def check_faithful(answerer: Answerer, faces: NDArray[np.uint8]) -> None:
    """Covering the hottest fifth costs the answer more than covering any fifth, and that more than the coldest."""
    probabilities, last_map = answerer.ask(faces)
    heat = answerer.heat_map.of(last_map, probabilities)
    random = np.random.default_rng(7)
    hottest, coldest = (lowered(answerer, faces, order) for order in (heat, -heat))
    anywhere = np.mean([lowered(answerer, faces, random.random(heat.shape, np.float32)) for _ in range(5)], 0)
    assert hottest.mean() > 1.3 * anywhere.mean()
    assert hottest.mean() - anywhere.mean() > 2 * (hottest - anywhere).std() / len(faces) ** 0.5
    assert coldest.mean() < anywhere.mean()


def test_contributions_and_bias_are_the_logits(answerer: Answerer, base: Version) -> None:
    faces = small_faces()
    _, last_map = answerer.ask(faces)
    check_sums(load_network(base), faces, last_map, answerer.heat_map)


def test_they_are_with_any_last_map(tmp_path: Path) -> None:
    """One of 6 × 6 cells, with weights that no training has made."""
    config = NetworkConfig(classes=3, widths=(8, 8, 8, 24), depths=(1, 1, 1, 1), first_stride=1)
    torch.manual_seed(0)
    network = Network(config)
    torch.nn.init.normal_(network.pool.weight)
    card = Card(network=shape_of(network), labels=("one", "two", "three"), temperature=1.5)
    version = write_version(Versions(tmp_path), 1, network, card)
    network = load_network(version)
    write_onnx(version.path / MODEL, network, card.labels, card.temperature)
    answerer = Answerer(version)
    faces = np.random.default_rng(0).integers(0, 255, (4, 48, 48), np.uint8)
    _, last_map = answerer.ask(faces)
    assert last_map.shape == (4, 24, 6, 6)
    check_sums(network, faces, last_map, answerer.heat_map)


def check_sums(network: Network, faces: NDArray[np.uint8], last_map: Floats, heat_map: HeatMap) -> None:
    expected = logits_without_bias(network, faces)
    sums = [contributions(last_map, heat_map.pool, row).sum((1, 2)) for row in heat_map.head]
    np.testing.assert_allclose(np.stack(sums, 1), expected, atol=1e-4)


def logits_without_bias(network: Network, faces: NDArray[np.uint8]) -> Floats:
    with torch.no_grad():
        return np.asarray(network(torch.from_numpy(faces).float()[:, None]) - network.head.bias, np.float32)


def test_the_heat_is_the_log_odds_of_the_class_that_is_shown(answerer: Answerer, base: Version) -> None:
    faces = small_faces()[:10]
    probabilities, last_map = answerer.ask(faces)
    heat = answerer.heat_map.of(last_map, probabilities)
    assert heat.shape == (10, *last_map.shape[2:])
    logits = logits_without_bias(load_network(base), faces)
    for total, row, shares in zip(heat.sum((1, 2)), logits / base.temperature, probabilities, strict=True):
        shown = shares.argmax()
        others = [at for at in range(8) if at != shown]
        against = sum(shares[at] * row[at] for at in others) / sum(shares[at] for at in others)
        assert total == pytest.approx(row[shown] - against, abs=1e-3)


def test_a_face_that_is_one_thing_alone_has_a_heat_map(answerer: Answerer) -> None:
    """The other classes have nothing, not even in what a float can hold."""
    _, last_map = answerer.ask(small_faces()[:1])
    heat = answerer.heat_map.of(last_map, np.eye(8, dtype=np.float32)[:1])
    assert np.isfinite(heat).all() and heat.any()


def test_no_faces_have_no_heat(answerer: Answerer) -> None:
    side = answerer.heat_map.pool.shape
    assert answerer.heat_map.of(np.zeros((0, *side), np.float32), np.zeros((0, 8), np.float32)).shape == (0, *side[1:])


def test_the_hottest_cells_are_what_the_answer_hangs_on(answerer: Answerer) -> None:
    check_faithful(answerer, small_faces())


@pytest.mark.skipif(not FERPLUS.exists(), reason="FER+ is not here")
def test_they_are_on_the_faces_of_ferplus(answerer: Answerer) -> None:
    faces = ferplus.load(FERPLUS, "PublicTest").images
    check_faithful(answerer, faces[np.random.default_rng(0).choice(len(faces), 300, replace=False)])


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("missing", lambda path: path.unlink()),
        ("damaged", lambda path: path.write_bytes(b"no weights")),
        ("of another", lambda path: save_file({"pool.weight": np.ones((4, 1, 3, 3), np.float32)}, path)),
        ("of another shape", lambda path: resave(path, "head.weight", lambda head: head[:3])),
        ("not numbers", lambda path: resave(path, "pool.weight", lambda pool: pool * np.float16(np.nan))),
    ],
)
def test_weights_that_cannot_be_used_are_named(version: Version, name: str, change: Callable[[Path], object]) -> None:
    change(version.path / WEIGHTS)
    with pytest.raises(BadVersion, match=WEIGHTS):
        read_heat_map(version)


def resave(path: Path, name: str, change: Callable[[NDArray[np.float16]], NDArray[np.float16]]) -> None:
    weights = load_file(path)
    save_file(weights | {name: change(weights[name]).copy()}, path)
