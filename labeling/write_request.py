"""Writes that share a transaction, and so the wait for the disk, with others that came while one was being synced."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import nullcontext
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, IntegrityError

T = TypeVar("T")


class WriteRequest(ABC, Generic[T]):
    """Something to write; `result` or `error` is set once it is `done`."""

    result: T | None = None
    error: BaseException | None = None
    done = False

    @abstractmethod
    def carry_out(self, connection: Connection) -> T:
        """Writes; what it raises undoes this request alone."""


def carry_out_all(connection: Connection, requests: Sequence[WriteRequest[Any]], savepoints: bool) -> None:
    """Carries out each request; with `savepoints` one that fails is undone alone, and the others stay."""
    for request in requests:
        _attempt(connection, request, savepoints)


def _attempt(connection: Connection, request: WriteRequest[Any], savepoint: bool) -> None:
    for last in (False, True):
        try:
            with connection.begin_nested() if savepoint else nullcontext():
                request.result = request.carry_out(connection)
            return
        except IntegrityError:
            # On PostgreSQL another process may add the same at the same moment; the second time it is seen.
            if last or not savepoint:
                raise
        except DBAPIError:
            raise
        except Exception as error:
            if not savepoint:
                raise
            request.error = error
            return
