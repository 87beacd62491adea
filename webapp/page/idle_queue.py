"""Gradio's queue, started by the first call of a named endpoint.

While it runs it looks for work a thousand times a second, 5 % of a core, and the page itself never puts anything in.
"""

from __future__ import annotations

import gradio as gr
from starlette.types import ASGIApp, Receive, Scope, Send

QUEUED = ("/gradio_api/queue/", "/gradio_api/call/")


class IdleBlocks(gr.Blocks):  # type: ignore[misc]  # Gradio has no types
    """A page that does not start its queue when the server starts, but at `start_queue`."""

    queue_runs = False

    def run_startup_events(self) -> None:
        """What Gradio calls when the server starts."""

    def start_queue(self) -> None:
        """Start the queue, in the server's event loop; a second call does nothing."""
        if not self.queue_runs:
            self.queue_runs = True
            super().run_startup_events()


class QueueStarter:
    """ASGI middleware that starts the queue of `blocks` before a request that needs it."""

    def __init__(self, app: ASGIApp, blocks: IdleBlocks) -> None:
        self.app, self.blocks = app, blocks

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith(QUEUED):
            self.blocks.start_queue()
        await self.app(scope, receive, send)
