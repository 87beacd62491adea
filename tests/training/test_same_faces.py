from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from labeling.store import Store
from models.card import Card, DataCounts, Metrics
from models.versions import Version, Versions
from tests.labeling.face_patterns import face, open_store
from training.same_faces import Score, built_in_scores, held_out_now, held_out_score

MADE = datetime(2030, 1, 2, tzinfo=timezone.utc)
DAY = timedelta(days=1)
SIX = ("neutral", "happiness", "surprise", "sadness", "anger", "fear")


def version(number: int, labels: tuple[str, ...] = ("fear", "anger"), **facts: Any) -> Version:
    base = Versions(Path()).get(0).card
    shape = base.network.model_copy(update={"classes": len(labels)})
    card = Card(network=shape, labels=labels, temperature=1.0, **{"created": MADE, **facts})
    return Version(number, Path(), card)


def checked(*rows: list[int]) -> Metrics:
    faces, right = sum(map(sum, rows)), sum(row[at] for at, row in enumerate(rows))
    return Metrics(
        faces=faces, accuracy=right / faces, mean_recall=0, recall={}, calibration_error=0, confusion=list(rows)
    )


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_store(tmp_path)


def test_the_newest_versions_held_out_faces_count_with_the_labels_they_have_now(store: Store) -> None:
    first, second, third, fourth = (store.images.add(face(number), label="fear").image_id for number in range(4))
    store.annotations.annotate([second], "anger", "label")
    store.deletion.delete([third])
    old, new = version(1, held_out_ids=(first, fourth)), version(2, held_out_ids=(first, second, third))
    assert held_out_now(store, [new, version(3), old]) == {first: "fear", second: "anger"}
    store.deletion.delete([first, second])
    assert held_out_now(store, [new, version(3), old]) == {fourth: "fear"}
    assert held_out_now(store, [version(0)]) == {}


def test_a_score_says_which_faces_flatter_and_which_it_has_no_name_for() -> None:
    before, later = MADE - DAY, MADE + DAY
    labels = {1: "fear", 2: "fear", 3: "wink", 4: "anger"}
    since = {1: before, 2: before, 3: before, 4: later}
    counts = DataCounts(train={}, held_out={}, same_take=("fear",))
    made = version(1, held_out_ids=(1,), data=counts)
    answers = {1: "fear", 2: "anger", 3: "fear", 4: "anger"}
    score = held_out_score(made, labels, answers, since, {1: made})
    assert score == Score({"fear": 2, "wink": 1, "anger": 1}, {"fear": 1, "anger": 1}, 2, same_take=1, unnamed=1)
    assert score.accuracy == 0.5


def test_a_version_knows_what_its_parent_learned_from() -> None:
    labels, answers = {1: "fear", 2: "anger"}, {1: "fear", 2: "anger"}
    since = {1: MADE - DAY, 2: MADE - DAY}
    parent = version(1, held_out_ids=(2,), created=MADE - timedelta(hours=1))
    made = version(2, held_out_ids=(1, 2), parent=1)

    def learned_from(each: Version, *others: Version) -> int:
        known = {other.number: other for other in others}
        return held_out_score(each, labels, answers, since, known).learned_from

    assert learned_from(made, made, parent) == 1
    assert learned_from(made, made) == 2  # nobody can tell what the parent learned from
    assert learned_from(version(3, held_out_ids=(1, 2), parent=0)) == 0
    assert learned_from(version(0, created=None)) == 0


def test_built_in_expressions_are_compared_face_by_face_though_labels_differ() -> None:
    base = checked([8, 2], [3, 7])
    newest = version(3, ("fear", "anger"), base_before=base, base_after=checked([9, 1], [5, 5]))
    wider = version(
        2,
        ("anger", "wink", "fear", "contempt"),
        base_before=checked([6, 0, 3, 1], [0] * 4, [1, 0, 8, 1], [0, 0, 0, 5]),
        base_after=checked([10, 0, 0, 0], [0] * 4, [0, 0, 10, 0], [1, 2, 1, 1]),
    )
    narrower = version(1, ("anger",), base_before=checked([9]), base_after=checked([10]))
    scores = built_in_scores([newest, wider, narrower])
    assert {number: round(score.accuracy, 3) for number, score in scores.items()} == {3: 0.7, 2: 1.0, 1: 0.5, 0: 0.7}
    assert {score.total for score in scores.values()} == {20}
    assert (scores[1].unnamed, scores[2].unnamed) == (10, 0)


def test_a_version_that_was_checked_on_other_faces_has_no_score() -> None:
    newest = version(2, base_before=checked([8, 2], [3, 7]), base_after=checked([9, 1], [5, 5]))
    other = version(1, base_before=checked([90, 10], [9, 91]), base_after=checked([90, 10], [9, 91]))
    assert built_in_scores([newest, other]).keys() == {2, 0}
    assert built_in_scores([version(0)]) == {}
