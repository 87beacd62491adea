"""The subcommands about the data set and its labels: what the page's buttons do, shown in lines or JSON."""

from __future__ import annotations

import argparse
import sys

from labeling.deletion import KEPT_DAYS
from labeling.path_reading import PathReading
from labeling.reports import ImportReport
from webapp.actions import exchange_actions, image_actions, label_actions
from webapp.command_models import CountedLabel, TrashContents
from webapp.command_output import print_json
from webapp.command_progress import progress_bar
from webapp.workspace import Workspace

STILL_IN_LOG = (
    "mien: They are still in the data set's log, because another program is reading it. The next start of the page "
    "wipes it."
)


def import_data(chosen: argparse.Namespace) -> int:
    """`mien import`: a folder, a zip or a CSV file into the data set."""
    with Workspace(chosen.home) as workspace:
        reading = _reading(workspace, chosen)
        with progress_bar("importing", "image") as progress:
            report = exchange_actions.import_data(
                workspace, chosen.path, chosen.label, chosen.subject, progress, reading=reading
            )
    if chosen.json:
        print_json(report, ImportReport)
    else:
        print(report)
    return 1 if report.refused else 0


def _reading(workspace: Workspace, chosen: argparse.Namespace) -> PathReading:
    """What the paths mean, told on the standard error where nobody chose it."""
    if chosen.path.suffix.lower() == ".csv":
        return PathReading()
    plan = exchange_actions.import_plan(workspace, chosen.path, chosen.people_from)
    synonyms = [label for label in plan.labels if label.meant]
    for rule in plan.people:
        taken = rule.people_from == plan.people_from
        if taken and chosen.people_from is None:
            names = ", ".join(rule.sample) + (", …" if rule.people > len(rule.sample) else "")
            print(f"{rule.people} people by {rule.people_from}: {names} (else: --people-from)", file=sys.stderr)
        elif not taken and plan.people_from == "nowhere":
            print(f"--people-from {rule.people_from} would name {rule.people} people", file=sys.stderr)
    if synonyms and not chosen.keep_names:
        meant = ", ".join(f"{label.folder} → {label.meant}" for label in synonyms)
        print(f"{meant} (else: --keep-names)", file=sys.stderr)
    kept = tuple(label.folder for label in synonyms) if chosen.keep_names else ()
    return PathReading(people_from=plan.people_from, kept=kept)


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


def show_trash(chosen: argparse.Namespace) -> int:
    """`mien trash`: how many images it holds, how large they are, and of whom."""
    with Workspace(chosen.home) as workspace:
        figures = workspace.store.trash.figures()
    if chosen.json:
        contents = TrashContents(images=figures.images, bytes=figures.bytes, people=dict(figures.people))
        print_json(contents, TrashContents)
        return 0
    print(f"{_images(figures.images)}, {figures.bytes / 1e6:.1f} MB, each kept for {KEPT_DAYS} days")
    for name, images in figures.people:
        print(f"  {name}: {images}")
    return 0


def restore_trash(chosen: argparse.Namespace) -> int:
    """`mien trash restore`."""
    with Workspace(chosen.home) as workspace:
        print(f"{_images(image_actions.restore_images(workspace))} restored")
    return 0


def empty_trash(chosen: argparse.Namespace) -> int:
    """`mien trash empty`: removed for good, from every file of the data set."""
    with Workspace(chosen.home) as workspace:
        print(f"{_images(image_actions.purge_images(workspace))} removed for good")
        if workspace.store.deletion.wiping:
            print(STILL_IN_LOG, file=sys.stderr)
    return 0


def _images(count: int) -> str:
    return "1 image" if count == 1 else f"{count} images"
