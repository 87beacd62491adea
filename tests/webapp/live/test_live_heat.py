"""What spoke for a face's label, over the live socket: while it is wanted, where the face is, or why it is missing."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient
from starlette.testclient import WebSocketTestSession

from models.versions import WEIGHTS
from tests.made_versions import copy_base
from tests.serving import jpeg, moving_face
from webapp.actions.version_actions import use_version
from webapp.studio import Studio

LIVE = "ws://127.0.0.1:7860/live"
FACE = jpeg(moving_face(0, 60))
EMPTY = jpeg(np.full((240, 320, 3), 90, np.uint8))


def ask(socket: WebSocketTestSession, frame: bytes = FACE) -> dict[str, Any]:
    socket.send_bytes(frame)
    return dict(socket.receive_json())


def switch(socket: WebSocketTestSession, on: bool) -> None:
    socket.send_text(json.dumps({"heat": on}))
    assert socket.receive_json() == {"heat": on}


def test_a_face_has_its_heat_while_that_is_wanted(client: TestClient, studio: Studio) -> None:
    with client.websocket_connect(LIVE) as socket:
        assert ask(socket)["faces"][0].get("heat") is None
        switch(socket, True)
        assert ask(socket, EMPTY)["faces"] == []
        answer = ask(socket)
        assert "no_heat" not in answer
        (face,) = answer["faces"]
        cells = np.array(face["heat"]["cells"])
        assert cells.shape == studio.predictor.heat_map.pool.shape[1:]
        assert np.isfinite(cells).all() and cells.max() > 0.5
        # It smiles: the mouth says so, and less the forehead.
        assert face["label"] == "happiness" and cells[len(cells) // 2 :].mean() > cells[: len(cells) // 2].mean()
        corner, right, below = np.array(face["heat"]["corners"])
        x, y, width, height = face["box"]
        assert (right + below) / 2 == pytest.approx([x + width / 2, y + height / 2], abs=0.05)
        assert corner[0] < right[0] and corner[1] < below[1]
        switch(socket, False)
        assert ask(socket)["faces"][0].get("heat") is None


def test_another_camera_has_its_own_switch(client: TestClient) -> None:
    with client.websocket_connect(LIVE) as one, client.websocket_connect(LIVE) as other:
        switch(one, True)
        assert ask(one)["faces"][0]["heat"] and not ask(other)["faces"][0].get("heat")


def test_a_version_that_cannot_say_why_names_faces_all_the_same(api: TestClient, clean_studio: Studio) -> None:
    version = copy_base(clean_studio.versions, 1)
    (version.path / WEIGHTS).unlink()
    with api.websocket_connect(LIVE) as socket:
        switch(socket, True)
        assert ask(socket)["faces"][0]["heat"]
        use_version(clean_studio, 1)
        answer = ask(socket)
        assert answer["version"] == 1 and not answer["faces"][0].get("heat")
        assert answer["no_heat"].startswith("Version 1 cannot show what spoke for its answers.")
        assert WEIGHTS in answer["no_heat"]
