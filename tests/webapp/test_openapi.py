"""The contract of the routes, from which the page's scripts take their types."""

from __future__ import annotations

from fastapi.testclient import TestClient

from webapp import openapi


def test_the_contract_in_the_repository_is_the_one_of_the_routes() -> None:
    stale = "webapp/openapi.json is stale; write it anew with `python -m webapp.openapi`."
    assert openapi.FILE.read_text("utf-8") == openapi.text(), stale


def test_the_server_answers_with_its_contract(client: TestClient) -> None:
    contract = client.get("/mien/api/openapi.json").json()
    assert {"/mien/api/status", "/mien/api/data/queue", "/mien/api/data/train/start"} <= contract["paths"].keys()
    schemas = contract["components"]["schemas"]
    assert not [name for name in schemas if name.endswith(("-Input", "-Output"))]
    assert {"FrameAnswer", "CapturedAnswer", "TeachCommand"} <= schemas.keys()
    answered = schemas["TransferState"]
    assert set(answered["required"]) == answered["properties"].keys()


def test_every_route_says_what_it_answers(client: TestClient) -> None:
    for path, operations in client.get("/mien/api/openapi.json").json()["paths"].items():
        for operation in operations.values():
            (done,) = [answer for status, answer in operation["responses"].items() if status.startswith("2")]
            content = done["content"]
            assert content.get("application/json", {}).get("schema") != {}, path
            assert "error" in str(operation["responses"]["default"]).lower(), path
