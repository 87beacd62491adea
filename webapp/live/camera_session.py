"""One camera's session: frames in, answers out, and what a person says of the faces in them."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np

from labeling import intake
from labeling.people import checked_person
from labeling.stored_faces import Guess
from models.crop import face_square
from models.finder import FoundFace
from models.frame import Frame
from models.heat_map import FaceHeat, Floats, HeatMap
from models.predictor import Predictor
from models.quality import Quality, quality_of
from models.steady_doubt import SteadyDoubts
from models.tracker import Track, Tracker
from training import process
from webapp.label_colors import label_colors
from webapp.live.main_face import MainFace
from webapp.live.messages import (
    BadCommand,
    Capture,
    CaptureCommand,
    CapturedAnswer,
    CapturingAnswer,
    ChooseCommand,
    ChosenAnswer,
    Command,
    CommandAnswer,
    ForgottenAnswer,
    FrameAnswer,
    HeatAnswer,
    HeatCommand,
    HeldAnswer,
    HeldFace,
    HoldCommand,
    KeptFace,
    SeenFace,
    TaughtAnswer,
    TaughtFace,
    TeachCommand,
    Teaching,
)
from webapp.named_face import in_fractions
from webapp.shown_heat import heat_map_of, shown_heat
from webapp.studio import Studio

MAX_FRAME = 4 * 2**20
REMEMBER = 3.0
"""Seconds for which a face that has left can still be taught."""
CAPTURES_PER_SECOND = 15


@dataclass(frozen=True)
class Sample:
    """A face as it was seen in one frame, which is kept as it came: its JPEG takes a twentieth of its pixels' room."""

    jpeg: bytes
    face: FoundFace
    guess: Guess
    seen: float


class CameraSession:
    """State of one connection. Its methods may be called from any thread; frames are taken one at a time."""

    def __init__(self, studio: Studio) -> None:
        self.studio = studio
        self._tracker = Tracker()
        self._doubts = SteadyDoubts(None, ())
        self._predictor: Predictor | None = None
        self._recent: dict[int, Sample] = {}
        self._choice = MainFace()
        self._main: Sample | None = None
        self._held: tuple[int, Sample] | None = None
        self._capture: Capture | None = None
        self._captured = 0.0
        self._pending: Future[CapturedAnswer] | None = None
        self._mine: set[int] = set()
        self._heat = False
        self._lock = threading.Lock()

    def frame(self, seq: int, data: bytes) -> FrameAnswer:
        """The faces of frame number `seq`, a JPEG.

        Raises:
            BadImage: it is none.
        """
        started = time.perf_counter()
        with self._lock:
            frame = Frame(data)
            self.studio.live_is_seen()
            predictor = self.studio.predictor
            changed = predictor is not self._predictor
            if changed:
                self._tracker, self._choice = Tracker(), MainFace()
                self._doubts = SteadyDoubts(predictor.version.card.sureness, predictor.labels)
            heat_map, no_heat = heat_map_of(predictor) if self._heat else (None, "")
            faces, main = self._faces(frame, predictor, heat_map)
            self._predictor = predictor  # not before: a frame that is refused brings no labels
        ms = round((time.perf_counter() - started) * 1000, 2)
        answer = FrameAnswer(
            seq=seq, version=predictor.number, ms=ms, faces=faces, main=main, chosen=self._choice.chosen
        )
        more: dict[str, object] = {"no_heat": no_heat} if no_heat else {}
        if changed:
            more["labels"] = label_colors(self.studio.store, predictor.labels)
        return answer.model_copy(update=more) if more else answer

    def _faces(self, frame: Frame, predictor: Predictor, heat_map: HeatMap | None) -> tuple[list[SeenFace], int | None]:
        """The frame's faces, and the id of the main one."""
        now = time.monotonic()
        found = frame.faces()
        places = self._tracker.steadied(found, now)
        crops = [frame.crop(place, predictor.side) for place in places]
        qualities = [
            quality_of(crop, frame.width, frame.height, face) for crop, face in zip(crops, places, strict=True)
        ]
        rows, maps = predictor.classify_with_maps(crops) if heat_map else (predictor.classify(crops), None)
        tracks = self._tracker.update(places, rows, now)
        faces = self._named(frame, predictor, tracks, found, qualities, now)
        if heat_map and maps is not None and faces:
            heat = heat_map.of(maps, np.stack([track.probabilities for track in tracks]))
            faces = _with_heat(faces, heat, places, frame)
        main = self._choice.update(tracks, now)
        self._main = None if main is None else self._recent[main]
        return faces, main

    def _named(
        self,
        frame: Frame,
        predictor: Predictor,
        tracks: Sequence[Track],
        found: Sequence[FoundFace],
        qualities: Sequence[Quality],
        now: float,
    ) -> list[SeenFace]:
        """What is said of each face, which is remembered as it was `found`."""
        self._recent = {key: sample for key, sample in self._recent.items() if now - sample.seen < REMEMBER}
        faces = []
        for track, here, quality in zip(tracks, found, qualities, strict=True):
            face = predictor.face(track.face.box, track.probabilities, quality)
            doubt = self._doubts.update(track.id, track.probabilities, quality, now)
            guess = Guess(face.label, face.probabilities[face.label], predictor.number)
            self._recent[track.id] = Sample(frame.jpeg, here, guess, now)
            shown = in_fractions(replace(face, doubt=doubt), frame.width, frame.height)
            faces.append(SeenFace(id=track.id, **dict(shown)))
        self._doubts.forget_others(self._recent)
        return faces

    def capture_due(self, writers: ThreadPoolExecutor) -> Future[CapturedAnswer] | None:
        """While capturing: starts storing the main face of the last frame; one at a time, at a limited pace."""
        with self._lock:
            now = time.monotonic()
            busy = self._pending is not None and not self._pending.done()
            if self._capture is None or busy or now - self._captured < 1 / CAPTURES_PER_SECOND - 0.005:
                return None
            if self._main is None:
                return None
            self._captured = now
            self._pending = writers.submit(self._capture_face, self._main, self._capture)
            return self._pending

    def do(self, command: Command) -> CommandAnswer:
        """Do a command and say what came of it.

        Raises:
            BadCommand: it cannot be done.
        """
        if isinstance(command, CaptureCommand):
            return self._set_capture(command.capture)
        if isinstance(command, ChooseCommand):
            return self._choose(command.choose)
        if isinstance(command, HoldCommand):
            return self._hold(command.hold)
        if isinstance(command, TeachCommand):
            return self._teach(command.teach)
        if isinstance(command, HeatCommand):
            self._heat = command.heat
            return HeatAnswer(heat=command.heat)
        return self._forget(command.forget)

    def _set_capture(self, capture: Capture | None) -> CapturingAnswer:
        if capture is None:
            with self._lock:
                self._capture, pending = None, self._pending
            if pending is not None and not pending.cancel():
                pending.exception(timeout=10)  # the answer promises that nothing more is stored
            return CapturingAnswer(capturing=False)
        self._check_label(capture.label)
        checked_person(capture.subject or "")
        with self._lock:
            self._capture = capture
        process.prepare(self.studio.home, self.studio.store)  # who captures may soon want to train
        return CapturingAnswer(capturing=True)

    def _choose(self, face: int | None) -> ChosenAnswer:
        with self._lock:
            if face is not None and face not in self._recent:
                raise BadCommand("That face has left the picture.")
            self._choice.choose(face)
        return ChosenAnswer(chosen=face)

    def _hold(self, face: int) -> HeldAnswer:
        """Keep a face as it looks now, until it is taught: the mistake was at the click, not when the menu closes."""
        with self._lock:
            sample = self._recent.get(face)
            if sample is None:
                raise BadCommand("That face has left the picture.")
            self._held = (face, sample)
            return HeldAnswer(held=HeldFace(face=face, guess=sample.guess.label))

    def _teach(self, teaching: Teaching) -> TaughtAnswer:
        self._check_label(teaching.label)
        checked_person(teaching.subject or "")
        with self._lock:
            held, self._held = self._held, None
            sample = held[1] if held is not None and held[0] == teaching.face else self._recent.get(teaching.face)
        if sample is None:
            raise BadCommand("That face has left the picture.")
        stored = self._store(sample, Capture(label=teaching.label, subject=teaching.subject), "live")
        return TaughtAnswer(taught=TaughtFace(face=teaching.face, **dict(stored)))

    def _forget(self, image: int) -> ForgottenAnswer:
        if image not in self._mine:
            raise BadCommand("Only a picture that was added from here can be taken back here.")
        self._mine.discard(image)
        self.studio.store.deletion.delete([image])
        return ForgottenAnswer(forgotten=image)

    def _check_label(self, label: str | None) -> None:
        names = [known.name for known in self.studio.store.labels.list()]
        if label is not None and label not in names:
            raise BadCommand(f"There is no label {label[:40]!r}; there are {', '.join(names)}.")

    def _capture_face(self, sample: Sample, capture: Capture) -> CapturedAnswer:
        return CapturedAnswer(captured=self._store(sample, capture, "camera"))

    def _store(self, sample: Sample, capture: Capture, source: str) -> KeptFace:
        added = intake.add_crop_from_frame(
            self.studio.store,
            Frame(sample.jpeg).rgb,
            sample.face,
            label=capture.label,
            subject=capture.subject,
            session=capture.session,
            source=source,
            guess=sample.guess,
            burst=source == "camera",
        )
        if added.state == "added":
            self._mine.add(added.image_id)
        return KeptFace(image=added.image_id, state=added.state, label=capture.label, guess=sample.guess.label)


def _with_heat(faces: Sequence[SeenFace], heat: Floats, places: Sequence[FoundFace], frame: Frame) -> list[SeenFace]:
    """The faces with their heat maps, each over the square that the face was cut out of."""
    squares = [face_square(place.points, place.box) for place in places]
    return [
        face.model_copy(update={"heat": shown_heat(FaceHeat(cells, square), frame.width, frame.height)})
        for face, cells, square in zip(faces, heat, squares, strict=True)
    ]
