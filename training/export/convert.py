"""A version made into a bundle, here or in a process of its own: `python -m training.export.convert`.

The process reads a request from its standard input and writes an answer to its standard output, both as JSON.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

from pydantic import BaseModel, ValidationError

from labeling.store import Store
from models.card import Proof
from models.errors import Conflict, DiskError, MienError, NotFound, TooLarge
from models.home import Home
from models.temporary import TemporaryFolder
from models.versions import Version, Versions
from training.dataset import proof_faces
from training.export.bundle import Bundle, write_bundle
from training.module_process import module_command, module_environment
from training.priority import NICE

KINDS = {kind.status: kind for kind in (MienError, NotFound, Conflict, TooLarge, DiskError)}


class ConversionRequest(BaseModel):
    """What to convert, and where to."""

    home: Path
    version: int
    path: Path
    palettize: bool
    onnx: bool


class ConversionAnswer(BaseModel):
    """What was written; or, with the `status` of its kind, the `error` that a person can mend."""

    bytes: int = 0
    proofs: tuple[Proof, ...] = ()
    status: int = 0
    error: str = ""


def convert(home: Home, store: Store, version: Version, path: Path, *, palettize: bool, onnx: bool) -> Bundle:
    """Write a bundle whose models must be made and proved first. Raises as `write_bundle` does."""
    with TemporaryFolder(home) as folder:
        folder.adopt()  # coremltools leaves copies of its models there
        return write_bundle(path, version, proof_faces(store), palettize=palettize, onnx=onnx)


def convert_elsewhere(home: Home, version: Version, path: Path, *, palettize: bool, onnx: bool) -> Bundle:
    """As `convert`, in a process of its own that lets others go first.

    Raises:
        MienError: as `write_bundle` does, in the same words.
        RuntimeError: the process failed at a fault of Mien's own; the message has what it said.
    """
    request = ConversionRequest(
        home=home.path.resolve(), version=version.number, path=path.resolve(), palettize=palettize, onnx=onnx
    )
    ended = subprocess.run(
        module_command("training.export.convert"),
        input=request.model_dump_json().encode(),
        capture_output=True,
        env=module_environment(),
    )
    if ended.returncode:
        _fail(ended)
    try:
        answer = ConversionAnswer.model_validate_json(ended.stdout)
    except ValidationError:
        _fail(ended)
    if answer.error:
        raise KINDS.get(answer.status, MienError)(answer.error)
    return Bundle(path, answer.bytes, answer.proofs)


def _fail(ended: subprocess.CompletedProcess[bytes]) -> NoReturn:
    said = (ended.stdout + ended.stderr).decode(errors="replace")
    raise RuntimeError(f"The conversion ended with status {ended.returncode} and said:\n{said}")


def _answer(request: ConversionRequest) -> ConversionAnswer:
    home = Home(request.home)
    try:
        store = Store(home.database_url)
        try:
            version = Versions(home.versions).get(request.version)
            made = convert(home, store, version, request.path, palettize=request.palettize, onnx=request.onnx)
        finally:
            store.close()
    except MienError as error:
        return ConversionAnswer(status=error.status, error=str(error))
    return ConversionAnswer(bytes=made.bytes, proofs=made.proofs)


def main() -> int:
    if hasattr(os, "nice"):
        os.nice(NICE)
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as out:
        os.dup2(2, 1)  # whatever a library prints is no part of the answer
        out.write(_answer(ConversionRequest.model_validate_json(sys.stdin.buffer.read())).model_dump_json())
    return 0


if __name__ == "__main__":
    sys.exit(main())
