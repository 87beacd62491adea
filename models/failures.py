"""What is said of a fault of Mien's own: its number, under which the log has all the rest."""

from __future__ import annotations

import logging
import uuid

log = logging.getLogger(__name__)


def new_id() -> str:
    """A number for one failure."""
    return uuid.uuid4().hex[:8]


def failed(doing: str) -> str:
    """Logs the error that is being handled, with its traceback, and gives the sentence to answer with."""
    number = new_id()
    log.exception("%s failed (id %s)", doing, number)
    return f"Mien failed at this (id {number}); its log says why."
