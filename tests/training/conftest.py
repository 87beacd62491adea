from __future__ import annotations

import os
import shutil
import signal
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
import torch

from labeling.runs import PACKAGING, RunState
from labeling.store import Store
from models.home import Home
from models.network import Network, NetworkConfig
from models.sign_detector import cell_means, compared
from models.versions import Version, Versions
from models.weights import rounded
from tests.training.signed_faces import labelled_home
from training import process
from training.adaptation import adapted
from training.signs import Sign, with_signs

LABELS = ("neutral", "happiness", "wink")


def small_network(
    classes: int = 3, seed: int = 0, widths: tuple[int, ...] = (8, 12, 16), first_stride: int = 2
) -> Network:
    """A narrow network with decided opinions: random weights, its logits spread out."""
    torch.manual_seed(seed)
    network = Network(NetworkConfig(classes, widths, (1, 2, 2), first_stride=first_stride)).eval()
    with torch.no_grad():
        for stage in (network.first_stages, network.last_stage):
            for parameter in stage.parameters():
                if parameter.ndim == 4:
                    torch.nn.init.kaiming_normal_(parameter, nonlinearity="relu")
        for parameter in network.parameters():
            parameter.copy_(parameter.half().float())
        pictures = torch.nn.functional.interpolate(torch.rand(32, 1, 6, 6) * 255, (48, 48), mode="bilinear")
        logits = network(pictures)
        network.head.weight.mul_(3 / (logits - logits.mean(0)).std())
        network.head.bias.sub_(network(pictures).mean(0))
        for parameter in network.head.parameters():
            parameter.copy_(parameter.half().float())
    return network


def small_adapted_network() -> Network:
    """`small_network` with a taught branch that answers otherwise, and a gate that is neither open nor shut."""
    known, taught = small_network(), small_network()
    generator = torch.Generator().manual_seed(4)
    gate = torch.nn.Conv2d(known.config.widths[-1], 1, 1)
    with torch.no_grad():
        for parameter in [*taught.last_stage[1:].parameters(), *taught.pool.parameters()]:
            parameter.add_(0.1 * parameter.abs().mean() * torch.randn(parameter.shape, generator=generator))
        taught.head.weight *= -1
        means = known.trunk(torch.rand(32, 1, 48, 48, generator=generator) * 255).mean((2, 3), keepdim=True)
        gate.weight.copy_(torch.randn(gate.weight.shape, generator=generator))
        gate.weight /= gate(means).std()
        gate.bias.copy_(-torch.nn.functional.conv2d(means, gate.weight).mean(0).flatten())
    return rounded(adapted(known, taught, gate))


def small_signed_network() -> Network:
    """`small_adapted_network` that looks for two small signs, each of which about a quarter of all faces show."""
    network = small_adapted_network()
    generator = torch.Generator().manual_seed(5)
    coarse = torch.rand(32, 1, 6, 6, generator=generator) * 255
    early = network.early(torch.nn.functional.interpolate(coarse, (48, 48), mode="bilinear"))
    seen = compared(cell_means(early), torch.eye(12).flip(1))
    signs = []
    for row, patch in ((1, ((4, 3), (4, 4), (5, 3))), (2, ((9, 0), (9, 5)))):
        weights = torch.randn(len(patch), seen.shape[1], generator=generator)
        score = sum(seen[:, :, y, x] @ each for (y, x), each in zip(patch, weights, strict=True))
        offset, width = float(score.median()), float(score.std())
        signs.append(Sign(row, patch, weights / width, offset / width, plain=1.0, found=1.0))
    signed = with_signs(network, signs, torch.eye(3), torch.zeros(3))
    return rounded(signed)


def map_of(network: Network, pixels: torch.Tensor) -> torch.Tensor:
    """The last map of faces (N, 1, S, S)."""
    signs = network.signs(network.early(pixels)) if network.config.signs else None
    return network.last_map(network.trunk(pixels), signs)


def changed(old: Network, new: Network) -> set[str]:
    before, after = old.state_dict(), new.state_dict()
    return {name for name in before if name in after and not torch.equal(before[name], after[name])}


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
    """A data set and the version that a real training run made of it.

    `states` is what was seen on the way; `snapshots` are homes as they were at moments of the run, as its death just
    then would have left them.
    """

    home: Home
    store: Store
    run: RunState
    version: Version
    states: tuple[RunState, ...]
    snapshots: Mapping[str, Home]


MOMENTS: dict[str, Callable[[Home, RunState], bool]] = {
    "reading": lambda home, run: run.state == "running",
    "training": lambda home, run: run.stage == "training",
    "first epoch": lambda home, run: bool(run.epoch),
    "tenth epoch": lambda home, run: (run.epoch or 0) >= 10,
    "last epoch": lambda home, run: run.epoch is not None and run.epoch == run.epochs,
    "writing": lambda home, run: run.version is None and any(home.versions.glob(".partial-*/*")),
    "proving": lambda home, run: run.stage == "proving the model",
}
"""Moments of a run at which there is no version yet."""
LATE_MOMENTS: dict[str, Callable[[Home, RunState], bool]] = {
    "just made": lambda home, run: run.stage == PACKAGING,
    "packing": lambda home, run: run.version is not None and any(home.versions.glob(".partial-*/*")),
}
"""Moments at which the version can be used, and its Core ML package is being made."""


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trained]:
    folder = tmp_path_factory.mktemp("trained")
    home, store = labelled_home(folder / "home")
    states: list[RunState] = []
    snapshots: dict[str, Home] = {}

    def take_snapshots(run: RunState) -> bool:
        for name, moment in (MOMENTS | LATE_MOMENTS).items():
            if name not in snapshots and run.pid and moment(home, run):
                snapshots[name] = snapshot(home, folder / name, run.pid)
        return False

    run = follow(home, store, process.start(home, store, seed=5).id, states.append, take_snapshots)
    assert run.state == "done" and run.version == 1, (run.reason, home.training_log.read_text())
    yield Trained(home, store, run, Versions(home.versions).get(1), tuple(states), snapshots)
    store.close()


def snapshot(home: Home, path: Path, pid: int) -> Home:
    """A copy of `home` in which everything is as it is at one moment of the process `pid`."""
    os.kill(pid, signal.SIGSTOP)
    try:
        shutil.copytree(home.path, path)
    finally:
        os.kill(pid, signal.SIGCONT)
    return Home(path)


def left_in(home: Home) -> list[str]:
    """The folders of its versions, unfinished ones too."""
    return sorted(path.name for path in home.versions.iterdir())


def follow(
    home: Home,
    store: Store,
    run_id: int,
    seen: Callable[[RunState], object] = lambda run: None,
    until: Callable[[RunState], bool] = lambda run: False,
) -> RunState:
    """The run once it is over, or once `until` holds; `seen` gets each state that differs from the one before."""
    last = None
    while True:
        process.recover(home, store)
        run = store.runs.get(run_id)
        if run != last:
            seen(run)
        if not run.open or until(run):
            return run
        last = run
        time.sleep(0.02)
