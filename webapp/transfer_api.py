"""Routes that bring data in and out: single pictures, zips and CSVs as jobs with progress, and downloads."""

from __future__ import annotations

import tempfile
import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import FileResponse, JSONResponse
from starlette.background import BackgroundTask

from labeling.exchange import ImportReport, export_csv, export_zip, import_path
from labeling.intake import add_picture
from labeling.store import Added, Store
from webapp.data_api import Plainly
from webapp.studio import Studio

MAX_PICTURE = 64 * 2**20
MAX_ARCHIVE = 8 * 2**30
REMEMBERED = 20


@dataclass
class Job:
    """An import in the background; its file is removed when it is over."""

    path: Path
    done: int = 0
    total: int = 0
    report: ImportReport | None = None
    error: str = ""
    stop: threading.Event = field(default_factory=threading.Event)

    def as_dict(self) -> dict[str, Any]:
        report = self.report.as_dict() if self.report else None
        return {"done": self.done, "total": self.total, "report": report, "error": self.error}

    def run(self, store: Store, label: str | None, subject: str | None) -> None:
        def progress(done: int, total: int) -> None:
            self.done, self.total = done, total

        try:
            self.report = import_path(store, self.path, label, subject, progress=progress, cancelled=self.stop.is_set)
        except (ValueError, OSError) as error:
            self.error = str(error)
        finally:
            self.path.unlink(missing_ok=True)
            self.path.parent.rmdir()


def router(studio: Studio) -> APIRouter:
    """`/mien/api/data/upload`, `/import`, `/jobs/…` and `/export.zip`, `/export.csv`."""
    routes = APIRouter(prefix="/mien/api/data", route_class=Plainly)
    jobs: dict[str, Job] = {}

    @routes.post("/upload")
    async def upload(
        request: Request, label: str | None = None, subject: str | None = None, session: str | None = None
    ) -> dict[str, Any]:
        """One picture, which is the body; answers what became of its faces."""
        data = bytearray()
        async for chunk in request.stream():
            data += chunk
            if len(data) > MAX_PICTURE:
                raise ValueError(f"This file is larger than {MAX_PICTURE // 2**20} MB.")

        def add() -> list[Added]:
            return add_picture(
                studio.store, bytes(data), label=label or None, subject=subject or None, session=session or None
            )

        added = await run_in_threadpool(add)
        return {"faces": [{"image": face.image_id, "state": face.state} for face in added]}

    @routes.post("/import")
    async def take_in(
        request: Request, name: str, label: str | None = None, subject: str | None = None
    ) -> JSONResponse:
        """A zip or a CSV, which is the body; imported in the background."""
        kind = Path(name).suffix.lower()
        if kind not in (".zip", ".csv"):
            raise ValueError(f"“{name[:80]}” is neither a zip nor a CSV file.")
        path = Path(tempfile.mkdtemp(prefix="mien-")) / f"upload{kind}"
        try:
            await _receive(request, path)
        except BaseException:
            path.unlink(missing_ok=True)
            path.parent.rmdir()
            raise
        number, job = uuid.uuid4().hex, Job(path)
        for old in list(jobs)[: max(0, len(jobs) - REMEMBERED)]:
            jobs.pop(old)
        jobs[number] = job
        threading.Thread(
            target=job.run, args=(studio.store, label or None, subject or None), name="import", daemon=True
        ).start()
        return JSONResponse({"job": number}, 202)

    @routes.get("/jobs/{number}")
    def look(number: str) -> dict[str, Any]:
        return _job(jobs, number).as_dict()

    @routes.post("/jobs/{number}/cancel")
    def cancel(number: str) -> dict[str, Any]:
        _job(jobs, number).stop.set()
        return {"cancelling": True}

    @routes.get("/export.zip")
    def export_as_zip() -> FileResponse:
        return _download(studio.store, export_zip, "mien.zip", "application/zip")

    @routes.get("/export.csv")
    def export_as_csv() -> FileResponse:
        return _download(studio.store, export_csv, "fer2013.csv", "text/csv")

    return routes


def _job(jobs: dict[str, Job], number: str) -> Job:
    if number not in jobs:
        raise KeyError("There is no such import; Mien may have been started again. Import the file once more.")
    return jobs[number]


async def _receive(request: Request, path: Path) -> None:
    size = 0
    with path.open("wb") as file:
        async for chunk in request.stream():
            size += len(chunk)
            if size > MAX_ARCHIVE:
                raise ValueError(f"This file is larger than {MAX_ARCHIVE // 2**30} GB. Use `mien import` instead.")
            await run_in_threadpool(file.write, chunk)


def _download(store: Store, write: Callable[[Store, Path], int], name: str, kind: str) -> FileResponse:
    folder = Path(tempfile.mkdtemp(prefix="mien-"))
    path = folder / name

    def remove() -> None:
        path.unlink(missing_ok=True)
        folder.rmdir()

    try:
        write(store, path)
    except BaseException:
        remove()
        raise
    return FileResponse(path, media_type=kind, filename=name, background=BackgroundTask(remove))
