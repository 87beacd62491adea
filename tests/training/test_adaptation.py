from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from models.heat_map import contributions
from models.network import Network
from tests.training.conftest import changed, map_of, small_adapted_network, small_network, small_signed_network
from training.adaptation import adapted, fit_gate, known_branch, taught_branch


def gate_of(logit: float) -> torch.nn.Conv2d:
    """A gate that gives every face the same share."""
    gate = fit_gate(torch.zeros(0, 16, 6, 6), torch.zeros(0, 16, 6, 6))
    with torch.no_grad():
        gate.bias.fill_(logit)  # type: ignore[union-attr]
    return gate


def with_other_head() -> Network:
    network = small_network()
    with torch.no_grad():
        network.head.weight *= -1
    return network


def test_two_equal_tails_answer_as_one(faces: Tensor) -> None:
    network = small_network()
    with torch.inference_mode():
        both = adapted(network, network, gate_of(0.7))(faces.float())
        torch.testing.assert_close(both, network(faces.float()), atol=1e-4, rtol=1e-5)


@pytest.mark.parametrize("logit", [-40.0, 0.0, 40.0])
def test_a_shut_gate_leaves_the_known_answer_and_an_open_one_gives_the_taught_one(faces: Tensor, logit: float) -> None:
    known, taught = small_network(), with_other_head()
    share = float(torch.sigmoid(torch.tensor(logit)))
    with torch.inference_mode():
        pixels = faces.float()
        expected = (1 - share) * known(pixels) + share * taught(pixels)
        torch.testing.assert_close(adapted(known, taught, gate_of(logit))(pixels), expected, atol=1e-3, rtol=1e-4)


def test_the_branches_of_an_adapted_network_make_it_anew(faces: Tensor) -> None:
    network = small_adapted_network()
    again = adapted(known_branch(network), taught_branch(network), network.gate)
    assert changed(network, again) == set() and again.state_dict().keys() == network.state_dict().keys()
    assert changed(known_branch(network), small_network()) == set()
    read = Network(network.config)
    read.load_state_dict(network.state_dict())
    assert torch.equal(read.eval()(faces.float()), network(faces.float()))


def test_a_network_that_was_never_taught_is_both_branches() -> None:
    network = small_network()
    assert changed(network, known_branch(network)) == changed(network, taught_branch(network)) == set()
    with torch.no_grad():
        taught_branch(network).head.weight.zero_()
    assert bool(network.head.weight.any()), "a copy"


@pytest.mark.parametrize("made", [small_adapted_network, small_signed_network])
def test_cells_of_the_last_map_add_up_to_the_logits(faces: Tensor, made: Callable[[], Network]) -> None:
    network = made()
    with torch.inference_mode():
        last_map = map_of(network, faces.float())
        expected = (network(faces.float()) - network.head.bias)[:, 2]
    cells = contributions(last_map.numpy(), network.pool.weight[:, 0].numpy(), network.head.weight[2].numpy())
    torch.testing.assert_close(torch.from_numpy(cells.sum((1, 2))), expected, atol=1e-3, rtol=1e-4)


def test_the_gate_tells_faces_apart_and_leaves_what_is_between_undecided(faces: Tensor) -> None:
    with torch.inference_mode():
        others = small_network().trunk(faces.float())
    mine = others * 1.5 + 0.1
    gate = fit_gate(mine[:12], others).requires_grad_(False)

    def shares(of: Tensor) -> Tensor:
        return torch.sigmoid(gate(of.mean((2, 3), keepdim=True))).flatten()

    assert float(shares(mine[12:]).mean()) > 0.7 > 0.3 > float(shares(others).mean())
    middle = (mine[:12].mean(0, keepdim=True) + others.mean(0, keepdim=True)) / 2
    assert float(shares(middle)) == pytest.approx(0.5, abs=1e-3)


@pytest.mark.parametrize(("mine", "others"), [(1, 24), (1, 1), (24, 24), (0, 24), (24, 0)])
def test_a_gate_of_few_faces_or_of_equal_ones_is_a_number(faces: Tensor, mine: int, others: int) -> None:
    with torch.inference_mode():
        activations = small_network().trunk(faces.float())
    gate = fit_gate(activations[:mine], activations[:others])
    assert all(bool(torch.isfinite(parameter).all()) for parameter in gate.parameters())
