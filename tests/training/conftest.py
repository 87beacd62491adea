from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
import torch

from labeling.runs import RunState
from labeling.store import Store
from models.home import Home
from models.network import Network, NetworkConfig
from models.versions import Version, Versions
from tests.training.signed_faces import labelled_home
from training import process

LABELS = ("neutral", "happiness", "wink")


def small_network(classes: int = 3, seed: int = 0, widths: tuple[int, ...] = (8, 12, 16)) -> Network:
    """A narrow network with decided opinions: random weights, its logits spread out."""
    torch.manual_seed(seed)
    network = Network(NetworkConfig(classes, widths, (1, 2, 1))).eval()
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.copy_(parameter.half().float())
        logits = network(torch.rand(32, 1, 48, 48) * 255)
        network.head.weight *= 3 / logits.std()
        network.head.bias -= network(torch.rand(32, 1, 48, 48) * 255).mean(0)
        for parameter in network.head.parameters():
            parameter.copy_(parameter.half().float())
    return network


@pytest.fixture(scope="session")
def network() -> Network:
    return small_network()


@pytest.fixture(scope="session")
def faces() -> torch.Tensor:
    generator = torch.Generator().manual_seed(1)
    coarse = torch.rand(24, 1, 6, 6, generator=generator) * 255
    return torch.nn.functional.interpolate(coarse, (48, 48), mode="bilinear").round().to(torch.uint8)


@dataclass(frozen=True)
class Trained:
    """A data set and the version that a real training run made of it; `states` is what was seen on the way."""

    home: Home
    store: Store
    run: RunState
    version: Version
    states: tuple[RunState, ...]


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trained]:
    home, store = labelled_home(tmp_path_factory.mktemp("trained") / "home")
    states: list[RunState] = []
    run = follow(home, store, process.start(home, store, seed=5).id, states.append)
    assert run.state == "done" and run.version == 1, (run.reason, (home.path / "training.log").read_text())
    yield Trained(home, store, run, Versions(home.versions).get(1), tuple(states))
    store.close()


def follow(
    home: Home,
    store: Store,
    run_id: int,
    seen: Callable[[RunState], object] = lambda run: None,
    until: Callable[[RunState], bool] = lambda run: False,
) -> RunState:
    """The run once it is over, or once `until` holds; `seen` gets each state that differs from the one before."""
    end, last = time.monotonic() + 240, None
    while time.monotonic() < end:
        process.recover(home, store)
        run = store.runs.get(run_id)
        if run != last:
            seen(run)
        if not run.open or until(run):
            return run
        last = run
        time.sleep(0.02)
    raise TimeoutError(f"The run is still {run}.")
