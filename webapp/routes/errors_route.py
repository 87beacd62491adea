"""What a route answers when it cannot do what was asked: `{"error": "why"}` with the status that fits."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from models.errors import MienError
from models.failures import failed
from webapp.answer_model import AnswerModel


class ErrorAnswer(AnswerModel):
    """Why something was not done, as a sentence to show."""

    error: str


ERROR_ANSWERS: dict[int | str, dict[str, object]] = {
    "default": {"model": ErrorAnswer, "description": "It was not done."},
}
"""For a router's `responses`: what its routes answer instead of what was asked for."""


class ErrorRoute(APIRoute):
    """Says what went wrong as JSON: a person's mistake in its own words, a fault of Mien's by its number in the log."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def handled(request: Request) -> Response:
            try:
                return await handle(request)
            except MienError as error:
                return _refusal(str(error), error.status)
            except RequestValidationError as error:
                return _refusal(_wrong_values(error), 422)
            except HTTPException as error:
                return _refusal(str(error.detail), error.status_code)
            except ClientDisconnect:
                return Response(status_code=400)  # nobody is there to read it
            except Exception:
                return _refusal(failed(f"{request.method} {self.path}"), 500)

        return handled


def _refusal(reason: str, status: int) -> JSONResponse:
    return JSONResponse(ErrorAnswer(error=reason).model_dump(), status)


def _wrong_values(error: RequestValidationError) -> str:
    """What is wrong with a request's values, without the values, which need not be JSON."""
    found = [(".".join(str(part) for part in entry["loc"][1:]), entry["msg"]) for entry in error.errors()[:3]]
    return "; ".join(f"{name}: {message}" if name else message for name, message in found)
