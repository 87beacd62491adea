"""A module of Mien's that runs in a process of its own: how it is started, and how it is asked for something.

A module that is asked reads one request from its standard input and writes one answer to its standard output, both as
JSON; `ask` is the side that asks, `serve_request` the one that answers.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn, TypeVar

from pydantic import BaseModel, ValidationError

from models.errors import Conflict, DiskError, MienError, NotFound, TooLarge
from training.priority import NICE

KINDS = {kind.status: kind for kind in (MienError, NotFound, Conflict, TooLarge, DiskError)}

Request = TypeVar("Request", bound=BaseModel)
Answer = TypeVar("Answer", bound=BaseModel)


class ModuleRefusal(BaseModel):
    """An answer: something that a person can mend went wrong; `status` tells its kind."""

    status: int
    error: str


def module_command(module: str, *arguments: str) -> list[str]:
    """`python -m MODULE ARGUMENTS`, with the interpreter that runs now."""
    return [sys.executable, "-m", module, *arguments]


def module_environment() -> dict[str, str]:
    """This process's environment, with which Mien's modules are found from any folder."""
    root = str(Path(__file__).parent.parent)
    return os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH")]))}


def ask(module: str, request: BaseModel, kind: type[Answer]) -> Answer:
    """What `module`, in a process of its own, answers to `request`.

    Raises:
        MienError: what the module raised, in the same words.
        RuntimeError: the process failed at a fault of Mien's own; the message has what it said.
    """
    ended = subprocess.run(
        module_command(module), input=request.model_dump_json().encode(), capture_output=True, env=module_environment()
    )
    if ended.returncode:
        _fail(module, ended)
    try:
        refusal = ModuleRefusal.model_validate_json(ended.stdout)
    except ValidationError:
        try:
            return kind.model_validate_json(ended.stdout)
        except ValidationError:
            _fail(module, ended)
    raise KINDS.get(refusal.status, MienError)(refusal.error)


def _fail(module: str, ended: subprocess.CompletedProcess[bytes]) -> NoReturn:
    said = (ended.stdout + ended.stderr).decode(errors="replace")
    raise RuntimeError(f"{module} ended with status {ended.returncode} and said:\n{said}")


def serve_request(kind: type[Request], answer: Callable[[Request], BaseModel]) -> int:
    """Read a request, let other processes go first, write what `answer` makes of it; the exit status."""
    if hasattr(os, "nice"):
        os.nice(NICE)
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as out:
        os.dup2(2, 1)  # whatever a library prints is no part of the answer
        made: BaseModel
        try:
            made = answer(kind.model_validate_json(sys.stdin.buffer.read()))
        except MienError as error:
            made = ModuleRefusal(status=error.status, error=str(error))
        out.write(made.model_dump_json())
    return 0
