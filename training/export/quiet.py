"""Exporting without the libraries' own words."""

from __future__ import annotations

import contextlib
import logging
import warnings
from collections.abc import Iterator
from typing import Any


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Silence coremltools' progress bars, and its warning that a newer PyTorch is untested: the proof tests it."""
    import tqdm

    loggers = [logging.getLogger("coremltools")]
    levels = [logger.level for logger in loggers]
    plain_init = tqdm.tqdm.__init__

    def silent_init(self: Any, *arguments: Any, **options: Any) -> None:
        plain_init(self, *arguments, **(options | {"disable": True}))

    try:
        for logger in loggers:
            logger.setLevel(logging.CRITICAL)
        tqdm.tqdm.__init__ = silent_init  # type: ignore[method-assign]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        tqdm.tqdm.__init__ = plain_init  # type: ignore[method-assign]
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)
