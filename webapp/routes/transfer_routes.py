"""Routes that bring data in and out: single pictures, zips and CSVs with progress, and exports to download."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import FileResponse

from labeling.import_plan import ImportPlan
from labeling.path_reading import PathReading, PeopleFrom
from models.errors import MienError, NotFound
from webapp.actions.image_actions import add_picture
from webapp.routes.errors_route import ERROR_ANSWERS, ErrorRoute
from webapp.routes.file_bodies import FILE_BODY, file_answer, read_file, save_file
from webapp.routes.transfer_models import (
    Cancelling,
    GatheredPictures,
    ImportStart,
    TransferStarted,
    TransferState,
    UploadedFaces,
    uploaded_faces,
)
from webapp.studio import Studio

MAX_PICTURE = 64 * 2**20
MAX_ARCHIVE = 8 * 2**30


def router(studio: Studio) -> APIRouter:
    """`/mien/api/data/upload`, `/import`, `/export/…`, `/jobs/…` and `/exported/…`."""
    routes = APIRouter(prefix="/mien/api/data", route_class=ErrorRoute, responses=ERROR_ANSWERS)
    transfers = studio.transfers

    @routes.post("/upload", openapi_extra=FILE_BODY)
    async def upload(
        request: Request, label: str | None = None, subject: str | None = None, session: str | None = None
    ) -> UploadedFaces:
        """The body is a picture; answers what became of its faces."""
        data = await read_file(request, MAX_PICTURE)
        added = await run_in_threadpool(add_picture, studio, data, label, subject, session)
        return UploadedFaces(faces=uploaded_faces(added))

    @routes.post("/import", status_code=202, openapi_extra=FILE_BODY)
    async def take_in(
        request: Request, name: str, label: str | None = None, subject: str | None = None, begin: bool = True
    ) -> TransferStarted:
        """The body is a zip or a CSV, as `name` says; imported in the background, without `begin` only once it is asked
        for by `/jobs/…/begin`."""
        kind = Path(name).suffix.lower()
        if kind not in (".zip", ".csv"):
            raise MienError(f"“{name[:80]}” is neither a zip nor a CSV file.")
        transfer = transfers.receive(kind)
        try:
            await save_file(request, transfer.folder / f"upload{kind}", MAX_ARCHIVE)
        except BaseException:
            transfers.forget(transfer)
            raise
        if begin:
            transfers.start_import(transfer, label, subject, PathReading())
        return TransferStarted(job=transfer.number)

    @routes.post("/import/pictures", status_code=202)
    def gather() -> TransferStarted:
        """Pictures are to come in one by one, for one import; `/jobs/…/begin` then begins it."""
        return TransferStarted(job=transfers.gather().number)

    @routes.post("/jobs/{number}/pictures", openapi_extra=FILE_BODY)
    async def add_file(request: Request, number: str, name: str) -> GatheredPictures:
        """The body is a picture, or a metadata.csv; `name` is its path where it comes from."""
        gathering = transfers.gathering(number)
        await run_in_threadpool(gathering.add, name, await read_file(request, MAX_PICTURE))
        return GatheredPictures(received=gathering.count)

    @routes.get("/jobs/{number}/plan")
    def plan(number: str, people_from: PeopleFrom | None = None) -> ImportPlan:
        """What an import that has not begun would make of its files, by their paths."""
        return transfers.plan(transfers.get(number), people_from)

    @routes.post("/jobs/{number}/begin", status_code=202)
    def begin(number: str, asked: ImportStart) -> TransferStarted:
        transfers.start_import(transfers.get(number), asked.label, asked.subject, asked.reading)
        return TransferStarted(job=number)

    @routes.post("/export/{kind}", status_code=202)
    def export(kind: Literal["zip", "csv"]) -> TransferStarted:
        """Exports in the background; `/exported/` has the file once its job is done."""
        return TransferStarted(job=transfers.start_export(kind).number)

    @routes.get("/jobs/{number}")
    def look(number: str) -> TransferState:
        transfer = transfers.get(number)
        return TransferState(
            done=transfer.done,
            total=transfer.total,
            report=transfer.report,
            error=transfer.error,
            file=transfer.file,
        )

    @routes.post("/jobs/{number}/cancel")
    def cancel(number: str) -> Cancelling:
        transfers.cancel(number)
        return Cancelling(cancelling=True)

    @routes.get(
        "/exported/{number}/{name}", response_class=FileResponse, responses=file_answer("application/zip", "text/csv")
    )
    def exported(number: str, name: str) -> FileResponse:
        """An export's file, for ten minutes."""
        transfer = transfers.get(number)
        if name != transfer.file:
            raise NotFound("This export is not there any more. Export once more.")
        return FileResponse(transfer.folder / name, filename=name)

    return routes
