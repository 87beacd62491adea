from __future__ import annotations

import pytest
import torch
from torch import Tensor

from models.network import Network
from tests.training.conftest import changed, small_network
from training.averaging import UNMEASURED_SHARE, average, best_share, rounded
from training.check import CheckFaces, check_faces


def test_averaging_goes_from_old_to_new() -> None:
    old, new = small_network(seed=1), small_network(seed=2)
    assert changed(average(old, new, 0.0), old) == changed(average(old, new, 1.0), new) == set()
    middle = average(old, new, 0.5).head.weight
    torch.testing.assert_close(middle, (old.head.weight + new.head.weight) / 2)


def checked(by: Network, of: Network, faces: Tensor) -> CheckFaces:
    """Faces that show what the network `by` names them, as they leave the trunk of `of`."""
    with torch.inference_mode():
        return check_faces(of, faces, by(faces.float()).argmax(1))


@pytest.mark.parametrize(("right", "share"), [("old", 0.25), ("new", 1.0)])
def test_the_share_is_that_of_the_network_that_is_right(faces: Tensor, right: str, share: float) -> None:
    old = small_network(seed=1)
    new = average(old, old, 0.0)
    with torch.no_grad():
        new.head.weight.copy_(-old.head.weight)
        new.head.bias.copy_(-old.head.bias)
    faces_of = checked(old if right == "old" else new, old, faces)
    assert best_share(old, new, (0.25, 0.5, 1.0), faces_of, faces_of) == share


def test_with_nothing_held_out_most_of_the_new_is_taken(faces: Tensor) -> None:
    old, new = small_network(seed=1), small_network(seed=2)
    base = checked(new, old, faces)
    nothing = CheckFaces(base.activations[:0], base.classes[:0])
    assert best_share(old, new, (0.5, 1.0), nothing, base) == UNMEASURED_SHARE


def test_rounded_weights_are_those_that_half_precision_keeps() -> None:
    network = small_network(seed=3)
    with torch.no_grad():
        network.head.weight += 1e-5
    half = rounded(network)
    assert changed(network, half) == {"head.weight"} and changed(half, rounded(half)) == set()
