"""What commands show: JSON where a program reads it, a bar for what takes its time."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from pydantic import TypeAdapter
from tqdm import tqdm

T = TypeVar("T")


def print_json(answer: T, kind: type[T]) -> None:
    """`answer`, of the model `kind`, on a line; what a card does not say is left out."""
    shown = TypeAdapter(kind).dump_python(answer, mode="json", exclude_unset=True)
    print(json.dumps(shown, ensure_ascii=False), flush=True)


@contextmanager
def progress_bar(doing: str, unit: str) -> Iterator[Callable[[int, int], None]]:
    """A function that takes how much is done, and of how much; the bar is on stderr and goes at the end."""
    with tqdm(desc=doing, unit=unit, file=sys.stderr, leave=False) as bar:

        def show(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        yield show
