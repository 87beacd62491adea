from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from labeling.schema import ImageDataRow
from models.card import Card
from models.predictor import Predictor
from models.versions import MODEL
from tests.labeling.face_patterns import face
from tests.made_versions import copy_base
from training.same_faces import HeldOutScores
from webapp.app import create_app
from webapp.background import GIVE_WAY
from webapp.scoring import BATCH, Scoring, ask_about
from webapp.studio import Studio


def until(true: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.02)


def write_version(studio: Studio, held_out: list[int], **facts: Any) -> int:
    base = studio.versions.get(0).card
    given = {**base.model_dump(include={"network", "labels", "temperature"}), "held_out_ids": held_out, **facts}
    return copy_base(studio.versions, studio.versions.numbers()[-1] + 1, Card.model_validate(given)).number


def add(studio: Studio, count: int, label: str = "neutral") -> list[int]:
    return [studio.store.images.add(face(number), label=label).image_id for number in range(count)]


@pytest.fixture
def scoring(clean_studio: Studio) -> Iterator[Scoring]:
    work = Scoring(clean_studio)
    yield work
    work.stop()


def scored(studio: Studio) -> dict[int, float]:
    return {number: round(score.accuracy, 4) for number, score in studio.held_out_scores.scores.items()}


def test_every_version_is_scored_on_the_faces_held_out_now(clean_studio: Studio, scoring: Scoring) -> None:
    images = add(clean_studio, 6)
    write_version(clean_studio, images[:2])
    write_version(clean_studio, images[2:])
    expected = ask_about(clean_studio.store, Predictor(clean_studio.versions.get(0)), images[2:])
    right = sum(label == "neutral" for label in expected.values())
    scoring.work_some()
    assert scored(clean_studio) == dict.fromkeys((0, 1, 2), round(right / 4, 4))
    assert clean_studio.held_out_scores.settled == {0, 1, 2}

    image, said = next(iter(expected.items()))
    clean_studio.store.annotations.annotate([image], "fear" if said == "neutral" else said, "label")
    right += -1 if said == "neutral" else 1
    scoring.work_some()
    assert scored(clean_studio) == dict.fromkeys((0, 1, 2), round(right / 4, 4))


def test_no_version_is_asked_twice_though_the_server_begins_anew(
    clean_studio: Studio, scoring: Scoring, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_version(clean_studio, add(clean_studio, BATCH + 2))
    asked: list[tuple[int, int]] = []

    def note(store: Any, predictor: Predictor, images: list[int]) -> dict[int, str]:
        asked.append((predictor.number, len(images)))
        return ask_about(store, predictor, images)

    monkeypatch.setattr("webapp.scoring.ask_about", note)
    scoring.work_some()
    assert asked == [(1, BATCH), (1, 2), (0, BATCH), (0, 2)]
    before = scored(clean_studio)
    clean_studio.held_out_scores = HeldOutScores()
    Scoring(clean_studio).work_some()
    assert (len(asked), scored(clean_studio)) == (4, before)
    write_version(clean_studio, [])
    scoring.work_some()
    assert asked[4:] == [(2, BATCH), (2, 2)]


def test_it_gives_way_to_the_live_view_and_stops_within_a_batch(
    clean_studio: Studio, scoring: Scoring, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_version(clean_studio, add(clean_studio, 3 * BATCH))
    times: list[float] = []

    def slow(store: Any, predictor: Predictor, images: list[int]) -> dict[int, str]:
        clean_studio.live_is_seen()
        times.append(time.monotonic())
        time.sleep(0.05)
        return dict.fromkeys(images, "neutral")

    monkeypatch.setattr("webapp.scoring.ask_about", slow)
    scoring.start()
    until(lambda: len(times) >= 2)
    scoring.stop()
    assert times[1] - times[0] >= (1 + GIVE_WAY) * 0.05
    assert len(times) < 6
    assert 1 not in clean_studio.held_out_scores.scores


def test_a_version_that_cannot_run_keeps_no_other_from_its_score(clean_studio: Studio, scoring: Scoring) -> None:
    images = add(clean_studio, 2)
    number = write_version(clean_studio, images)
    model = clean_studio.versions.get(number).path / MODEL
    kept = model.read_bytes()
    model.unlink()
    scoring.work_some()
    assert scored(clean_studio).keys() == {0}
    assert clean_studio.held_out_scores.settled == {0, number}
    model.write_bytes(kept)
    scoring.work_some()
    assert scored(clean_studio).keys() == {0, number}


def test_a_face_that_cannot_be_read_counts_as_wrong(clean_studio: Studio, scoring: Scoring) -> None:
    images = add(clean_studio, 1)
    with clean_studio.store.database.writing() as connection:
        connection.execute(ImageDataRow.__table__.update().values(data=b"no picture"))  # type: ignore[attr-defined]
    write_version(clean_studio, images)
    scoring.work_some()
    assert scored(clean_studio) == {0: 0.0, 1: 0.0}


def test_the_list_has_the_scores(clean_studio: Studio) -> None:
    images = add(clean_studio, 3)
    write_version(clean_studio, images[:2], created="2040-01-01T00:00:00+00:00")
    write_version(clean_studio, images, created="2050-01-01T00:00:00+00:00")
    with TestClient(create_app(clean_studio), base_url="http://127.0.0.1:7860") as api:
        at = "/mien/api/data/train"
        first = api.get(at).json()["versions"]
        assert [row["scoring"] for row in first] == [True] * 3
        until(lambda: not any(row["scoring"] for row in api.get(at).json()["versions"]))
        rows = {row["number"]: row for row in api.get(at).json()["versions"]}
        assert {row["held_out"]["faces"] for row in rows.values()} == {3}
        assert [rows[number]["held_out"]["learned_from"] for number in (2, 1, 0)] == [0, 1, 0]
        details = {number: api.get(f"{at}/versions/{number}").json() for number in (0, 1, 2)}
        assert [details[number]["held_out_now"] for number in (2, 1, 0)] == [True, False, False]
        assert details[0]["score"]["recall"].keys() == {"neutral"}
        assert details[0]["score"]["accuracy"] == rows[0]["held_out"]["accuracy"]
        assert api.post(f"{at}/versions/2/delete").status_code == 200
        assert clean_studio.store.held_out_answers.of(2, images) == {}
