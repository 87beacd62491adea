"""The web application: Gradio's page mounted on a FastAPI app that adds the live socket and a few routes."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")

import gradio as gr
import uvicorn
from fastapi import FastAPI
from fastapi.responses import FileResponse, Response

from webapp import openapi
from webapp.live import connection
from webapp.page.first_paint import FirstPaint
from webapp.page.idle_queue import QueueStarter
from webapp.page.parts import STATIC, static_files
from webapp.page.tabs import page
from webapp.page.theme import theme
from webapp.routes.all_routes import routers
from webapp.scoring import Scoring
from webapp.security import Guard
from webapp.studio import Studio
from webapp.suggesting import Suggesting

MAX_MESSAGE = 64 * 2**20
"""Bytes of a socket message that are read at all; one of over `camera_session.MAX_FRAME` is refused with a sentence."""


def create_app(studio: Studio, auth: tuple[str, str] | None = None) -> FastAPI:
    """The whole application. `auth` is (user, password) for page, routes and sockets alike; None: local only."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        studio.start()
        at_work = [Suggesting(studio), Scoring(studio)]
        for work in at_work:
            work.start()
        warming = asyncio.create_task(asyncio.to_thread(studio.warm_up))
        yield
        try:
            await warming
        finally:
            for work in at_work:
                await asyncio.to_thread(work.stop)
            await asyncio.to_thread(studio.close)

    # Read by Gradio whenever it asks where uploads may lie; there is no argument for it.
    os.environ["GRADIO_TEMP_DIR"] = str(studio.uploads)
    app = FastAPI(title="Mien", docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan)
    blocks = page(studio)
    app.add_middleware(QueueStarter, blocks=blocks)
    app.add_middleware(FirstPaint)
    app.add_middleware(Guard, auth=auth)
    app.get("/mien/static/{fingerprint}/{name:path}")(static_file)
    ours = routers(studio)
    for router in (*ours, openapi.router(ours), connection.router(studio)):
        app.include_router(router)
    mounted: FastAPI = gr.mount_gradio_app(
        app,
        blocks,
        path="/",
        theme=theme(),
        favicon_path=str(STATIC / "shared/favicon.svg"),
        footer_links=[],
        run_history=False,
        ssr_mode=False,
        pwa=False,
        enable_monitoring=False,
        show_error=False,  # the text of an error that nobody foresaw may name a path
    )
    # Gradio checks that a file which a request names was uploaded only once it counts itself as launched and running,
    # which mounting leaves out.
    blocks.has_launched = blocks.is_running = True
    gr.set_static_paths([studio.transfers.exports])  # served from where they are, instead of from a copy that stays
    return mounted


def static_file(fingerprint: str, name: str) -> Response:
    """A file of `static/`; the fingerprint in its address lets browsers keep it for good."""
    if name not in static_files():
        return Response(status_code=404)
    return FileResponse(STATIC / name, headers={"cache-control": "public, max-age=31536000, immutable"})


def server_config(app: FastAPI, host: str, port: int, **options: Any) -> uvicorn.Config:
    """Uvicorn's settings for Mien: frames are JPEG already, so compressing them again would only cost time."""
    return uvicorn.Config(
        app,
        host=host,
        port=port,
        log_level="warning",
        ws_max_size=MAX_MESSAGE,
        ws_per_message_deflate=False,
        timeout_graceful_shutdown=3,
        **options,
    )
