"""Versions of the model: use, describe, delete, take one home."""

from __future__ import annotations

from pathlib import Path

from models.errors import MienError
from models.onnx_model import NoModel, load_model
from models.versions import BadVersion, Version
from training import process
from training.export.bundle import write_bundle
from training.export.kit_zip import ProvedKit, check_place
from training.export.onnx_migration import add_onnx, load_predictor
from training.export.proved_onnx import PROVED
from training.export.proved_package import own_package
from training.export.take_home import Door, DoorName, doors
from training.export.web_settings import WebLook
from webapp.label_colors import label_colors
from webapp.workspace import Workspace

MAX_NAME, MAX_NOTE = 60, 1000
"""Characters."""


def use_version(workspace: Workspace, number: int) -> None:
    """Make a version the one in use, once it is known to load.

    Raises:
        BadVersion: it is missing or damaged; the version in use stays what it was.
        MienError: it was made by an earlier Mien, and its ONNX model cannot be made.
    """
    workspace.activate(load_predictor(workspace.home, workspace.versions.get(number)))


def describe_version(workspace: Workspace, number: int, name: str | None = None, note: str | None = None) -> Version:
    """Give a version a name, a note or both; what is None stays.

    Raises:
        BadVersion: there is no such version, or it is the base model.
        MienError: the name or the note is too long.
        DiskError: the card cannot be written.
    """
    card = workspace.versions.get(number).card
    name, note = card.name if name is None else name.strip(), card.note if note is None else note.strip()
    if len(name) > MAX_NAME or len(note) > MAX_NOTE:
        raise MienError(f"A version's name has at most {MAX_NAME} characters, its note at most {MAX_NOTE}.")
    return workspace.versions.update_card(number, name=name, note=note)


def delete_version(workspace: Workspace, number: int) -> None:
    """Delete a version, readable or not.

    Raises:
        BadVersion: there is no such version, it is the base model, or it is in use.
        DiskError: its folder cannot be changed.
    """
    if number == workspace.store.settings.active_version():
        raise BadVersion(f"Version {number} is in use. Choose another one first, then delete it.")
    workspace.versions.delete(number)
    workspace.store.held_out_answers.forget(number)


def bundle_version(
    workspace: Workspace,
    number: int | None,
    path: Path,
    *,
    palettize: bool = False,
    onnx: bool = False,
    core_ai: bool = False,
) -> ProvedKit:
    """Write the bundle of a version, else of the one in use, to `path`; it is proved right, or not written.

    One whose Core ML package is just being made is waited for. With `core_ai` there is a Core AI asset in it as well.

    Raises:
        MienError: `core_ai`, and what makes such assets is not installed.
        BadVersion: there is no such version, or it is damaged.
        ProofFailed: a model does not answer as PyTorch does.
        DiskError: `path` cannot be written.
    """
    number = workspace.version(number).number
    check_place(path)
    process.await_package(workspace.home, workspace.store, number)
    version = workspace.version(number)
    if onnx:
        version = load_predictor(workspace.home, version).version  # what is packed is known to load
    if not palettize and not core_ai and (package := own_package(version)):
        return write_bundle(path, version, package, onnx=onnx)
    return workspace.convert(version, path, palettize=palettize, onnx=onnx, core_ai=core_ai)


def onnx_kit(workspace: Workspace, number: int | None, path: Path) -> ProvedKit:
    """Write the ONNX kit of a version, else of the one in use, to `path`; its models are proved right, or not written.

    What its run is just proving is waited for.

    Raises:
        BadVersion: there is no such version, or it is damaged.
        ProofFailed: a model does not answer as PyTorch does.
        DiskError: `path` cannot be written.
    """
    found = workspace.version(number)
    check_place(path)
    process.await_made(workspace.home, workspace.store, found.number, (found.path / PROVED).exists)
    version = load_predictor(workspace.home, found).version
    return workspace.convert_to_onnx(version, path)


def web_kit(workspace: Workspace, number: int, path: Path) -> ProvedKit:
    """Write the web kit of a version to `path`, in the colours that its labels have in the data set.

    Raises:
        BadVersion: there is no such version, or it is damaged.
        DiskError: `path` cannot be written.
    """
    found = workspace.version(number)
    check_place(path)
    version = load_predictor(workspace.home, found).version
    colors = label_colors(workspace.store, version.labels)
    looks = {each.name: WebLook(color=each.color, pattern=each.pattern) for each in colors}
    return workspace.convert_to_web(version, path, looks)


def take_home(workspace: Workspace, number: int) -> list[Door]:
    """What of a version can be taken home; one that an earlier Mien made gets its ONNX model first.

    Raises:
        BadVersion: there is no such version, or it is damaged.
    """
    version = workspace.version(number)
    try:
        session = load_model(version, "cpu")
    except NoModel:
        version = add_onnx(workspace.home, version)
        session = load_model(version, "cpu")
    run = workspace.store.runs.latest()
    being_made = bool(run and run.open and run.version == number)
    return doors(version, session, own_package(version), lambda door: kit_name(version, door), being_made=being_made)


def kit_name(version: Version, door: DoorName) -> str:
    """What a zip is called where it is taken home: `mien-version-3-2026-11-24.zip`, `mien-base-2026-11-24-web.zip`."""
    parts = ["mien", "base" if version.number == 0 else f"version-{version.number}"]
    if version.card.created:
        parts.append(version.card.created.date().isoformat())
    if door != "iphone":
        parts.append(door)
    return "-".join(parts) + ".zip"
