"""The live socket: JPEG frames in, expressions out (`webapp.live.messages` lists all that is said).

Fairness: a connection has one frame at work and one waiting, the newest; all take turns at a pool of one thread a
core. So a camera that sends more gets no more, and nothing queues up.
"""

from __future__ import annotations

import asyncio
import logging
import os
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress

import cv2
from fastapi import APIRouter, WebSocket, WebSocketDisconnect

from models.errors import MienError
from models.failures import failed
from webapp.live.camera_session import MAX_FRAME, CameraSession
from webapp.live.messages import (
    Answer,
    CapturedAnswer,
    CommandAnswer,
    CommandRefusal,
    DroppedFrame,
    FrameMessage,
    RefusedFrame,
    command_of,
)
from webapp.studio import Studio

log = logging.getLogger(__name__)


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
                    loop = asyncio.get_running_loop()
                    await self._send(await loop.run_in_executor(self.writers, self._command, message["text"]))
        except (WebSocketDisconnect, RuntimeError, OSError) as error:
            log.debug("A live socket ended: %s", error)
        finally:
            answering.cancel()
            # `gather` would pass a cancellation on as another, which whoever sent it does not know for its own.
            await asyncio.wait({answering, *self._stores})

    async def _take_frame(self, data: bytes) -> None:
        self._frames += 1
        if len(data) > MAX_FRAME:
            reason = f"This frame has {len(data) / 2**20:.1f} MB; at most {MAX_FRAME // 2**20} are taken."
            return await self._send(RefusedFrame(seq=self._frames, error=reason))
        with self._changing:
            stale, self._waiting = self._waiting, (self._frames, data)
        self._arrived.set()
        if stale is not None:
            reason = "A newer frame came before this one's turn."
            await self._send(DroppedFrame(seq=stale[0], dropped=reason))

    async def _answer_frames(self) -> None:
        while True:
            await self._arrived.wait()
            self._arrived.clear()
            answer, stored = await asyncio.get_running_loop().run_in_executor(self.workers, self._newest)
            if answer is not None:
                await self._send(answer)
            if stored is not None:
                task = asyncio.ensure_future(self._report(stored))
                self._stores.add(task)
                task.add_done_callback(self._stores.discard)

    def _newest(self) -> tuple[FrameMessage | None, Future[CapturedAnswer] | None]:
        """Answer the frame that waits when this camera's turn has come (in a worker thread)."""
        with self._changing:
            waiting, self._waiting = self._waiting, None
        if waiting is None:
            return None, None
        seq, data = waiting
        try:
            return self.session.frame(seq, data), self.session.capture_due(self.writers)
        except MienError as error:
            return RefusedFrame(seq=seq, error=str(error)), None
        except Exception:
            return RefusedFrame(seq=seq, error=failed("A frame")), None

    def _command(self, text: str) -> CommandAnswer:
        try:
            return self.session.do(command_of(text))
        except MienError as error:
            return CommandRefusal(error=str(error))
        except Exception:
            return CommandRefusal(error=failed("A command"))

    async def _report(self, stored: Future[CapturedAnswer]) -> None:
        """Say what became of a captured face, once it is known."""
        answer: Answer
        try:
            answer = await asyncio.wrap_future(stored)
        except asyncio.CancelledError:
            return
        except MienError as error:
            answer = CommandRefusal(error=f"This face could not be stored: {error}")
        except Exception:
            answer = CommandRefusal(error=f"This face could not be stored. {failed('Storing a face')}")
        await self._send(answer)

    async def _send(self, answer: Answer) -> None:
        """Say it, unless nobody is there any more, which `run` hears too."""
        text = answer.model_dump_json(exclude_unset=True)
        async with self._sending:
            with suppress(WebSocketDisconnect, RuntimeError, OSError):
                await self.socket.send_text(text)


def _one_thread() -> None:
    """Frames run side by side, one thread each; more threads a frame would only make them wait for one another."""
    cv2.setNumThreads(1)
