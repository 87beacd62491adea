"""`mien serve`: the page, on this computer."""

from __future__ import annotations

import argparse
import errno
import logging
import os
import socket
import threading
import time
import webbrowser
from contextlib import suppress

from models.errors import MienError
from models.providers import chosen_provider
from webapp.quick_import import quick_import
from webapp.security import is_local

FIRST_PORT = 7860
PORTS_TRIED = 100


def serve(chosen: argparse.Namespace) -> int:
    """Listen, open the browser, run until Ctrl-C.

    Raises:
        MienError: a host that others reach without a password, a port that is taken, or a provider that is not there.
    """
    if not is_local(chosen.host) and chosen.auth is None:
        raise MienError(f"{chosen.host} lets others reach your camera's page: add --auth USER:PASSWORD.")
    chosen_provider()
    listener = listen(chosen.host, chosen.port)
    print("Starting Mien …", flush=True)
    logging.basicConfig(format="%(asctime)s %(name)s: %(message)s")
    logging.getLogger("models").setLevel(logging.INFO)  # it says what each version runs on
    with quick_import():
        import cv2
        import uvicorn

        from webapp.studio import Studio

        os.umask(0o077)  # all that the server writes is in the home, and nobody else's to read
        studio = Studio(chosen.home)
        studio.temporary.adopt()  # before Gradio is imported, which makes a folder for its files at once
        from webapp.app import create_app, server_config

        app = create_app(studio, chosen.auth)
    # A frame is too small to share among cores; eight cameras on two cores then wait for each other less.
    cv2.setNumThreads(1)
    port = listener.getsockname()[1]
    server = uvicorn.Server(server_config(app, chosen.host, port))
    threading.Thread(target=_announce, args=(server, chosen, port), daemon=True).start()
    with listener, suppress(KeyboardInterrupt):  # uvicorn raises it anew after it has closed everything
        server.run(sockets=[listener])
    print("Mien has stopped.")
    return 0


def listen(host: str, port: int | None) -> socket.socket:
    """A socket bound to `port`, or without one to the first free port from 7860 on.

    Raises:
        MienError: `port` is taken (the message names the next free one), or the host or port cannot be used.
    """
    if port is None:
        listener = _first_free(host, FIRST_PORT)
        found = listener.getsockname()[1]
        if found != FIRST_PORT:
            print(f"Port {FIRST_PORT} is taken; using the next free one, {found}.")
        return listener
    try:
        return _bind(host, port)
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise MienError(f"Cannot listen on {host}:{port}: {error.strerror or error}.") from error
        with _first_free(host, port + 1) as free:
            raise MienError(f"Port {port} is taken; {free.getsockname()[1]} is free.") from error


def _first_free(host: str, port: int) -> socket.socket:
    """A socket bound to the first free port from `port` on."""
    for candidate in range(port, min(port + PORTS_TRIED, 65536)):
        try:
            return _bind(host, candidate)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise MienError(f"Cannot listen on {host}: {error.strerror or error}.") from error
    raise MienError(f"No port from {port} on is free on {host}.")


def _bind(host: str, port: int) -> socket.socket:
    family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
    # Named as TCP, or asyncio does not switch off Nagle's algorithm, and each small answer waits 40 ms.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(128)
    except OSError:
        listener.close()
        raise
    return listener


def _announce(server: object, chosen: argparse.Namespace, port: int) -> None:
    while not getattr(server, "started", False):
        time.sleep(0.05)
    shown = f"[{chosen.host}]" if ":" in chosen.host else chosen.host
    address = f"http://{shown}:{port}"
    print(f"Mien listens on {address} (Ctrl-C stops it).", flush=True)
    if not chosen.no_browser:
        webbrowser.open(address)
