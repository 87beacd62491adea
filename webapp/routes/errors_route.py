"""What a route answers when it cannot do what was asked: `{"error": "why"}` with the status that fits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from fastapi.routing import APIRoute

from models.errors import MienError
from models.failures import failed


class ErrorRoute(APIRoute):
    """Says what went wrong as JSON."""

    def get_route_handler(self) -> Callable[[Request], Any]:
        handle = super().get_route_handler()

        async def handled(request: Request) -> Response:
            try:
                return await handle(request)
            except MienError as error:
                return JSONResponse({"error": str(error)}, error.status)
            except KeyError as error:
                return JSONResponse({"error": str(error.args[0])}, 404)
            except RequestValidationError as error:
                return JSONResponse({"error": _wrong_values(error)}, 422)
            except ValueError as error:
                return JSONResponse({"error": str(error)}, 422)
            except OSError as error:
                # Its own text would name a path.
                reason = f"{error.strerror}. " if error.strerror else ""
                return JSONResponse({"error": reason + failed("A request")}, 500)

        return handled


def _wrong_values(error: RequestValidationError) -> str:
    """What is wrong with a request's values, without the values, which need not be JSON."""
    found = [(".".join(str(part) for part in entry["loc"][1:]), entry["msg"]) for entry in error.errors()[:3]]
    return "; ".join(f"{name}: {message}" if name else message for name, message in found)
