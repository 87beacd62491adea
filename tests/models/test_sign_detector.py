from __future__ import annotations

import pytest
import torch
from torch import Tensor

from models.network import Network, NetworkConfig
from models.sign_detector import SignDetector, cell_means, compared

LEFT, RIGHT = (3, 1), (3, 4)
"""A cell of a map of 6 × 6, and its mirror image."""


@pytest.fixture
def early() -> Tensor:
    return torch.rand(5, 2, 12, 12, generator=torch.Generator().manual_seed(0))


@pytest.fixture
def detector() -> SignDetector:
    """One sign: channel 0 differs there, less half of what channel 1 sums up to, above 0.1."""
    made = SignDetector(channels=2, side=12, map_side=3, signs=1)
    with torch.no_grad():
        made.spots.weight.zero_()
        made.spots.weight[(0, 0, *LEFT)], made.spots.weight[(0, 3, *LEFT)] = 1, -0.5
        made.spots.bias[0] = -0.1
        made.place[0, 1, 0], made.place[0, 1, 2] = 0.25, 0.75
    return made


def test_a_sign_is_what_a_cell_and_its_mirror_image_show(early: Tensor, detector: SignDetector) -> None:
    early[:2, 0, 5:9, 1:5] += 2  # the cell's own 4 × 4 places
    left, right = (early[:, :, 5:9, x : x + 4].mean((2, 3)) for x in (1, 7))
    expected = torch.relu((left - right)[:, 0].abs() - 0.5 * (left + right)[:, 1] - 0.1)
    assert bool((expected[:2] > 0.5).all())
    found = detector(early)
    assert found.shape == (5, 1, 3, 3)
    torch.testing.assert_close(found[:, 0, 1, 0], 0.25 * expected)
    torch.testing.assert_close(found.sum((1, 2, 3)), expected)


def test_a_mirror_image_shows_the_same(early: Tensor, detector: SignDetector) -> None:
    early[:, 0, 5:9, 1:5] += 2
    torch.testing.assert_close(detector(early.flip(3)), detector(early))


def test_cells_overlap_by_half_and_are_compared_with_their_mirror_images(early: Tensor) -> None:
    means = cell_means(early)
    assert means.shape == (5, 2, 6, 6)
    torch.testing.assert_close(means[:, :, 1, 1], early[:, :, 1:5, 1:5].mean((2, 3)))
    seen = compared(means, torch.eye(6).flip(1))
    left, right, there = means[(..., *LEFT)], means[(..., *RIGHT)], seen[(..., *LEFT)]
    torch.testing.assert_close(there, torch.cat([(left - right).abs(), left + right], 1))


def test_what_a_network_finds_is_the_last_of_its_features() -> None:
    torch.manual_seed(0)
    network = Network(NetworkConfig(3, (8, 12, 16), (1, 2, 2), signs=2)).eval()
    assert network.config.features == 18 and network.config.early_side == 24
    faces = 255 * torch.rand(4, 1, 48, 48)
    with torch.no_grad():
        network.signs.place.fill_(1 / 36)
        network.pool.weight[-2:] = 1
        early = network.early(faces)
        found = network.signs(early).sum((2, 3))
        features = network.embed(network.trunk(faces), network.signs(early))
        torch.testing.assert_close(features[:, -2:], found)
        torch.testing.assert_close(network(faces), network.head(features))


@pytest.mark.parametrize(("stages", "stride", "can"), [(3, 1, True), (4, 2, True), (2, 1, False), (7, 2, False)])
def test_signs_need_an_early_map_that_is_large_enough(stages: int, stride: int, can: bool) -> None:
    assert NetworkConfig(3, (8,) * stages, (1,) * stages, first_stride=stride).can_have_signs == can
