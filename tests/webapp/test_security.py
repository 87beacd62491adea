from __future__ import annotations

import base64

import pytest
from fastapi import FastAPI, WebSocket
from fastapi.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from webapp.security import Guard, is_local

BASIC = {"authorization": "Basic " + base64.b64encode("ann:söcret:1".encode()).decode()}


def client(auth: tuple[str, str] | None, base_url: str = "http://127.0.0.1:7860") -> TestClient:
    app = FastAPI()
    app.add_middleware(Guard, auth=auth)

    @app.get("/")
    @app.get("/page")
    @app.post("/page")
    def page() -> str:
        return "hello"

    @app.websocket("/live")
    async def live(socket: WebSocket) -> None:
        await socket.accept()
        await socket.send_text("hello")
        await socket.close()

    return TestClient(app, base_url=base_url)


def greeting(client: TestClient, **headers: str) -> str:
    with client.websocket_connect("/live", headers=headers) as socket:
        return socket.receive_text()


def refusal(client: TestClient, **headers: str) -> int:
    with pytest.raises(WebSocketDisconnect) as caught, client.websocket_connect("/live", headers=headers):
        pass
    return caught.value.code


OWN = {"origin": "http://127.0.0.1:7860", "host": "127.0.0.1:7860"}


def test_own_pages_and_programs_are_answered() -> None:
    local = client(None)
    assert local.get("/page").text == '"hello"'
    assert local.get("/page", headers=OWN).status_code == 200
    assert greeting(local, **OWN) == "hello"
    assert greeting(local, host="localhost:7860") == "hello"


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "https://127.0.0.1.evil.example", "null", "http://127.0.0.1:1"]
)
def test_other_sites_are_refused(origin: str) -> None:
    local = client(None)
    assert local.post("/page", headers={"origin": origin}).status_code == 403
    assert refusal(local, origin=origin, host="127.0.0.1:7860") == 1008


PICTURE = {"sec-fetch-mode": "no-cors", "sec-fetch-dest": "image"}
LINK = {"sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
@pytest.mark.parametrize("what", [PICTURE, LINK, LINK | {"sec-fetch-dest": "iframe"}, {}])
def test_what_the_browser_sends_for_another_site_is_refused(site: str, what: dict[str, str]) -> None:
    """Such as the picture of a foreign page, which has no `Origin`."""
    local = client(None)
    for method in ("GET", "POST", "HEAD"):
        assert local.request(method, "/page", headers={"sec-fetch-site": site, **what}).status_code == 403
    assert refusal(local, host="127.0.0.1:7860", **{"sec-fetch-site": site}) == 1008


def test_a_link_on_another_site_opens_the_page_and_nothing_else() -> None:
    local = client(None)
    for site in ("cross-site", "same-site"):
        assert local.get("/", headers={"sec-fetch-site": site, **LINK}).status_code == 200
        for other in (PICTURE, LINK | {"sec-fetch-dest": "iframe"}, LINK | {"sec-fetch-mode": "no-cors"}):
            assert local.get("/", headers={"sec-fetch-site": site, **other}).status_code == 403
        assert local.post("/", headers={"sec-fetch-site": site, **LINK}).status_code == 403


def test_the_page_itself_and_what_is_typed_are_answered() -> None:
    local = client(None)
    for site in ("same-origin", "none"):
        assert local.get("/page", headers={"sec-fetch-site": site, **LINK}).status_code == 200
        assert greeting(local, host="127.0.0.1:7860", **{"sec-fetch-site": site}) == "hello"


def test_a_foreign_name_for_this_computer_is_refused() -> None:
    rebound = client(None, "http://evil.example:7860")
    assert rebound.get("/page").status_code == 403
    assert refusal(rebound, origin="http://evil.example:7860", host="evil.example:7860") == 1008


def test_a_password_covers_page_and_socket_alike() -> None:
    guarded = client(("ann", "söcret:1"), "http://mien.example")
    answer = guarded.get("/page")
    assert answer.status_code == 401 and answer.headers["www-authenticate"].startswith("Basic")
    assert refusal(guarded, host="mien.example") == 1008
    wrong = {"authorization": "Basic " + base64.b64encode(b"ann:wrong").decode()}
    assert guarded.get("/page", headers=wrong).status_code == 401
    assert guarded.get("/page", headers={"authorization": "Basic %%%"}).status_code == 401
    assert guarded.get("/page", headers={"cookie": "mien-80=guess"}).status_code == 401
    assert "set-cookie" not in answer.headers


def test_the_answer_to_the_password_opens_the_socket_too() -> None:
    guarded = client(("ann", "söcret:1"), "http://mien.example")
    assert greeting(guarded, host="mien.example", **BASIC) == "hello"
    assert guarded.get("/page", headers=BASIC).status_code == 200
    cookie = guarded.cookies.get("mien-80")
    assert cookie
    assert guarded.get("/page").status_code == 200
    assert greeting(guarded, host="mien.example", cookie=f"mien-80={cookie}") == "hello"
    assert refusal(guarded, host="mien.example", cookie=f"mien-80={cookie}", origin="http://evil.example") == 1008


def test_pages_may_load_from_this_server_only() -> None:
    policy = client(None).get("/page").headers["content-security-policy"]
    assert policy.startswith("default-src 'self'") and "http:" not in policy and "*" not in policy
    assert "connect-src 'self' data: blob: ws://127.0.0.1:7860 wss://127.0.0.1:7860;" in policy


@pytest.mark.parametrize("host", ["", "evil.example; script-src *", "a b", "[::1", "127.0.0.1:x"])
def test_a_host_that_is_none_is_refused(host: str) -> None:
    assert client(("ann", "söcret:1")).get("/page", headers={"host": host, **BASIC}).status_code == 403


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.1.2.3", "::1", "mien.localhost"])
def test_local_names(host: str) -> None:
    assert is_local(host)


@pytest.mark.parametrize("host", ["", "0.0.0.0", "192.168.1.2", "localhost.evil.example", "evil.example", "::"])
def test_names_that_are_not_local(host: str) -> None:
    assert not is_local(host)
