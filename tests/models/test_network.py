from dataclasses import replace

import pytest
import torch
from torch import nn

from models.network import Network, NetworkConfig

SMALL = NetworkConfig(classes=5, widths=(8, 12, 16), depths=(2, 2, 2), size=32)
SHAPES = [SMALL, replace(SMALL, first_stride=1)]


def scrambled(config: NetworkConfig) -> Network:
    """A branched network whose normalisation has seen data, so that folding has something to absorb."""
    torch.manual_seed(0)
    network = Network(config, folded=False)
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            nn.init.normal_(module.running_mean)
            nn.init.uniform_(module.running_var, 0.5, 2)
            nn.init.uniform_(module.weight, 0.5, 1.5)
            nn.init.normal_(module.bias)
    return network.eval()


@pytest.mark.parametrize("config", SHAPES)
def test_folding_keeps_the_function(config: NetworkConfig) -> None:
    network = scrambled(config)
    pixels = torch.rand(4, 1, 32, 32) * 255
    folded = network.fold()
    assert not any(isinstance(module, nn.BatchNorm2d) for module in folded.modules())
    torch.testing.assert_close(folded(pixels), network(pixels), rtol=1e-4, atol=1e-3)


@pytest.mark.parametrize("config", SHAPES)
def test_folding_a_folded_network_copies_it(config: NetworkConfig) -> None:
    folded = scrambled(config).fold()
    assert folded.config == config
    copy = folded.fold()
    pixels = torch.rand(2, 1, 32, 32) * 255
    torch.testing.assert_close(copy(pixels), folded(pixels))
    with torch.no_grad():
        copy.head.weight.zero_()
    assert folded.head.weight.abs().sum() > 0


def test_trunk_and_tail_make_the_whole() -> None:
    network = scrambled(SMALL).fold()
    pixels = torch.rand(3, 1, 32, 32) * 255
    activations = network.trunk(pixels)
    assert activations.shape == (3, 16, 4, 4)
    assert activations.min() >= 0
    torch.testing.assert_close(network.tail(activations), network(pixels))


@pytest.mark.parametrize(
    ("size", "first_stride", "side"), [(48, 2, 6), (48, 1, 12), (49, 1, 13), (33, 2, 5), (1, 2, 1)]
)
def test_a_first_stage_at_full_resolution_doubles_the_maps(size: int, first_stride: int, side: int) -> None:
    network = Network(
        NetworkConfig(classes=3, widths=(4, 6, 8), depths=(1, 1, 1), size=size, first_stride=first_stride)
    )
    last_map = network.last_map(network.trunk(torch.zeros(2, 1, size, size)))
    assert last_map.shape == (2, 8, side, side) and network.config.map_side == side
    assert network(torch.zeros(2, 1, size, size)).shape == (2, 3)


def test_default_shape() -> None:
    assert Network()(torch.zeros(2, 1, 48, 48)).shape == (2, 8)


def test_a_fresh_pool_is_the_average() -> None:
    network = Network(SMALL)
    activations = torch.rand(2, 16, 4, 4)
    expected = network.last_map(activations).mean((2, 3))
    torch.testing.assert_close(network.embed(activations), expected)
