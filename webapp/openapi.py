"""The contract of our routes and of the live socket in OpenAPI's words, which the page's scripts take their types from.

`python -m webapp.openapi` writes it to `webapp/openapi.json`; the server has it at `/mien/api/openapi.json`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal, get_args

from fastapi import APIRouter
from fastapi.openapi.utils import get_openapi
from fastapi.responses import JSONResponse
from pydantic import JsonValue
from pydantic.json_schema import models_json_schema

from models.home import open_home
from webapp.live.messages import Answer, Command, Message
from webapp.routes.all_routes import routers
from webapp.routes.errors_route import ErrorRoute
from webapp.studio import Studio

FILE = Path(__file__).parent / "openapi.json"


def router(described: Sequence[APIRouter]) -> APIRouter:
    """`GET /mien/api/openapi.json`, the contract of the routers `described`."""
    routes = APIRouter(prefix="/mien/api", route_class=ErrorRoute)

    @routes.get("/openapi.json")
    def openapi() -> JSONResponse:
        return JSONResponse(document(described))

    return routes


def document(described: Sequence[APIRouter]) -> dict[str, JsonValue]:
    """The contract of these routers: their paths, and the schema of everything that they take and answer.

    It has the schemas of what is said over the live socket too, for which OpenAPI knows no paths.
    """
    routes = [route for each in described for route in each.routes]
    contract = get_openapi(title="Mien", version=version("mien"), routes=routes)
    schemas = contract["components"]["schemas"]
    for name, schema in _message_schemas().items():
        if schemas.setdefault(name, schema) != schema:
            raise ValueError(f"There are two models called {name}; the page's scripts could not tell them apart.")
    for schema in schemas.values():
        if schema.get("additionalProperties") is True:
            del schema["additionalProperties"]  # what another Mien wrote into a card is nothing to rely on
    return contract


def _message_schemas() -> dict[str, dict[str, JsonValue]]:
    """The schema of each message of the live socket, both ways."""
    messages: list[tuple[type[Message], Literal["serialization", "validation"]]] = [
        *((answer, "serialization") for answer in get_args(Answer)),
        *((command, "validation") for command in get_args(Command)),
    ]
    _, schemas = models_json_schema(messages, ref_template="#/components/schemas/{model}")
    return dict(schemas["$defs"])


def text() -> str:
    """The contract as it stands in the repository."""
    with TemporaryDirectory() as folder:
        studio = Studio(open_home(Path(folder)))
        try:
            contract = document(routers(studio))
        finally:
            studio.close()
    return json.dumps(contract, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    FILE.write_text(text(), "utf-8")
