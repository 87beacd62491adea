"""What the subcommands do: the same functions that the page's buttons call, with lines or JSON to show for it."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

from tqdm import tqdm

from labeling.store import Store
from models.home import Home
from models.temporary import TemporaryFolder


def predict(chosen: argparse.Namespace) -> int:
    """`mien predict`: a line or a JSON object for each picture."""
    from models.finder import STILL_SIDE, FaceFinder
    from models.pictures import BadImage, decode
    from models.predictor import Predictor

    predictor = Predictor(_version(chosen.home, chosen.version))
    finder = FaceFinder(STILL_SIDE)
    status = 0
    for path in chosen.paths:
        try:
            rgb = decode(path.read_bytes())
        except (BadImage, OSError) as error:
            print(f"mien: {path}: {_reason(error)}", file=sys.stderr)
            status = 1
            continue
        faces = [predictor.face(None, predictor.classify([rgb])[0])] if chosen.crop else predictor.faces(rgb, finder)
        if chosen.json:
            found = [
                {
                    "box": [round(v, 1) for v in face.box.as_tuple()] if face.box else None,
                    "label": face.label,
                    "probabilities": face.probabilities,
                }
                for face in faces
            ]
            print(json.dumps({"path": str(path), "faces": found}, ensure_ascii=False), flush=True)
        else:
            named = ", ".join(f"{face.label} {face.probabilities[face.label]:.0%}" for face in faces)
            print(f"{path}: {named or 'no face found'}", flush=True)
    return status


def import_data(chosen: argparse.Namespace) -> int:
    """`mien import`: a folder, a zip or a CSV file into the data set."""
    from labeling.exchange import import_path

    with _store(chosen.home) as store, _progress("importing", "image") as progress:
        report = import_path(store, chosen.path, label=chosen.label, subject=chosen.subject, progress=progress)
    if chosen.json:
        print(json.dumps(asdict(report), ensure_ascii=False))
    else:
        print(report)
    return 1 if report.refused else 0


def export_data(chosen: argparse.Namespace) -> int:
    """`mien export`: the data set as a zip of folders or as FER's CSV."""
    from labeling.export_formats import export_csv, export_zip

    write = export_csv if chosen.path.suffix.lower() == ".csv" else export_zip
    with _store(chosen.home) as store, _progress("exporting", "image") as progress:
        report = write(store, chosen.path, progress=progress)
    print(f"{chosen.path}: {report}")
    return 1 if report.unreadable else 0


def list_labels(chosen: argparse.Namespace) -> int:
    """`mien labels`: every label with its number of images."""
    with _store(chosen.home) as store:
        counts = store.overview.label_counts()
        labels = store.labels.list(all=True)
    if chosen.json:
        rows = [{"name": la.name, "images": counts.get(la.name, 0), "enabled": la.enabled} for la in labels]
        print(json.dumps(rows, ensure_ascii=False))
        return 0
    width = max(len(label.name) for label in labels)
    for label in labels:
        note = "" if label.enabled else "  (off)"
        print(f"{label.name:{width}}  {counts.get(label.name, 0):6}{note}")
    return 0


def add_label(chosen: argparse.Namespace) -> int:
    """`mien labels add`."""
    with _store(chosen.home) as store:
        store.labels.add(chosen.name)
    return 0


def rename_label(chosen: argparse.Namespace) -> int:
    """`mien labels rename`."""
    with _store(chosen.home) as store:
        store.labels.rename(chosen.name, chosen.new_name)
    return 0


def remove_label(chosen: argparse.Namespace) -> int:
    """`mien labels remove`: its images lose the label, or get the one given by `--into`."""
    with _store(chosen.home) as store:
        store.labels.remove(chosen.name, into=chosen.into)
    return 0


def train(chosen: argparse.Namespace) -> int:
    """`mien train`: fine-tune on what is labelled, with a bar for the epochs; before and after."""
    from labeling.runs import RunState
    from models.versions import Versions
    from training import process

    with (
        _temporary(chosen.home),
        _store(chosen.home) as store,
        tqdm(unit="epoch", file=sys.stderr, leave=False) as bar,
    ):

        def show(run: RunState) -> None:
            bar.set_description(run.stage, refresh=False)
            bar.total = run.epochs
            bar.update((run.epoch or 0) - bar.n)
            bar.refresh()

        run = process.train_now(chosen.home, store, show)
    if run.state != "done" or run.version is None:
        raise ValueError(run.reason or f"The training run is {run.state}.")
    version = Versions(chosen.home.versions).get(run.version)
    if chosen.json:
        facts = {"version": version.number, "reason": run.reason, **version.card.as_json()}
        print(json.dumps(facts, ensure_ascii=False))
        return 0
    card = version.card
    for about, before, after in (
        ("held-out faces", card.before, card.after),
        ("base check", card.base_before, card.base_after),
    ):
        if before and after:
            print(f"{about}: accuracy {before.accuracy:.1%} before, {after.accuracy:.1%} after")
    if card.counts:
        for note in [*card.counts.left_out.values(), *card.counts.notes]:
            print(note)
    print(f"Version {version.number} " + (f"waits for you to choose it: {run.reason}" if run.reason else "is active."))
    return 0


def list_versions(chosen: argparse.Namespace) -> int:
    """`mien versions`: each version's labels and figures, the active one marked."""
    from models.versions import Versions

    with _store(chosen.home) as store:
        active = store.settings.active_version()
    readable, damaged = Versions(chosen.home.versions).list()
    if chosen.json:
        rows: list[dict[str, Any]] = [
            {"number": v.number, "active": v.number == active, **v.card.as_json()} for v in readable
        ]
        rows += [{"number": number, "active": number == active, "damaged": why} for number, why in damaged.items()]
        print(json.dumps(rows, ensure_ascii=False))
        return 0
    for version in readable:
        mark = "*" if version.number == active else " "
        name = version.card.name or f"version {version.number}"
        parts = (("held-out", version.card.after), ("base check", version.card.base_after))
        figures = [f"{about} {measured.accuracy:.1%}" for about, measured in parts if measured]
        print(f"{mark} {version.number:3}  {name}: {', '.join(version.labels)}" + "".join(f"; {f}" for f in figures))
    for number, why in damaged.items():
        print(f"! {number:3}  {why}")
    return 0


def use_version(chosen: argparse.Namespace) -> int:
    """`mien use`: make a version the active one, once it is known to load."""
    version = _version(chosen.home, chosen.version)
    version.network()
    with _store(chosen.home) as store:
        store.settings.set_active_version(version.number)
    print(f"Version {version.number} is active.")
    return 0


def core_ml(chosen: argparse.Namespace) -> int:
    """`mien coreml`: the Core ML bundle of a version, its size, and how each model in it was proved."""
    from training.dataset import proof_faces
    from training.export.bundle import write_bundle

    version = _version(chosen.home, chosen.version)
    with _store(chosen.home) as store:
        faces = proof_faces(store)
    with _temporary(chosen.home):
        bundle = write_bundle(chosen.path, version, faces, palettize=chosen.palettize, onnx=chosen.onnx)
    if chosen.json:
        facts = {"path": str(bundle.path), "version": version.number, "bytes": bundle.bytes}
        print(json.dumps(facts | {"proofs": [proof.as_json() for proof in bundle.proofs]}, ensure_ascii=False))
        return 0
    print(f"{bundle.path}: version {version.number}, {bundle.bytes / 1e6:.1f} MB")
    for proof in bundle.proofs:
        print(proof)
    return 0


@contextmanager
def _temporary(home: Home) -> Iterator[None]:
    """Temporary files, this process's and those of what it starts, go into the home while this lasts."""
    with TemporaryFolder(home) as folder:
        folder.adopt()
        yield


@contextmanager
def _store(home: Home) -> Iterator[Store]:
    store = Store(home.database_url)
    try:
        yield store
    finally:
        store.close()


def _version(home: Home, number: int | None) -> Any:
    from models.versions import Versions

    if number is None:
        with _store(home) as store:
            number = store.settings.active_version()
    return Versions(home.versions).get(number)


@contextmanager
def _progress(doing: str, unit: str) -> Iterator[Callable[[int, int], None]]:
    with tqdm(desc=doing, unit=unit, file=sys.stderr, leave=False) as bar:

        def show(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        yield show


def _reason(error: Exception) -> str:
    if isinstance(error, OSError):
        return f"cannot be read ({error.strerror or error})."
    return str(error)
