from __future__ import annotations

import pytest
import torch
from torch import Tensor

from models.network import Network
from models.weights import rounded
from tests.training.conftest import changed, small_adapted_network, small_network
from training.adaptation import known_branch, taught_branch
from training.check import CheckFaces, check_faces
from training.opening import UNMEASURED_OPENING, best_opening, opened


def checked(by: Network, faces: Tensor) -> CheckFaces:
    """Faces that show what the network `by` names them."""
    with torch.inference_mode():
        return check_faces(by, faces, by(faces.float()).argmax(1))


def test_opening_moves_the_answer_towards_what_was_taught(faces: Tensor) -> None:
    network = small_adapted_network()
    with torch.inference_mode():
        taught = taught_branch(network)(faces.float())
        gaps = [float((opened(network, by)(faces.float()) - taught).abs().mean()) for by in (0, 2, 30)]
    assert gaps[0] > gaps[1] > gaps[2] and gaps[2] < 1e-3
    assert changed(network, opened(network, 1.0)) == {"gate.bias"}


@pytest.mark.parametrize(("right", "opening"), [("known", -40.0), ("taught", 40.0)])
def test_it_opens_for_what_is_right(faces: Tensor, right: str, opening: float) -> None:
    network = small_adapted_network()
    branch = known_branch(network) if right == "known" else taught_branch(network)
    faces_of = checked(branch, faces)
    assert best_opening(network, (-40.0, 40.0), faces_of, faces_of) == opening


def test_with_nothing_held_out_it_opens_a_little(faces: Tensor) -> None:
    network = small_adapted_network()
    base = checked(network, faces)
    nothing = CheckFaces(base.activations[:0], base.classes[:0])
    assert best_opening(network, (0.0, 5.0), nothing, base) == UNMEASURED_OPENING


def test_rounded_weights_are_those_that_half_precision_keeps() -> None:
    network = small_network(seed=3)
    with torch.no_grad():
        network.head.weight += 1e-6
    half = rounded(network)
    assert changed(half, rounded(half)) == set() and changed(network, half) == {"head.weight"}
