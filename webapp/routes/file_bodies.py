"""Bodies that are files: those of requests, taken as they come in and no further than their limit, and of answers."""

from __future__ import annotations

from pathlib import Path

from fastapi import Request
from fastapi.concurrency import run_in_threadpool

from models.errors import TooLarge, disk_error

FILE_BODY: dict[str, object] = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}
"""For a route's `openapi_extra`: its body is a file."""


def file_answer(*kinds: str) -> dict[int | str, dict[str, object]]:
    """For a route's `responses`: it answers with a file of one of these media types."""
    content = {kind: {"schema": {"type": "string", "format": "binary"}} for kind in kinds}
    return {200: {"description": "The file.", "content": content}}


async def read_file(request: Request, limit: int) -> bytes:
    """The file. Raises TooLarge over `limit` bytes, without reading on."""
    data = bytearray()
    async for chunk in request.stream():
        data += chunk
        if len(data) > limit:
            raise TooLarge(f"This file is larger than {limit // 2**20} MB.")
    return bytes(data)


async def save_file(request: Request, path: Path, limit: int) -> None:
    """Writes the file to `path`.

    Raises:
        TooLarge: it has more than `limit` bytes.
        DiskError: the disk is full or cannot be written.
    """
    size = 0
    try:
        with path.open("wb") as file:
            async for chunk in request.stream():
                size += len(chunk)
                if size > limit:
                    raise TooLarge(f"This file is larger than {limit // 2**30} GB. Use `mien import` instead.")
                await run_in_threadpool(file.write, chunk)
    except OSError as error:
        raise disk_error(error, "This file cannot be kept while it is imported") from error
