"""The listening socket and the real server behind it."""

from __future__ import annotations

import socket
import threading
import time

import httpx
import pytest
import uvicorn
from fastapi import FastAPI

from models.errors import MienError
from webapp.app import server_config
from webapp.serve import listen


@pytest.mark.parametrize(
    ("host", "port"), [("no.such.host.invalid", None), ("no.such.host.invalid", 80), ("8.8.8.8", 80)]
)
def test_a_host_that_is_not_this_computers_is_refused_with_a_sentence(host: str, port: int | None) -> None:
    with pytest.raises(MienError, match=f"Cannot listen on {host}"):
        listen(host, port)


def test_small_answers_are_sent_at_once() -> None:
    """The option is read off a connection that the server has accepted from the socket that `mien serve` listens on."""
    app = FastAPI()

    @app.get("/")
    def answer() -> str:
        return "hello"

    with listen("127.0.0.1", None) as listener:
        port = listener.getsockname()[1]
        server = uvicorn.Server(server_config(app, "127.0.0.1", port))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            while not server.started:
                time.sleep(0.01)
            with httpx.Client(base_url=f"http://127.0.0.1:{port}") as client:
                assert client.get("/").json() == "hello"
                (connection,) = server.server_state.connections
                accepted = connection.transport.get_extra_info("socket")
                assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        finally:
            server.should_exit = True
            thread.join(20)
