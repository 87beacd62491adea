from __future__ import annotations

import io
import json
import struct
import time
import zlib
from contextlib import ExitStack
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient
from PIL import Image
from starlette.testclient import WebSocketTestSession

from models.versions import Versions
from tests.serving import astronaut, jpeg, moving_face
from webapp.live.camera_session import MAX_FRAME, CameraSession
from webapp.studio import Studio

LIVE = "ws://127.0.0.1:7860/live"
FACE = jpeg(moving_face(0, 60))
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
        assert "labels" not in ask(socket, FACE)


def test_a_frame_tells_training_that_the_live_view_is_in_use(clean_studio: Studio) -> None:
    assert not clean_studio.home.live.exists()
    assert "faces" in CameraSession(clean_studio).frame(FACE)
    assert time.time() - clean_studio.home.live.stat().st_mtime < 60


def test_a_face_keeps_its_id_while_it_moves(client: TestClient) -> None:
    with client.websocket_connect(LIVE) as socket:
        answers = [ask(socket, jpeg(moving_face(step, 60))) for step in range(12)]
    assert [answer["seq"] for answer in answers] == list(range(1, 13))
    ids = [answer["faces"][0]["id"] for answer in answers]
    assert any(before == after for before, after in pairwise(ids))  # on a machine that is too slow some are lost


def test_no_face_is_an_answer(client: TestClient) -> None:
    with client.websocket_connect(LIVE) as socket:
        assert ask(socket, EMPTY)["faces"] == []


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


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{", "JSON"),
        ("[]", "command"),
        ('{"a": 1, "b": 2}', "command"),
        ('{"dance": 1}', "dance"),
        ('{"teach": 3}', "teach"),
        ('{"teach": {"face": "x", "label": "fear"}}', "id"),
        ('{"teach": {"face": 99, "label": "fear"}}', "left"),
        ('{"teach": {"face": 1, "label": "no such label"}}', "no such label"),
        ('{"capture": {"label": ""}}', "label"),
        ('{"capture": {"label": "' + "x" * 500 + '"}}', "label"),
        ('{"hold": 7}', "left"),
        ('{"forget": 1}', "taken back"),
        ('{"forget": [1]}', "taken back"),
        ("[" * 9000, ""),
        ("x" * 20_000, "characters"),
    ],
)
def test_a_bad_command_is_refused_and_the_connection_lives(client: TestClient, text: str, reason: str) -> None:
    with client.websocket_connect(LIVE) as socket:
        socket.send_text(text)
        assert reason in socket.receive_json()["error"]
        assert len(ask(socket, FACE)["faces"]) == 1


def test_teaching_stores_the_face_and_can_be_undone(client: TestClient, studio: Studio) -> None:
    before = studio.images()
    with client.websocket_connect(LIVE) as socket:
        face = ask(socket, jpeg(moving_face(20, 60)))["faces"][0]
        assert command(socket, hold=face["id"])["held"]["face"] == face["id"]
        ask(socket, EMPTY)
        taught = command(socket, teach={"face": face["id"], "label": "contempt"})["taught"]
        assert taught["label"] == "contempt" and taught["guess"] == face["label"] and taught["state"] == "added"
        assert studio.images() == before + 1
        item = studio.store.item(taught["image"])
        assert item.label == "contempt"
        assert command(socket, forget=taught["image"]) == {"forgotten": taught["image"]}
    assert studio.images() == before


def test_capturing_stores_the_largest_face_until_it_is_stopped(client: TestClient, studio: Studio) -> None:
    before = studio.images()
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
        after = studio.images()
        assert after > before
        assert "captured" not in ask(socket, jpeg(moving_face(40, 60)))
    assert studio.images() == after


def test_another_version_is_used_from_the_next_frame_on(client: TestClient, studio: Studio) -> None:
    base = Versions(studio.home.versions).get(0)
    version = studio.versions.write(base.network(), {**base.card, "labels": [f"look {n}" for n in range(8)]})
    with client.websocket_connect(LIVE) as socket:
        first = ask(socket, FACE)
        studio.use(version.number)
        second = ask(socket, FACE)
        studio.use(0)
        third = ask(socket, FACE)
    assert (first["version"], second["version"], third["version"]) == (0, version.number, 0)
    assert second["labels"][0]["name"] == "look 0" and second["faces"][0]["label"].startswith("look ")
    assert third["labels"][0]["name"] == "neutral"


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
