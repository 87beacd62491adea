"""JSON for programs that read what commands print."""

from __future__ import annotations

import json
from typing import TypeVar

from pydantic import TypeAdapter

T = TypeVar("T")


def print_json(answer: T, kind: type[T]) -> None:
    """`answer`, of the model `kind`, on a line; what a card does not say is left out."""
    shown = TypeAdapter(kind).dump_python(answer, mode="json", exclude_unset=True)
    print(json.dumps(shown, ensure_ascii=False), flush=True)
