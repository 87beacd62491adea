"""Routes that bring data in and out: single pictures, zips and CSVs with progress, and exports to download."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import FileResponse, JSONResponse

from labeling.intake import add_picture
from labeling.stored_faces import Added
from webapp.routes.errors_route import ErrorRoute
from webapp.studio import Studio

MAX_PICTURE = 64 * 2**20
MAX_ARCHIVE = 8 * 2**30


def router(studio: Studio) -> APIRouter:
    """`/mien/api/data/upload`, `/import`, `/export/…`, `/jobs/…` and `/exported/…`."""
    routes = APIRouter(prefix="/mien/api/data", route_class=ErrorRoute)
    transfers = studio.transfers

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
        transfer = transfers.receive()
        try:
            await _receive(request, transfer.folder / f"upload{kind}")
        except BaseException:
            transfers.forget(transfer)
            raise
        transfers.start_import(transfer, f"upload{kind}", label or None, subject or None)
        return JSONResponse({"job": transfer.number}, 202)

    @routes.post("/export/{kind}")
    def export(kind: Literal["zip", "csv"]) -> JSONResponse:
        """Exports in the background; `/exported/` has the file once its job is done."""
        return JSONResponse({"job": transfers.start_export(kind).number}, 202)

    @routes.get("/jobs/{number}")
    def look(number: str) -> dict[str, Any]:
        return transfers.get(number).as_dict()

    @routes.post("/jobs/{number}/cancel")
    def cancel(number: str) -> dict[str, Any]:
        transfers.get(number).stop.set()
        return {"cancelling": True}

    @routes.get("/exported/{number}/{name}")
    def exported(number: str, name: str) -> FileResponse:
        """An export's file, for ten minutes."""
        transfer = transfers.get(number)
        if name != transfer.file:
            raise KeyError("This export is not there any more. Export once more.")
        return FileResponse(transfer.folder / name, filename=name)

    return routes


async def _receive(request: Request, path: Path) -> None:
    size = 0
    with path.open("wb") as file:
        async for chunk in request.stream():
            size += len(chunk)
            if size > MAX_ARCHIVE:
                raise ValueError(f"This file is larger than {MAX_ARCHIVE // 2**30} GB. Use `mien import` instead.")
            await run_in_threadpool(file.write, chunk)
