"""The subcommands about training and versions of the model: what the page's buttons do, shown in lines or JSON."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress

from tqdm import tqdm

from labeling.runs import RunState
from models.errors import MienError
from models.predictor import Predictor
from models.temporary import TemporaryFolder
from models.versions import BadVersion, Version
from training import process
from training.export.kit_zip import ProvedKit
from webapp.actions import training_actions, version_actions
from webapp.command_models import (
    DamagedVersion,
    InstalledWebKit,
    ListedVersion,
    TrainedVersion,
    WrittenBundle,
    WrittenWebKit,
)
from webapp.command_output import print_json
from webapp.installed_web_kit import install_kit
from webapp.workspace import Workspace


def train(chosen: argparse.Namespace) -> int:
    """`mien train`: fine-tune on what is labelled, with a bar for the epochs; before and after."""
    with TemporaryFolder(chosen.home) as folder, Workspace(chosen.home) as workspace:
        folder.adopt()  # for the process that trains
        run = training_actions.start_training(workspace, go_on=chosen.go_on, hold_out=chosen.hold_out)
        with _epoch_bar() as show:
            run = process.follow(workspace.home, workspace.store, run, show)
        if run.state != "done" or run.version is None:
            raise MienError(run.reason or f"The training run is {run.state}.")
        version = workspace.version(run.version)
    if chosen.json:
        facts = {"version": version.number, "reason": run.reason, **version.card.as_json()}
        print_json(TrainedVersion.model_validate(facts), TrainedVersion)
        return 0
    for line in _figures(version):
        print(line)
    print(f"Version {version.number} " + (f"waits for you to choose it: {run.reason}" if run.reason else "is active."))
    return 0


@contextmanager
def _epoch_bar() -> Iterator[Callable[[RunState], None]]:
    with tqdm(unit="epoch", file=sys.stderr, leave=False) as bar:

        def show(run: RunState) -> None:
            bar.set_description(run.stage, refresh=False)
            bar.total = run.epochs
            bar.update((run.epoch or 0) - bar.n)
            bar.refresh()

        yield show


def _figures(version: Version) -> Sequence[str]:
    card, lines = version.card, []
    for about, before, after in (
        ("held-out faces", card.before, card.after),
        ("built-in expressions", card.base_before, card.base_after),
    ):
        if before and after:
            lines.append(f"{about}: accuracy {before.accuracy:.1%} before, {after.accuracy:.1%} after")
    return [*lines, *card.counts.left_out.values(), *card.counts.notes] if card.counts else lines


def cancel_training(chosen: argparse.Namespace) -> int:
    """`mien cancel`: the training run that is under way."""
    with Workspace(chosen.home) as workspace:
        run = training_actions.cancel_training(workspace)
    print(f"Training run {run.id} is {run.state}.")
    return 0


def list_versions(chosen: argparse.Namespace) -> int:
    """`mien versions`: each version's labels and figures, the active one marked."""
    with Workspace(chosen.home) as workspace:
        active = workspace.store.settings.active_version()
        readable, damaged = workspace.versions.list()
    if chosen.json:
        rows: list[ListedVersion | DamagedVersion] = [
            _listed(version, version.number == active) for version in readable
        ]
        rows += [DamagedVersion(number=each, active=each == active, damaged=why) for each, why in damaged.items()]
        print_json(rows, list[ListedVersion | DamagedVersion])
        return 0
    for version in readable:
        mark = "*" if version.number == active else " "
        name = version.card.name or f"version {version.number}"
        parts = (("held-out faces", version.card.after), ("built-in expressions", version.card.base_after))
        figures = [f"{about} {measured.accuracy:.1%}" for about, measured in parts if measured]
        print(f"{mark} {version.number:3}  {name}: {', '.join(version.labels)}" + "".join(f"; {f}" for f in figures))
    for number, why in damaged.items():
        print(f"! {number:3}  {why}")
    return 0


def _listed(version: Version, active: bool) -> ListedVersion:
    facts = {"number": version.number, "active": active, **version.card.as_json()}
    if active:
        with suppress(BadVersion):  # it has no provider, since it does not run
            facts["provider"] = Predictor(version).provider
    return ListedVersion.model_validate(facts)


def use_version(chosen: argparse.Namespace) -> int:
    """`mien use`: make a version the active one, once it is known to load."""
    with Workspace(chosen.home) as workspace:
        version_actions.use_version(workspace, chosen.version)
    print(f"Version {chosen.version} is active.")
    return 0


def describe_version(chosen: argparse.Namespace) -> int:
    """`mien versions describe`: its name, its note, or both."""
    if chosen.name is None and chosen.note is None:
        raise MienError("Say what to change: --name, --note, or both.")
    with Workspace(chosen.home) as workspace:
        version_actions.describe_version(workspace, chosen.version, chosen.name, chosen.note)
    return 0


def delete_version(chosen: argparse.Namespace) -> int:
    """`mien versions delete`."""
    with Workspace(chosen.home) as workspace:
        version_actions.delete_version(workspace, chosen.version)
    return 0


def core_ml(chosen: argparse.Namespace) -> int:
    """`mien coreml`: the Core ML bundle of a version, its size, and how each model in it was proved."""
    with Workspace(chosen.home) as workspace:
        number = workspace.version(chosen.version).number
        bundle = version_actions.bundle_version(
            workspace, number, chosen.path, palettize=chosen.palettize, onnx=chosen.onnx, core_ai=chosen.core_ai
        )
    return _say_written(bundle, number, json=chosen.json)


def onnx(chosen: argparse.Namespace) -> int:
    """`mien onnx`: a version's ONNX kit, its size, and how each model in it was proved."""
    with Workspace(chosen.home) as workspace:
        number = workspace.version(chosen.version).number
        kit = version_actions.onnx_kit(workspace, number, chosen.path)
    return _say_written(kit, number, json=chosen.json)


def _say_written(kit: ProvedKit, number: int, *, json: bool) -> int:
    if json:
        written = WrittenBundle(path=str(kit.path), version=number, bytes=kit.bytes, proofs=list(kit.proofs))
        print_json(written, WrittenBundle)
        return 0
    print(f"{kit.path}: version {number}, {kit.bytes / 1e6:.1f} MB")
    for proof in kit.proofs:
        print(proof)
    return 0


def web_kit(chosen: argparse.Namespace) -> int:
    """`mien web`: the web kit of a version, and its size; or with `--install` what the Live tab runs in the browser."""
    if chosen.install == (chosen.path is not None) or (chosen.install and chosen.version is not None):
        raise MienError(
            "Give either OUT.zip, for the web kit of a version, or --install, for the Live tab, which runs the version "
            "in use."
        )
    if chosen.install:
        return _install_web_kit(chosen)
    with Workspace(chosen.home) as workspace:
        number = workspace.version(chosen.version).number
        kit = version_actions.web_kit(workspace, number, chosen.path)
    if chosen.json:
        print_json(WrittenWebKit(path=str(kit.path), version=number, bytes=kit.bytes), WrittenWebKit)
        return 0
    print(f"{kit.path}: version {number}, {kit.bytes / 1e6:.1f} MB. Unzip it, then: npm ci && npm start")
    return 0


def _install_web_kit(chosen: argparse.Namespace) -> int:
    kit = install_kit(chosen.home, lambda doing: print(doing, file=sys.stderr, flush=True))
    if chosen.json:
        print_json(InstalledWebKit(path=str(kit.folder), bytes=kit.bytes), InstalledWebKit)
        return 0
    print(f"{kit.folder}: {kit.bytes / 1e6:.1f} MB. The Live tab has the switch “Run in this browser” now.")
    return 0
