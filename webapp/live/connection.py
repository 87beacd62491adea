"""The live socket: JPEG frames in, expressions out.

Binary messages are frames, numbered from 1 as they come. Each gets one JSON answer:

    {"seq", "version", "ms", "faces": [{"id", "box": [x, y, w, h] in fractions, "label", "probabilities"}]}
    {"seq", "error": "a reason"}       the frame is refused
    {"seq", "dropped": "a reason"}     a newer frame came before its turn

An answer has `labels` (name, color, key of each) when it is the first, or when the active version has changed.

Text messages are JSON commands, each with one answer, `{"error": ...}` where it cannot be done:

    {"capture": {"label", "subject", "session"}}   store the largest face of each frame from now on, at most ten a
                                                   second; each gives {"captured": {"image", "state", "label", "guess"}}
    {"capture": null}                              stop
    {"hold": face}                                 remember how that face looks now, for a teach to come
    {"teach": {"face", "label"}}                   store that face as held, or as last seen, under this label:
                                                   {"taught": {"face", "image", "state", "label", "guess"}}
    {"forget": image}                              take back a face that this connection has added

Fairness: a connection has one frame at work and one waiting, the newest; all take turns at a pool of one thread a
core. So a camera that sends more gets no more, and nothing queues up.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import cv2
import torch
from fastapi import APIRouter, WebSocket, WebSocketDisconnect

from labeling.store import LabelError, StoreError
from webapp.failures import failed
from webapp.live.camera_session import MAX_FRAME, BadCommand, CameraSession
from webapp.studio import Studio

log = logging.getLogger(__name__)

MAX_COMMAND = 10_000


def router(studio: Studio) -> APIRouter:
    """The route `/live`."""
    routes = APIRouter()
    workers = ThreadPoolExecutor(os.cpu_count() or 2, "live", initializer=_one_thread)
    writers = ThreadPoolExecutor(2, "live-store")

    @routes.websocket("/live")
    async def serve(socket: WebSocket) -> None:
        await socket.accept()
        session = await asyncio.get_running_loop().run_in_executor(workers, CameraSession, studio)
        await Connection(socket, session, workers, writers).run()

    return routes


class Connection:
    """One socket. The event loop only passes messages on; frames and commands run in `workers` and `writers`."""

    def __init__(
        self, socket: WebSocket, session: CameraSession, workers: ThreadPoolExecutor, writers: ThreadPoolExecutor
    ) -> None:
        self.socket, self.session, self.workers, self.writers = socket, session, workers, writers
        self._frames = 0
        self._waiting: tuple[int, bytes] | None = None
        self._changing = threading.Lock()  # the loop puts frames into `_waiting`, a worker takes them out
        self._arrived = asyncio.Event()
        self._sending = asyncio.Lock()
        self._stores: set[asyncio.Future[None]] = set()

    async def run(self) -> None:
        """Serve until the browser goes."""
        answering = asyncio.create_task(self._answer_frames())
        try:
            while True:
                message = await self.socket.receive()
                if message["type"] == "websocket.disconnect":
                    break
                if message.get("bytes") is not None:
                    await self._take_frame(message["bytes"])
                elif message.get("text") is not None:
                    await self._send(await self._in_thread(self.writers, self._command, message["text"]))
        except (WebSocketDisconnect, RuntimeError, OSError) as error:
            log.debug("A live socket ended: %s", error)
        finally:
            answering.cancel()
            await asyncio.gather(answering, *self._stores, return_exceptions=True)

    async def _take_frame(self, data: bytes) -> None:
        self._frames += 1
        if len(data) > MAX_FRAME:
            reason = f"This frame has {len(data) / 2**20:.1f} MB; at most {MAX_FRAME // 2**20} are taken."
            return await self._send({"seq": self._frames, "error": reason})
        with self._changing:
            stale, self._waiting = self._waiting, (self._frames, data)
        self._arrived.set()
        if stale is not None:
            await self._send({"seq": stale[0], "dropped": "A newer frame came before this one's turn."})

    async def _answer_frames(self) -> None:
        while True:
            await self._arrived.wait()
            self._arrived.clear()
            answer, stored = await self._in_thread(self.workers, self._newest)
            if answer is not None:
                await self._send(answer)
            if stored is not None:
                task = asyncio.ensure_future(self._report(stored))
                self._stores.add(task)
                task.add_done_callback(self._stores.discard)

    def _newest(self) -> tuple[dict[str, Any] | None, Future[dict[str, Any]] | None]:
        """Answer the frame that waits when this camera's turn has come (in a worker thread)."""
        with self._changing:
            waiting, self._waiting = self._waiting, None
        if waiting is None:
            return None, None
        seq, data = waiting
        try:
            return {"seq": seq, **self.session.frame(data)}, self.session.capture_due(self.writers)
        except Exception:
            return {"seq": seq, "error": failed("A frame")}, None

    def _command(self, text: str) -> dict[str, Any]:
        if len(text) > MAX_COMMAND:
            return {"error": f"A command has at most {MAX_COMMAND} characters."}
        try:
            message = json.loads(text)
        except (ValueError, RecursionError):
            return {"error": "This command is no JSON."}
        try:
            return self.session.command(message)
        except (BadCommand, LabelError, StoreError) as error:
            return {"error": str(error)}
        except Exception:
            return {"error": failed("A command")}

    async def _report(self, stored: Future[dict[str, Any]]) -> None:
        try:
            await self._send(await asyncio.wrap_future(stored))
        except (WebSocketDisconnect, RuntimeError, OSError, asyncio.CancelledError):
            return
        except (LabelError, StoreError) as error:
            await self._send({"error": f"This face could not be stored: {error}"})
        except Exception:
            await self._send({"error": f"This face could not be stored. {failed('Storing a face')}"})

    async def _in_thread(self, pool: ThreadPoolExecutor, function: Callable[..., Any], *values: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(pool, function, *values)

    async def _send(self, answer: dict[str, Any]) -> None:
        async with self._sending:
            await self.socket.send_text(json.dumps(answer, separators=(",", ":")))


def _one_thread() -> None:
    """Frames run side by side, one thread each; more threads a frame would only make them wait for one another."""
    cv2.setNumThreads(1)
    torch.set_num_threads(1)
