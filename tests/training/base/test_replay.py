from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors import safe_open
from safetensors.torch import save_file

from models.network import Network, NetworkConfig
from models.sign_detector import cell_means
from models.versions import Versions
from models.weights import load_network
from tests.training.conftest import small_network
from training.base import replay
from training.base.activation_codes import LEVELS, encode
from training.base.ferplus import EXPRESSIONS
from training.base.replay import MAX_BYTES, REPLAY_PATH, BadReplay, Replay, fingerprint, load, save
from training.base.replay_spots import build_spots, patches

FACES, CHECKED = 40, 12


@pytest.fixture(scope="module")
def network() -> Network:
    return small_network(8)


@pytest.fixture(scope="module")
def ferplus_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """FER+ in small: 60 training and 20 validation faces, each with a clear vote."""
    rng = np.random.default_rng(0)
    coarse = torch.from_numpy(rng.integers(0, 255, (80, 1, 6, 6)).astype(np.float32))
    images = torch.nn.functional.interpolate(coarse, (48, 48), mode="bilinear")[:, 0].byte().numpy()
    votes = np.zeros((80, 10), np.uint8)
    votes[np.arange(80), rng.integers(0, 8, 80)] = 10
    split = np.array(["Training"] * 60 + ["PublicTest"] * 20)
    path = tmp_path_factory.mktemp("ferplus") / "ferplus.npz"
    np.savez(path, images=images, votes=votes, split=split, index=np.arange(80))
    return path


@pytest.fixture(scope="module")
def made(network: Network, ferplus_file: Path) -> Replay:
    return replay.build(network, ferplus_file, FACES, CHECKED)


@pytest.fixture
def file(made: Replay, network: Network, tmp_path: Path) -> Path:
    save(made, tmp_path / "replay.safetensors", network)
    return tmp_path / "replay.safetensors"


def test_four_bits_come_close() -> None:
    true = torch.randn(64, 6, 5, 5, generator=torch.Generator().manual_seed(0)).relu() * torch.linspace(0.1, 9, 6).view(
        1, 6, 1, 1
    )
    codes, scale = encode(true)
    assert codes.dtype == torch.uint8 and int(codes.max()) == LEVELS
    none = torch.zeros(64, 0)
    back = Replay((), codes, scale, none, none).activations(torch.arange(64))
    limited = torch.minimum(true, scale.view(1, -1, 1, 1))
    # A step of the square root is 1/15 of the scale's, so half a step is (2 √x + step) · step / 2 at most.
    step = scale.sqrt().view(1, -1, 1, 1) / LEVELS
    assert bool(((back - limited).abs() <= (limited.sqrt() + step / 4) * step + 1e-5).all())
    assert float((true > scale.view(1, -1, 1, 1)).float().mean()) < 0.002
    assert bool((back[true == 0] == 0).all())


def test_what_is_saved_is_loaded(made: Replay, file: Path, network: Network) -> None:
    again = load(network, file)
    assert again.labels == EXPRESSIONS and torch.equal(again.codes, made.codes)
    assert torch.equal(again.check, made.check) and int(again.check.sum()) == CHECKED
    torch.testing.assert_close(again.targets, made.targets, atol=0.01, rtol=0)
    torch.testing.assert_close(again.targets.sum(1), torch.ones(FACES + CHECKED))
    torch.testing.assert_close(again.scale, made.scale, atol=1e-3, rtol=1e-3)
    assert made.spots is not None and again.spots is not None
    assert torch.equal(again.spots.codes, made.spots.codes) and again.spots.codes.shape == (60, 8, 12, 12)
    torch.testing.assert_close(again.spots.scale, made.spots.scale, atol=1e-3, rtol=1e-3)
    assert list(file.parent.iterdir()) == [file]


def test_the_tail_answers_from_replay_as_from_the_picture(made: Replay, network: Network, ferplus_file: Path) -> None:
    rows = torch.randperm(60, generator=torch.Generator().manual_seed(0))[:FACES].sort().values
    with np.load(ferplus_file) as data:
        pixels = torch.from_numpy(data["images"][rows])[:, None].float()
    with torch.inference_mode():
        seen = torch.softmax(network(pixels), 1)
        remembered = torch.softmax(network.tail(made.activations(torch.arange(FACES))), 1)
    assert float((seen - remembered).abs().mean()) < 0.04
    assert float((seen.argmax(1) == remembered.argmax(1)).float().mean()) > 0.85


def test_columns_follow_the_labels(made: Replay) -> None:
    chosen = made.for_labels(("wink", "happiness", "neutral"))
    assert chosen.targets.shape[1] == 3 and bool((chosen.targets[:, 0] == 0).all())
    torch.testing.assert_close(chosen.targets.sum(1), torch.ones(len(chosen.codes)))
    kept = made.targets[:, [1, 0]].sum(1) > 0.5
    assert len(chosen.codes) == int(kept.sum()) < FACES + CHECKED
    assert torch.equal(chosen.codes, made.codes[kept])
    assert len(made.for_labels(("wink", "other")).codes) == 0


def test_another_trunk_is_refused_and_another_head_is_not(file: Path, network: Network) -> None:
    other_head = small_network(8)
    with torch.no_grad():
        other_head.head.weight += 1
    assert fingerprint(other_head) == fingerprint(network)
    assert len(load(other_head, file).codes) == FACES + CHECKED
    with pytest.raises(BadReplay, match="made with other base weights"):
        load(small_network(8, seed=5), file)


def test_spots_come_from_all_faces_patch_by_patch(network: Network) -> None:
    levels = np.arange(100, 220, 4, np.uint8)
    frames = levels[:, None, None] * np.ones((1, 48, 48), np.uint8)  # a face's spots tell whose they are
    with torch.no_grad():
        whose = cell_means(network.early(torch.from_numpy(frames)[:, None].float()))
    means = build_spots(network, frames, seed=0).means()
    loudest = int(whose.mean((0, 2, 3)).argmax())
    drawn = []
    for patch in patches(12, 12)[2:-2]:  # without the frame's edge
        y, x = patch[1]
        nearest = (means[:, loudest, y, x, None] - whose[None, :, loudest, y, x]).abs().argmin(1)
        opposite = (means[:, loudest, y, 11 - x, None] - whose[None, :, loudest, y, 11 - x]).abs().argmin(1)
        assert float((nearest - opposite).abs().float().mean()) < 2, "a patch and its mirror image are of one face"
        assert len(set(nearest.tolist())) > 10, "of many faces, as far as codes tell"
        drawn.append(nearest)
    apart = [float((one - other).abs().float().mean()) for one, other in pairwise(drawn)]
    assert min(apart) > 5, "two patches are not of one face"


def test_a_network_that_is_too_shallow_for_signs_has_no_spots(ferplus_file: Path, tmp_path: Path) -> None:
    shallow = Network(NetworkConfig(8, (8, 12), (1, 2))).eval()
    made = replay.build(shallow, ferplus_file, FACES, CHECKED)
    save(made, tmp_path / "replay.safetensors", shallow)
    assert made.spots is None and load(shallow, tmp_path / "replay.safetensors").spots is None


@pytest.mark.parametrize("damage", ["gone", "empty", "cut", "packed", "spots", "shape", "facts"])
def test_a_damaged_file_is_a_clear_error(file: Path, network: Network, damage: str) -> None:
    with safe_open(file, "pt") as opened:
        facts, tensors = opened.metadata(), {name: opened.get_tensor(name) for name in opened.keys()}  # noqa: SIM118
    if damage == "gone":
        file.unlink()
    elif damage == "empty":
        file.write_bytes(b"")
    elif damage == "cut":
        file.write_bytes(file.read_bytes()[:-500])
    elif damage == "packed":
        tensors["codes"] = tensors["codes"].flip(0).contiguous()
        save_file(tensors, file, facts)
    elif damage == "spots":
        tensors["spots"] = tensors["spots"][:-500]
        save_file(tensors, file, facts)
    elif damage == "shape":
        save_file(tensors, file, facts | {"shape": json.dumps([9, 9, 9, 9])})
    else:
        save_file(tensors, file)
    with pytest.raises(BadReplay, match="is missing or damaged"):
        load(network, file)


def test_a_file_that_would_be_too_large_is_refused(network: Network, tmp_path: Path) -> None:
    codes = torch.randint(0, 16, (2000, 100, 10, 10), generator=torch.Generator().manual_seed(0), dtype=torch.uint8)
    count = len(codes)
    large = Replay(EXPRESSIONS, codes, torch.ones(100), torch.full((count, 8), 0.125), torch.zeros(count).bool())
    with pytest.raises(BadReplay, match="larger than 9 MB; take fewer faces"):
        save(large, tmp_path / "replay.safetensors", network)
    assert list(tmp_path.iterdir()) == []


def test_the_shipped_file_belongs_to_the_base_model() -> None:
    assert REPLAY_PATH.stat().st_size <= MAX_BYTES
    base = Versions(Path()).get(0)
    shipped = load(load_network(base))
    assert shipped.labels == base.labels and int((~shipped.check).sum()) >= 1000 and int(shipped.check.sum()) >= 500
    check = shipped.check.nonzero().flatten()
    with torch.inference_mode():
        answers = torch.cat([load_network(base).tail(shipped.activations(part)) for part in check.split(250)])
    accuracy = float((answers.argmax(1) == shipped.targets[check].argmax(1)).float().mean())
    assert accuracy > 0.5  # far above the most frequent expression's share


def test_the_shipped_file_holds_no_images() -> None:
    with safe_open(REPLAY_PATH, "pt") as file:
        shapes = {name: list(file.get_tensor(name).shape) for name in file.keys()}  # noqa: SIM118
        activations = json.loads(file.metadata()["shape"])
    count = activations[0]
    assert set(shapes) == {"codes", "scale", "targets", "check", "spots", "spots.scale", "spots.shape"}
    assert (shapes["scale"], shapes["targets"], shapes["check"]) == ([activations[1]], [count, 8], [count])
    assert activations[1] > 16 and max(activations[2:]) <= 12, "a map of the trunk, not a picture"
