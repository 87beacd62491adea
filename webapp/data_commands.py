"""The subcommands about pictures, the data set and its labels: what the page's buttons do, shown in lines or JSON."""

from __future__ import annotations

import argparse
import sys

from labeling.reports import ImportReport
from models.pictures import BadImage
from models.predictor import Predictor
from webapp.actions import exchange_actions, image_actions, label_actions
from webapp.command_models import CountedLabel, PredictedPicture
from webapp.command_output import print_json, progress_bar
from webapp.named_face import in_pixels
from webapp.workspace import Workspace


def predict(chosen: argparse.Namespace) -> int:
    """`mien predict`: a line or a JSON object for each picture."""
    with Workspace(chosen.home) as workspace:
        predictor = Predictor(workspace.version(chosen.version))
    status = 0
    for path in chosen.paths:
        try:
            picture = path.read_bytes()
        except OSError as error:
            print(f"mien: {path}: cannot be read ({error.strerror or error}).", file=sys.stderr)
            status = 1
            continue
        try:
            faces = image_actions.name_faces(predictor, picture, crop=chosen.crop).faces
        except BadImage as error:
            print(f"mien: {path}: {error}", file=sys.stderr)
            status = 1
            continue
        if chosen.json:
            named = PredictedPicture(path=str(path), faces=[in_pixels(face) for face in faces])
            print_json(named, PredictedPicture)
        else:
            shown = ", ".join(f"{face.label} {face.probabilities[face.label]:.0%}" for face in faces)
            print(f"{path}: {shown or 'no face found'}", flush=True)
    return status


def import_data(chosen: argparse.Namespace) -> int:
    """`mien import`: a folder, a zip or a CSV file into the data set."""
    with Workspace(chosen.home) as workspace, progress_bar("importing", "image") as progress:
        report = exchange_actions.import_data(workspace, chosen.path, chosen.label, chosen.subject, progress)
    if chosen.json:
        print_json(report, ImportReport)
    else:
        print(report)
    return 1 if report.refused else 0


def export_data(chosen: argparse.Namespace) -> int:
    """`mien export`: the data set as a zip of folders or as FER's CSV."""
    with Workspace(chosen.home) as workspace, progress_bar("exporting", "image") as progress:
        report = exchange_actions.export_data(workspace, chosen.path, progress)
    print(f"{chosen.path}: {report}")
    return 1 if report.unreadable else 0


def list_labels(chosen: argparse.Namespace) -> int:
    """`mien labels`: every label with its number of images."""
    with Workspace(chosen.home) as workspace:
        counts = workspace.store.overview.label_counts()
        labels = workspace.store.labels.list(all=True)
    if chosen.json:
        rows = [CountedLabel(name=la.name, images=counts.get(la.name, 0), enabled=la.enabled) for la in labels]
        print_json(rows, list[CountedLabel])
        return 0
    width = max(len(label.name) for label in labels)
    for label in labels:
        note = "" if label.enabled else "  (off)"
        print(f"{label.name:{width}}  {counts.get(label.name, 0):6}{note}")
    return 0


def add_label(chosen: argparse.Namespace) -> int:
    """`mien labels add`."""
    with Workspace(chosen.home) as workspace:
        label_actions.add_label(workspace, chosen.name)
    return 0


def rename_label(chosen: argparse.Namespace) -> int:
    """`mien labels rename`."""
    with Workspace(chosen.home) as workspace:
        label_actions.rename_label(workspace, chosen.name, chosen.new_name)
    return 0


def merge_labels(chosen: argparse.Namespace) -> int:
    """`mien labels merge`: the images of one label become those of another one."""
    with Workspace(chosen.home) as workspace:
        label_actions.merge_labels(workspace, chosen.name, chosen.into)
    return 0


def remove_label(chosen: argparse.Namespace) -> int:
    """`mien labels remove`: its images lose the label, or get the one given by `--into`."""
    with Workspace(chosen.home) as workspace:
        into = chosen.into
        label_actions.remove_label(workspace, chosen.name, "unlabel" if into is None else "move", into or "")
    return 0
