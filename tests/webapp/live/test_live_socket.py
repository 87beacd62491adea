from __future__ import annotations

import io
import json
import re
import struct
import threading
import time
import zlib
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from typing import Any, NoReturn

import numpy as np
import pytest
from fastapi.testclient import TestClient
from PIL import Image
from starlette.testclient import WebSocketTestSession

from labeling.store_errors import StoreError
from models.tracker import Tracker
from models.versions import Versions
from tests.made_versions import copy_base
from tests.serving import astronaut, jpeg, moving_face
from webapp.actions.version_actions import use_version
from webapp.live.camera_session import MAX_FRAME, CameraSession
from webapp.studio import Studio

LIVE = "ws://127.0.0.1:7860/live"
FACE = jpeg(moving_face(0, 60))
DARK = jpeg(moving_face(0, 60) // 10)
EMPTY = jpeg(np.full((240, 320, 3), 90, np.uint8))


def ask(socket: WebSocketTestSession, frame: bytes) -> dict[str, Any]:
    socket.send_bytes(frame)
    return dict(socket.receive_json())


def command(socket: WebSocketTestSession, **message: Any) -> dict[str, Any]:
    socket.send_text(json.dumps(message))
    return dict(socket.receive_json())


def test_a_frame_gets_its_faces(client: TestClient) -> None:
    with client.websocket_connect(LIVE) as socket:
        answer = ask(socket, FACE)
        assert answer["seq"] == 1 and answer["version"] == 0 and answer["ms"] > 0
        assert [label["name"] for label in answer["labels"]][:2] == ["neutral", "happiness"]
        (face,) = answer["faces"]
        x, y, width, height = face["box"]
        assert 0.3 < x + width / 2 < 0.7 and 0 < y < 0.5 and 0.05 < width < 0.5 and 0.1 < height < 0.6
        assert face["label"] == max(face["probabilities"], key=face["probabilities"].get)
        assert sum(face["probabilities"].values()) == pytest.approx(1, abs=0.01)
        assert face["quality"] == {"score": 1.0, "faults": []} and face["doubt"] == ""
        assert "labels" not in ask(socket, FACE)


def test_a_doubt_about_a_followed_face_is_told_once_it_lasts(client: TestClient) -> None:
    with client.websocket_connect(LIVE) as socket:
        (face,) = ask(socket, FACE)["faces"]
        said = []
        began = time.monotonic()
        while "too dark" not in said and time.monotonic() < began + 30:
            (dark,) = ask(socket, DARK)["faces"]
            said.append(dark["doubt"])
        assert time.monotonic() - began > 0.2 and set(said) == {"", "too dark"}
        assert dark["quality"]["faults"][0] == "dark" and dark["quality"]["score"] < 0.5
        assert dark["id"] == face["id"] and sum(dark["probabilities"].values()) == pytest.approx(1, abs=0.01)


def test_a_frame_tells_training_that_the_live_view_is_in_use(clean_studio: Studio) -> None:
    assert not clean_studio.home.live.exists()
    assert CameraSession(clean_studio).frame(1, FACE).faces
    assert time.time() - clean_studio.home.live.stat().st_mtime < 60


def test_a_face_keeps_its_id_while_it_moves(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    # However slow the machine is: a face that is away for 0.6 s comes back as another one, and so would a late frame's.
    monkeypatch.setattr("webapp.live.camera_session.Tracker", partial(Tracker, patience=60))
    with client.websocket_connect(LIVE) as socket:
        answers = []
        for step in range(0, 60, 5):
            answers.append(ask(socket, jpeg(moving_face(step, 60))))
            time.sleep(0.08)  # as a camera of 60 a second would; boxes follow by time, not by frames
    assert [answer["seq"] for answer in answers] == list(range(1, 13))
    boxes = [answer["faces"][0]["box"] for answer in answers]
    assert max(box[0] for box in boxes) - min(box[0] for box in boxes) > 0.05
    assert [[face["id"] for face in answer["faces"]] for answer in answers] == [[1]] * 12


def test_no_face_is_an_answer(client: TestClient) -> None:
    with client.websocket_connect(LIVE) as socket:
        assert ask(socket, EMPTY)["faces"] == []


def test_a_face_that_comes_into_view_has_its_box_in_that_frame(client: TestClient) -> None:
    one = np.full((480, 960, 3), 110, np.uint8)
    one[:, :480] = moving_face(0, 60, 480, 480)
    two = one.copy()
    two[240:, 720:] = moving_face(0, 60, 240, 240)
    with client.websocket_connect(LIVE) as socket:
        counts = [len(ask(socket, jpeg(frame))["faces"]) for frame in (one, two, one, two)]
    assert counts == [1, 2, 1, 2]


def bomb() -> bytes:
    """A PNG of a few hundred bytes that says it has 900 megapixels."""
    header = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(bytes(1000))), (b"IEND", b"")]
    body = b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + body


def oversized_jpeg() -> bytes:
    """A sound JPEG header of 25 megapixels: what a decoder would believe."""
    size = FACE.index(b"\xff\xc0") + 5
    return FACE[:size] + struct.pack(">HH", 5000, 5000) + FACE[size + 4 :]


@pytest.mark.parametrize(
    ("frame", "reason"),
    [
        (b"", "JPEG"),
        (b"hello", "JPEG"),
        (b"\xff\xd8\xff", "JPEG"),
        (FACE[: len(FACE) // 40], "JPEG"),
        (bomb(), "JPEG"),
        (oversized_jpeg(), "25"),
        (FACE + bytes(MAX_FRAME), "4"),
    ],
    ids=["empty", "text", "three bytes", "cut off", "png bomb", "25 megapixels", "over 4 MB"],
)
def test_a_bad_frame_is_refused_and_the_connection_lives(client: TestClient, frame: bytes, reason: str) -> None:
    with client.websocket_connect(LIVE) as socket:
        refused = ask(socket, frame)
        assert refused["seq"] == 1 and reason in refused["error"] and "faces" not in refused
        assert len(ask(socket, FACE)["faces"]) == 1


def test_a_frame_whose_damage_shows_when_it_is_decoded_is_refused_and_the_next_brings_the_labels(
    client: TestClient,
) -> None:
    table = FACE.index(b"\xff\xdb")  # a quantization table, without which no pixel can be made
    with client.websocket_connect(LIVE) as socket:
        refused = ask(socket, FACE[:table] + b"\xff\xfe" + FACE[table + 2 :])
        assert refused == {"seq": 1, "error": "This frame is damaged and cannot be read."}
        answer = ask(socket, FACE)
        assert len(answer["faces"]) == 1 and answer["labels"]


def test_frames_that_come_too_fast_are_dropped_with_a_reason(client: TestClient) -> None:
    with client.websocket_connect(LIVE) as socket:
        for _ in range(40):
            socket.send_bytes(FACE)
        answers = [socket.receive_json() for _ in range(40)]
        assert sorted(answer["seq"] for answer in answers) == list(range(1, 41))
        dropped = [answer for answer in answers if "dropped" in answer]
        done = [answer["seq"] for answer in answers if "faces" in answer]
        assert dropped and len(dropped) + len(done) == 40
        assert done == sorted(done) and done[-1] == 40


NO_FACE_ID = "A face is named by its id, a whole number."
NOT_MINE = "Only a picture that was added from here can be taken back here."


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{", "This command is no JSON."),
        ("[" * 9000, "This command is no JSON."),
        ("x" * 20_000, "A command has at most 10000 characters."),
        ("[]", "A command is a JSON object with one entry."),
        ('{"a": 1, "b": 2}', "A command is a JSON object with one entry."),
        ('{"dance": 1}', "There is no command 'dance'; there are capture, choose, hold, teach, forget and heat."),
        ('{"\\ud800": 1}', "There is no command '\\ud800'; there are capture, choose, hold, teach, forget and heat."),
        ('{"teach": 3}', "teach needs an object with face and label."),
        ('{"teach": {"face": "x", "label": "fear"}}', NO_FACE_ID),
        ('{"teach": {"label": "fear"}}', NO_FACE_ID),
        ('{"teach": {"face": 1.0, "label": "fear"}}', NO_FACE_ID),
        ('{"teach": {"face": 1}}', "teach needs a label."),
        ('{"teach": {"face": 1, "label": null}}', "teach needs a label."),
        ('{"teach": {"face": 1, "label": 7}}', "label must be a text of 1 to 200 characters, or null."),
        ('{"teach": {"face": 99, "label": "fear"}}', "That face has left the picture."),
        (
            '{"teach": {"face": 99, "label": "fear", "subject": ""}}',
            "subject must be a text of 1 to 200 characters, or null.",
        ),
        ('{"teach": {"face": 1, "label": "no such label"}}', "There is no label 'no such label'; there are neutral, "),
        ('{"capture": 1}', "capture needs an object with label, subject and session, or null."),
        ('{"capture": {"label": ""}}', "label must be a text of 1 to 200 characters, or null."),
        ('{"capture": {"label": "\\ud800"}}', "label must be a text of 1 to 200 characters, or null."),
        ('{"capture": {"session": "' + "x" * 201 + '"}}', "session must be a text of 1 to 200 characters, or null."),
        ('{"heat": 1}', "heat is true or false."),
        ('{"hold": 7}', "That face has left the picture."),
        ('{"hold": null}', NO_FACE_ID),
        ('{"choose": 7}', "That face has left the picture."),
        ('{"choose": 1.5}', NO_FACE_ID),
        ('{"forget": 1}', NOT_MINE),
        ('{"forget": [1]}', NOT_MINE),
    ],
)
def test_a_bad_command_is_refused_and_the_connection_lives(client: TestClient, text: str, reason: str) -> None:
    with client.websocket_connect(LIVE) as socket:
        socket.send_text(text)
        refused = socket.receive_json()
        assert refused.keys() == {"error"} and refused["error"].startswith(reason)
        assert len(ask(socket, FACE)["faces"]) == 1


@dataclass
class Fault:
    """Makes a function of Mien's raise an error that nobody foresaw."""

    error: Exception
    patch: pytest.MonkeyPatch

    def strike(self, function: str) -> None:
        def fail(*_: Any, **__: Any) -> NoReturn:
            raise self.error

        self.patch.setattr(function, fail)

    def assert_logged_behind(self, answer: str, caplog: pytest.LogCaptureFixture) -> None:
        """The answer gives nothing away but an id, under which the log has the traceback."""
        (record,) = [entry for entry in caplog.records if entry.exc_info and entry.exc_info[1] is self.error]
        ids = re.findall(r"id ([0-9a-f]{8})", record.getMessage())
        assert [f"Mien failed at this (id {id}); its log says why." for id in ids] == [answer]


SECRET = "what no person is meant to read"


@pytest.fixture(
    params=[KeyError(SECRET), ValueError(SECRET), OSError(13, SECRET, SECRET)], ids=lambda e: type(e).__name__
)
def fault(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Fault:
    return Fault(request.param, monkeypatch)


def test_a_fault_behind_a_frame_is_logged_and_answered_with_its_id(
    client: TestClient, fault: Fault, caplog: pytest.LogCaptureFixture
) -> None:
    with client.websocket_connect(LIVE) as socket:
        ask(socket, FACE)
        with fault.patch.context() as fault.patch:
            fault.strike("models.predictor.Predictor.classify")
            refused = ask(socket, FACE)
        assert refused.keys() == {"seq", "error"} and refused["seq"] == 2
        fault.assert_logged_behind(refused["error"], caplog)
        assert len(ask(socket, FACE)["faces"]) == 1


def test_a_fault_behind_a_command_is_logged_and_answered_with_its_id(
    client: TestClient, fault: Fault, caplog: pytest.LogCaptureFixture
) -> None:
    with client.websocket_connect(LIVE) as socket:
        face = ask(socket, FACE)["faces"][0]["id"]
        with fault.patch.context() as fault.patch:
            fault.strike("labeling.intake.wide_crop")
            refused = command(socket, teach={"face": face, "label": "fear"})
        assert refused.keys() == {"error"}
        fault.assert_logged_behind(refused["error"], caplog)
        assert command(socket, capture=None) == {"capturing": False}


def test_a_fault_behind_a_capture_is_logged_and_answered_with_its_id(
    client: TestClient, fault: Fault, caplog: pytest.LogCaptureFixture
) -> None:
    with client.websocket_connect(LIVE) as socket:
        assert command(socket, capture={"label": "fear"}) == {"capturing": True}
        with fault.patch.context() as fault.patch:
            fault.strike("labeling.intake.wide_crop")
            assert "faces" in ask(socket, FACE)
            refused = dict(socket.receive_json())
        assert refused.keys() == {"error"}
        fault.assert_logged_behind(refused["error"].removeprefix("This face could not be stored. "), caplog)
        assert command(socket, capture=None) == {"capturing": False}


def test_a_capture_that_the_disk_refuses_says_so(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> NoReturn:
        raise StoreError("The disk is full.")

    with client.websocket_connect(LIVE) as socket:
        command(socket, capture={"label": "fear"})
        monkeypatch.setattr("labeling.intake.wide_crop", refuse)
        assert "faces" in ask(socket, FACE)
        assert socket.receive_json() == {"error": "This face could not be stored: The disk is full."}


def test_teaching_stores_the_face_and_can_be_undone(client: TestClient, studio: Studio) -> None:
    before = studio.store.images.count()
    with client.websocket_connect(LIVE) as socket:
        face = ask(socket, jpeg(moving_face(20, 60)))["faces"][0]
        assert command(socket, hold=face["id"])["held"]["face"] == face["id"]
        ask(socket, EMPTY)
        taught = command(socket, teach={"face": face["id"], "label": "contempt"})["taught"]
        assert taught["label"] == "contempt" and taught["guess"] == face["label"] and taught["state"] == "added"
        assert studio.store.images.count() == before + 1
        item = studio.store.gallery.item(taught["image"])
        assert item.label == "contempt"
        assert command(socket, forget=taught["image"]) == {"forgotten": taught["image"]}
    assert studio.store.images.count() == before


def test_capturing_stores_the_main_face_until_it_is_stopped(client: TestClient, studio: Studio) -> None:
    before = studio.store.images.count()
    with client.websocket_connect(LIVE) as socket:
        capture = {"label": "surprise", "subject": "ann", "session": "hold-1"}
        assert command(socket, capture=capture) == {"capturing": True}
        captured = []
        for step in range(0, 60, 3):
            socket.send_bytes(jpeg(moving_face(step, 60)))
            time.sleep(0.12)
        socket.send_text(json.dumps({"capture": None}))
        while (answer := socket.receive_json()) != {"capturing": False}:
            captured += [answer["captured"]] if "captured" in answer else []
        assert captured
        assert all(entry["label"] == "surprise" for entry in captured)
        after = studio.store.images.count()
        assert after > before
        assert "captured" not in ask(socket, jpeg(moving_face(40, 60)))
    assert studio.store.images.count() == after


def test_another_version_is_used_from_the_next_frame_on(client: TestClient, studio: Studio) -> None:
    base = Versions(studio.home.versions).get(0)
    card = base.card.model_copy(update={"labels": tuple(f"look {n}" for n in range(8))})
    version = copy_base(studio.versions, 1, card)
    with client.websocket_connect(LIVE) as socket:
        first = ask(socket, FACE)
        use_version(studio, version.number)
        second = ask(socket, FACE)
        use_version(studio, 0)
        third = ask(socket, FACE)
    assert (first["version"], second["version"], third["version"]) == (0, version.number, 0)
    assert second["labels"][0]["name"] == "look 0" and second["faces"][0]["label"].startswith("look ")
    assert third["labels"][0]["name"] == "neutral"


def test_no_frame_is_lost_while_versions_change(client: TestClient, studio: Studio) -> None:
    """Two cameras look, each without a pause, while the version in use changes under them."""
    numbers = [0, copy_base(studio.versions, 2).number, copy_base(studio.versions, 3).number]
    enough = threading.Event()

    def look() -> list[dict[str, Any]]:
        answers = []
        with client.websocket_connect(LIVE) as socket:
            while not enough.is_set():
                answers.append(ask(socket, FACE))
        return answers

    with ThreadPoolExecutor(2) as pool:
        cameras = [pool.submit(look) for _ in range(2)]
        for turn in range(12):
            time.sleep(0.1)
            use_version(studio, numbers[turn % 3])
        enough.set()
        seen = [camera.result() for camera in cameras]
    use_version(studio, 0)
    for answers in seen:
        assert [answer["seq"] for answer in answers] == list(range(1, len(answers) + 1))
        assert all(len(answer["faces"]) == 1 for answer in answers)
        assert {answer["version"] for answer in answers} == set(numbers)


def test_many_cameras_are_all_served(client: TestClient) -> None:
    with ExitStack() as stack:
        sockets = [stack.enter_context(client.websocket_connect(LIVE)) for _ in range(8)]
        for _ in range(3):
            for socket in sockets:
                socket.send_bytes(FACE)
            assert all(len(socket.receive_json()["faces"]) == 1 for socket in sockets)


def test_a_frame_keeps_its_orientation_flag_for_itself(client: TestClient) -> None:
    """A camera's frame is upright whatever its EXIF says; a picture's EXIF counts (see test_api)."""
    turned = Image.fromarray(astronaut())
    exif = turned.getexif()
    exif[0x0112] = 6
    data = io.BytesIO()
    turned.save(data, "JPEG", exif=exif)
    with client.websocket_connect(LIVE) as socket:
        assert len(ask(socket, data.getvalue())["faces"]) == 1
