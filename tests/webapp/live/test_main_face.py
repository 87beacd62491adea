from __future__ import annotations

import json
import time
from functools import partial
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient

from models.box import Box
from models.tracker import Track, Tracker
from tests.models.found_faces import face_at
from tests.serving import jpeg, moving_face
from tests.webapp.live.test_live_socket import EMPTY, LIVE, ask, command
from webapp.live.main_face import PATIENCE, MainFace
from webapp.studio import Studio


def track(face: int, side: float) -> Track:
    return Track(face, face_at(Box(0, 0, side, side)), np.zeros(8, np.float32), 0)


def test_the_largest_face_is_the_main_one_until_another_is_much_larger() -> None:
    main = MainFace()
    assert main.update([], 0) is None
    assert main.update([track(1, 30), track(2, 40)], 1) == 2
    assert main.update([track(1, 51), track(2, 40)], 2) == 2  # 1.63 times its area
    assert main.update([track(1, 53), track(2, 40)], 3) == 1  # 1.76


def test_nobody_takes_the_place_of_a_main_face_that_is_only_missed_for_a_moment() -> None:
    main = MainFace()
    assert main.update([track(1, 40), track(2, 30)], 1) == 1
    assert main.update([track(2, 30)], 1 + PATIENCE - 0.1) is None
    assert main.update([track(1, 40), track(2, 30)], 1 + PATIENCE) == 1
    assert main.update([track(2, 30)], 1 + 2 * PATIENCE + 0.1) == 2


def test_a_chosen_face_stays_the_main_one_until_it_leaves_or_the_largest_is_asked_for() -> None:
    main = MainFace()
    both = [track(1, 90), track(2, 10)]
    main.update(both, 1)
    main.choose(2)
    assert main.update(both, 2) == 2
    main.choose(None)
    assert main.update(both, 3) == 1
    main.choose(2)
    assert main.update(both, 4) == 2
    assert main.update([track(1, 90)], 5) == 1
    assert main.update(both, 6) == 1


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """However slow the machine is, no face counts as having left."""
    monkeypatch.setattr("webapp.live.camera_session.Tracker", partial(Tracker, patience=60))
    monkeypatch.setattr("webapp.live.main_face.PATIENCE", 60)


def two_faces(step: int = 0) -> bytes:
    """A large face on the left, one half its size on the right."""
    frame = np.full((480, 960, 3), 110, np.uint8)
    frame[:, :480] = moving_face(step, 60, 480, 480)
    frame[240:, 720:] = moving_face(step, 60, 240, 240)
    return jpeg(frame)


def sides(answer: dict[str, Any]) -> dict[int, float]:
    return {face["id"]: face["box"][2] for face in answer["faces"]}


@pytest.mark.usefixtures("patient")
def test_a_frame_names_the_main_face_and_another_can_be_chosen(client: TestClient) -> None:
    with client.websocket_connect(LIVE) as socket:
        first = ask(socket, two_faces())
        widths = sides(first)
        large, small = sorted(widths, key=widths.__getitem__, reverse=True)
        assert first["main"] == large
        assert command(socket, choose=small) == {"chosen": small}
        assert ask(socket, two_faces(1))["main"] == small
        assert command(socket, choose=None) == {"chosen": None}
        assert ask(socket, two_faces(2))["main"] == large
        assert command(socket, choose=99) == {"error": "That face has left the picture."}
        assert command(socket, choose="x") == {"error": "A face is named by its id, a whole number."}
        assert ask(socket, EMPTY)["main"] is None


def captured_side(socket: Any, studio: Studio, session: str) -> int:
    """The side of the crop that a capture stores of `two_faces`."""
    command(socket, capture={"label": "surprise", "session": session})
    time.sleep(0.11)
    ask(socket, two_faces(1))
    kept = socket.receive_json()["captured"]
    socket.send_text(json.dumps({"capture": None}))
    assert socket.receive_json() == {"capturing": False}
    return studio.store.gallery.item(kept["image"]).width


@pytest.mark.usefixtures("patient")
def test_a_capture_takes_the_face_that_was_chosen(client: TestClient, studio: Studio) -> None:
    with client.websocket_connect(LIVE) as socket:
        widths = sides(ask(socket, two_faces()))
        small = min(widths, key=widths.__getitem__)
        of_the_largest = captured_side(socket, studio, "largest")
        command(socket, choose=small)
        assert captured_side(socket, studio, "chosen") < 0.7 * of_the_largest


@pytest.mark.usefixtures("patient")
def test_a_capture_takes_nobody_else_while_the_chosen_face_is_missed(client: TestClient) -> None:
    only_large = jpeg(np.concatenate([moving_face(1, 60, 480, 480), np.full((480, 480, 3), 110, np.uint8)], axis=1))
    with client.websocket_connect(LIVE) as socket:
        widths = sides(ask(socket, two_faces()))
        command(socket, choose=min(widths, key=widths.__getitem__))
        command(socket, capture={"label": "surprise", "session": "missed"})
        ask(socket, two_faces(2))
        assert socket.receive_json()["captured"]["state"] == "added"
        time.sleep(0.11)
        answer = ask(socket, only_large)
        assert len(answer["faces"]) == 1 and answer["main"] is None
        assert command(socket, capture=None) == {"capturing": False}
