"""One camera's session: frames in, answers out, and what a person says of the faces in them."""

from __future__ import annotations

import logging
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from labeling import intake
from labeling.store import Guess
from models.box import Box
from models.finder import FaceFollower
from models.pictures import RGB, BadImage, decode_frame
from models.predictor import Predictor
from models.tracker import Tracker
from webapp.label_colors import label_colors
from webapp.studio import Studio

log = logging.getLogger(__name__)

MAX_FRAME = 4 * 2**20
REMEMBER = 3.0
"""Seconds for which a face that has left can still be taught."""
CAPTURES_PER_SECOND = 10
NAME_LENGTH = 200


class BadCommand(ValueError):
    """A command that cannot be done; the message says why, for people to read."""


@dataclass(frozen=True)
class Sample:
    """A face as it was seen in one frame."""

    rgb: RGB
    box: Box
    guess: Guess
    seen: float


@dataclass(frozen=True)
class Capture:
    """Where captured faces go while the button is held."""

    label: str | None
    subject: str | None
    session: str | None


class CameraSession:
    """State of one connection. Its methods may be called from any thread; frames are taken one at a time."""

    def __init__(self, studio: Studio) -> None:
        self.studio = studio
        self._follower = FaceFollower()
        self._tracker = Tracker()
        self._predictor: Predictor | None = None
        self._recent: dict[int, Sample] = {}
        self._latest: list[Sample] = []
        self._held: tuple[int, Sample] | None = None
        self._capture: Capture | None = None
        self._captured = 0.0
        self._pending: Future[Any] | None = None
        self._mine: set[int] = set()
        self._lock = threading.Lock()

    def frame(self, data: bytes) -> dict[str, Any]:
        """The answer to a frame: `{version, ms, faces}`, with `labels` where they changed, or `{error}`."""
        started = time.perf_counter()
        with self._lock:
            try:
                rgb = decode_frame(data)
            except BadImage as error:
                return {"error": str(error)}
            self.studio.live_is_seen()
            predictor = self.studio.predictor
            answer: dict[str, Any] = {"version": predictor.number}
            if predictor is not self._predictor:
                self._predictor, self._tracker = predictor, Tracker()
                answer["labels"] = [vars(color) for color in label_colors(self.studio.store, predictor.labels)]
            answer["faces"] = self._faces(rgb, predictor)
        answer["ms"] = round((time.perf_counter() - started) * 1000, 2)
        return answer

    def _faces(self, rgb: RGB, predictor: Predictor) -> list[dict[str, Any]]:
        now = time.monotonic()
        boxes = self._follower.find(rgb, now)
        tracks = self._tracker.update(boxes, predictor.classify_boxes(rgb, boxes), now)
        height, width = rgb.shape[:2]
        self._recent = {key: sample for key, sample in self._recent.items() if now - sample.seen < REMEMBER}
        faces, self._latest = [], []
        for track, found in zip(tracks, boxes, strict=True):
            face = predictor.face(track.box, track.probabilities)
            guess = Guess(face.label, face.probabilities[face.label], predictor.number)
            self._latest.append(Sample(rgb, found, guess, now))
            self._recent[track.id] = self._latest[-1]
            x, y, w, h = track.box.as_tuple()
            faces.append(
                {
                    "id": track.id,
                    "box": [round(x / width, 4), round(y / height, 4), round(w / width, 4), round(h / height, 4)],
                    "label": face.label,
                    "probabilities": {name: round(p, 4) for name, p in face.probabilities.items()},
                }
            )
        return faces

    def capture_due(self, writers: ThreadPoolExecutor) -> Future[dict[str, Any]] | None:
        """While capturing: starts storing the largest face of the last frame; at most ten a second, one at a time."""
        with self._lock:
            now = time.monotonic()
            busy = self._pending is not None and not self._pending.done()
            if self._capture is None or busy or now - self._captured < 1 / CAPTURES_PER_SECOND - 0.005:
                return None
            if not self._latest:
                return None
            self._captured = now
            largest = max(self._latest, key=lambda sample: sample.box.area)
            self._pending = writers.submit(self._store, largest, self._capture, "camera")
            return self._pending

    def command(self, message: Any) -> dict[str, Any]:
        """Do a command (see `webapp.live.connection`) and say what came of it.

        Raises:
            BadCommand: it is none, or cannot be done.
        """
        if not isinstance(message, dict) or len(message) != 1:
            raise BadCommand("A command is a JSON object with one entry.")
        (name, value), *_ = message.items()
        if name == "capture":
            return self._set_capture(value)
        if name == "hold":
            return self._hold(_face_id(value))
        if name == "teach":
            return self._teach(value)
        if name == "forget":
            return self._forget(value)
        raise BadCommand(f"There is no command {str(name)[:40]!r}; there are capture, hold, teach and forget.")

    def _set_capture(self, value: Any) -> dict[str, Any]:
        if value is None:
            with self._lock:
                self._capture, pending = None, self._pending
            if pending is not None and not pending.cancel():
                pending.exception(timeout=10)  # the answer promises that nothing more is stored
            return {"capturing": False}
        if not isinstance(value, dict):
            raise BadCommand("capture needs an object with label, subject and session, or null.")
        capture = Capture(_name(value, "label"), _name(value, "subject"), _name(value, "session"))
        self._check_label(capture.label)
        with self._lock:
            self._capture = capture
        return {"capturing": True}

    def _hold(self, face: int) -> dict[str, Any]:
        """Keep a face as it looks now, until it is taught: the mistake was at the click, not when the menu closes."""
        with self._lock:
            sample = self._recent.get(face)
            if sample is None:
                raise BadCommand("That face has left the picture.")
            self._held = (face, sample)
            return {"held": {"face": face, "guess": sample.guess.label}}

    def _teach(self, value: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise BadCommand("teach needs an object with face and label.")
        face, label = _face_id(value.get("face")), _name(value, "label")
        if label is None:
            raise BadCommand("teach needs a label.")
        self._check_label(label)
        with self._lock:
            held, self._held = self._held, None
            sample = held[1] if held is not None and held[0] == face else self._recent.get(face)
        if sample is None:
            raise BadCommand("That face has left the picture.")
        capture = Capture(label, _name(value, "subject"), None)
        stored = self._store(sample, capture, "live")["captured"]
        return {"taught": {"face": face, **stored}}

    def _forget(self, image: Any) -> dict[str, Any]:
        if not isinstance(image, int) or image not in self._mine:
            raise BadCommand("Only a picture that was added from here can be taken back here.")
        self._mine.discard(image)
        self.studio.store.delete([image])
        return {"forgotten": image}

    def _check_label(self, label: str | None) -> None:
        names = [known.name for known in self.studio.store.labels()]
        if label is not None and label not in names:
            raise BadCommand(f"There is no label {label[:40]!r}; there are {', '.join(names)}.")

    def _store(self, sample: Sample, capture: Capture, source: str) -> dict[str, Any]:
        added = intake.add_crop_from_frame(
            self.studio.store,
            sample.rgb,
            sample.box,
            label=capture.label,
            subject=capture.subject,
            session=capture.session,
            source=source,
            guess=sample.guess,
            burst=source == "camera",
        )
        entry = {"image": added.image_id, "state": added.state, "label": capture.label, "guess": sample.guess.label}
        if added.state == "added":
            self._mine.add(added.image_id)
        return {"captured": entry}


def _face_id(value: Any) -> int:
    if not isinstance(value, int):
        raise BadCommand("A face is named by its id, a whole number.")
    return value


def _name(entries: dict[str, Any], key: str) -> str | None:
    value = entries.get(key)
    if value is not None and (not isinstance(value, str) or not 0 < len(value) <= NAME_LENGTH):
        raise BadCommand(f"{key} must be a text of 1 to {NAME_LENGTH} characters, or null.")
    return value
