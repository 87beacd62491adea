"""A data set in, and out again."""

from __future__ import annotations

from pathlib import Path

from labeling.exchange import import_path
from labeling.export_formats import export_csv, export_zip
from labeling.import_plan import ImportPlan, plan_import
from labeling.path_reading import PathReading, PeopleFrom
from labeling.reports import Cancelled, ExportReport, ImportReport, Progress
from webapp.workspace import Workspace


def import_data(
    workspace: Workspace,
    path: Path,
    label: str | None = None,
    subject: str | None = None,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
    reading: PathReading | None = None,
) -> ImportReport:
    """Import a folder, a zip, a picture or FER's CSV; `label` and `subject` are for what has none of its own, and
    `reading` says what paths mean.

    Raises:
        ExchangeError: nothing there can be imported.
        LabelError: `label` cannot be used.
        StoreError: the database cannot be written; what was imported before stays.
    """
    return import_path(
        workspace.store, path, label or None, subject or None, progress=progress, cancelled=cancelled, reading=reading
    )


def import_plan(workspace: Workspace, path: Path, people_from: PeopleFrom | None = None) -> ImportPlan:
    """What an import would make of a folder, a zip or a picture, by its paths.

    Raises:
        ExchangeError: nothing there can be imported.
    """
    return plan_import(path, [label.name for label in workspace.store.labels.list(all=True)], people_from)


def export_data(
    workspace: Workspace, path: Path, progress: Progress | None = None, cancelled: Cancelled | None = None
) -> ExportReport:
    """Export the data set to `path`: FER's CSV where it ends in .csv, else a zip of one folder a label.

    Raises:
        ExchangeError: `path` cannot be written.
    """
    write = export_csv if path.suffix.lower() == ".csv" else export_zip
    return write(workspace.store, path, progress, cancelled)
