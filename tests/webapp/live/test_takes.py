"""What capturing keeps: two pages at once, a page that closes in the middle of a hold, names that are none."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from itertools import count
from typing import Any

import cv2
import numpy as np
import pytest
from fastapi.testclient import TestClient
from starlette.testclient import WebSocketTestSession

from tests.serving import astronaut, jpeg
from webapp.studio import Studio

LIVE = "ws://127.0.0.1:7860/live"


def lively(seed: int) -> Iterator[bytes]:
    """Frames without end in which the face turns, comes nearer and changes its light: no two are near copies."""
    for step in count():
        angle = seed + 2.4 * step
        move = cv2.getRotationMatrix2D((225, 110), 20 * np.sin(angle), 1.2 + 0.3 * np.cos(1.7 * angle))
        move[:, 2] += 90 + 30 * np.sin(angle), 60
        frame = cv2.warpAffine(astronaut(), move, (640, 480), borderMode=cv2.BORDER_REPLICATE)
        yield jpeg(cv2.convertScaleAbs(frame, alpha=1, beta=10 * np.sin(3 * angle)), 92)


def hold(socket: WebSocketTestSession, label: str, session: str, frames: Iterator[bytes], enough: int) -> list[int]:
    """Captures until `enough` images are acknowledged; the ids of all that are. The button stays down."""
    socket.send_text(json.dumps({"capture": {"label": label, "session": session}}))
    ids: list[int] = []
    until = time.monotonic() + 60
    while len(ids) < enough and time.monotonic() < until:
        socket.send_bytes(next(frames))
        answer: dict[str, Any] = dict(socket.receive_json())
        while "faces" not in answer:
            if answer.get("captured", {}).get("state") == "added":
                ids.append(answer["captured"]["image"])
            answer = dict(socket.receive_json())
        time.sleep(0.02)
    assert len(ids) >= enough
    return ids


def sessions_of(studio: Studio, label: str) -> dict[str | None, set[int]]:
    found: dict[str | None, set[int]] = {}
    for face in studio.store.images.training_faces():
        if face.label == label:
            found.setdefault(face.session, set()).add(face.image_id)
    return found


def test_two_pages_capture_at_once_and_both_keep_what_was_acknowledged(api: TestClient, clean_studio: Studio) -> None:
    labels = ("fear", "anger")
    with ExitStack() as stack, ThreadPoolExecutor(2) as people:
        pages = [stack.enter_context(api.websocket_connect(LIVE)) for _ in labels]
        holding = [
            people.submit(hold, page, label, f"take of {label}", lively(seed), 6)
            for seed, (page, label) in enumerate(zip(pages, labels, strict=True))
        ]
        kept = {label: held.result(120) for label, held in zip(labels, holding, strict=True)}
    for label, ids in kept.items():
        assert set(ids) <= sessions_of(clean_studio, label)[f"take of {label}"]
    assert not set(kept["fear"]) & set(kept["anger"])


def test_a_page_that_closes_in_the_middle_of_a_hold_keeps_it_and_ends_it(api: TestClient, clean_studio: Studio) -> None:
    frames = lively(2)
    with api.websocket_connect(LIVE) as socket:
        ids = hold(socket, "fear", "first", frames, 3)
    with api.websocket_connect(LIVE) as socket:
        for _ in range(8):  # nobody holds the button here
            socket.send_bytes(next(frames))
            assert "faces" in dict(socket.receive_json())
            time.sleep(0.11)
        kept = sessions_of(clean_studio, "fear")
        assert kept.keys() == {"first"} and set(ids) <= kept["first"]
        # As the page closed, one may have been about to be stored, and another's acknowledgement on its way.
        assert len(kept["first"]) <= len(ids) + 2
        more = hold(socket, "fear", "second", frames, 2)
    assert set(more) <= sessions_of(clean_studio, "fear")["second"]
    (fear,) = [entry for entry in clean_studio.store.overview.figures().labels if entry.label.name == "fear"]
    assert fear.takes == 2


def test_a_page_that_closes_while_a_face_is_being_stored_keeps_it(api: TestClient, clean_studio: Studio) -> None:
    frames = lively(4)
    database = clean_studio.home.path / "mien.db"
    with ExitStack() as page, closing(sqlite3.connect(database, isolation_level=None)) as other:
        socket = page.enter_context(api.websocket_connect(LIVE))
        kept = hold(socket, "fear", "slow", frames, 1)
        other.execute("BEGIN IMMEDIATE")  # from here on storing has to wait
        for _ in range(4):
            socket.send_bytes(next(frames))
            while "faces" not in dict(socket.receive_json()):
                pass
            time.sleep(0.07)
        page.close()
        other.rollback()
    until = time.monotonic() + 30
    while len(sessions_of(clean_studio, "fear")["slow"]) <= len(kept) and time.monotonic() < until:
        time.sleep(0.05)
    assert len(sessions_of(clean_studio, "fear")["slow"]) > len(kept)


@pytest.mark.parametrize(
    ("subject", "sentence"),
    [
        ("n" * 200, "A person's name has at most 64 characters; this one has 200."),
        ("a\nb", "A person's name may have no control or invisible characters."),
    ],
)
def test_a_name_that_cannot_be_a_persons_is_refused_with_a_sentence(
    client: TestClient, subject: str, sentence: str
) -> None:
    frames = lively(3)
    with client.websocket_connect(LIVE) as socket:
        socket.send_bytes(next(frames))
        face = socket.receive_json()["faces"][0]["id"]
        for command in (
            {"capture": {"label": "fear", "subject": subject}},
            {"teach": {"face": face, "label": "fear", "subject": subject}},
        ):
            socket.send_text(json.dumps(command))
            assert socket.receive_json() == {"error": sentence}
    assert client.get("/mien/api/data/overview").json()["total"] == 0


def test_a_name_with_markup_is_kept_as_it_is(api: TestClient, clean_studio: Studio) -> None:
    name = "<img src=x onerror=alert(1)> & Söhne"
    frames = lively(4)
    with api.websocket_connect(LIVE) as socket:
        socket.send_text(json.dumps({"capture": {"label": "fear", "subject": name, "session": "a"}}))
        socket.receive_json()
        socket.send_bytes(next(frames))
        answers = [socket.receive_json(), socket.receive_json()]
    assert any("captured" in answer for answer in answers)
    assert clean_studio.store.overview.figures().subjects == [(name, 1)]
