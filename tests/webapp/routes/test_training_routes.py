"""The routes behind the Train tab, without a browser."""

from __future__ import annotations

import os
import time

import pytest
from fastapi.testclient import TestClient

from labeling.runs import RunProgress
from models.card import Card, Metrics
from models.versions import Version
from tests.labeling.face_patterns import face
from tests.made_versions import copy_base
from training.enough import MIN_IMAGES
from webapp.app import create_app
from webapp.studio import Studio

BASE = "/mien/api/data/train"


def write_version(studio: Studio, **facts: object) -> Version:
    base = studio.versions.get(0)
    card = Card.model_validate({**base.card.model_dump(include={"network", "labels", "temperature"}), **facts})
    return copy_base(studio.versions, 1, card)


def figures(accuracy: float, faces: int, **recall: float) -> Metrics:
    return Metrics(
        faces=faces, accuracy=accuracy, mean_recall=accuracy, recall=recall, calibration_error=0.1, confusion=[[faces]]
    )


def test_an_empty_home_says_what_is_missing(client: TestClient) -> None:
    state = client.get(BASE).json()
    assert state["data"]["missing"].startswith("Nothing is labelled yet. Collect two expressions, at least 8 images")
    assert state["data"]["people"] == []
    assert {label["images"] for label in state["data"]["labels"]} == {0}
    assert (state["run"], state["active"], state["data"]["unlabelled"]) == (None, 0, 0)
    assert [version["number"] for version in state["versions"]] == [0]


def test_training_without_enough_is_refused_before_it_starts(api: TestClient, clean_studio: Studio) -> None:
    refused = api.post(f"{BASE}/start", json={})
    assert (refused.status_code, refused.json()["error"]) == (422, api.get(BASE).json()["data"]["missing"])
    for number in range(MIN_IMAGES + 1):
        clean_studio.store.images.add(face(number), label="fear" if number < MIN_IMAGES else "anger")
    refused = api.post(f"{BASE}/start", json={})
    assert "at least two expressions with 8 different images each. “anger” is left out" in refused.json()["error"]
    assert clean_studio.store.runs.latest() is None


def test_what_is_short_is_named(api: TestClient, clean_studio: Studio) -> None:
    clean_studio.store.labels.add("wink")
    for number in range(3):
        clean_studio.store.images.add(face(number), label=("wink", "anger", None)[number])
    data = api.get(BASE).json()["data"]
    left_out = {label["name"] for label in data["labels"] if label["left_out"]}
    assert (left_out, data["needed"], data["unlabelled"]) == ({"wink"}, MIN_IMAGES, 1)


def test_each_label_says_before_a_run_what_it_will_be_measured_on(api: TestClient, clean_studio: Studio) -> None:
    store = clean_studio.store
    takes = [("fear", "a"), ("fear", "b"), ("anger", "c"), ("sadness", None)]
    for number, (label, session) in enumerate(takes * 8):
        store.images.add(face(number), label=label, session=session, subject="Ada" if label == "fear" else None)
    data = api.get(BASE).json()["data"]
    told = {label["name"]: label for label in data["labels"]}
    assert [(told[name]["takes"], told[name]["measured_by"]) for name in ("fear", "anger", "sadness", "disgust")] == [
        *((2, "takes"), (1, "same take"), (0, "pictures"), (0, "nothing"))
    ]
    assert told["fear"]["note"] == told["disgust"]["note"] == ""
    assert "Record it once more, later" in told["anger"]["note"] and "same person" in told["sadness"]["note"]
    assert data["people"] == [{"name": "Ada", "images": {"fear": 16}}]


@pytest.mark.parametrize("name", ["Eve", "", "<script>alert(1)</script>", "x" * 200, "\x00"])
def test_a_person_who_is_not_there_cannot_be_held_out(api: TestClient, clean_studio: Studio, name: str) -> None:
    for number in range(2 * MIN_IMAGES):
        label, subject = (("fear", "Ada"), ("anger", None))[number % 2]
        clean_studio.store.images.add(face(number), label=label, subject=subject)
    refused = api.post(f"{BASE}/start", json={"hold_out": ["Ada", name]})
    said = refused.json()["error"]
    assert (refused.status_code, said.startswith("No labelled image shows a person called “")) == (422, True)
    assert len(said) < 140 and "Ada" not in said
    assert clean_studio.store.runs.latest() is None


def test_holding_out_everybody_leaves_too_little(api: TestClient, clean_studio: Studio) -> None:
    for number in range(2 * MIN_IMAGES):
        label, subject = (("fear", "Ada"), ("anger", "Bo"))[number % 2]
        clean_studio.store.images.add(face(number), label=label, subject=subject)
    refused = api.post(f"{BASE}/start", json={"hold_out": ["Ada"]})
    assert refused.status_code == 422
    assert refused.json()["error"].startswith("Too little is left to learn from")
    assert api.post(f"{BASE}/start", json={"hold_out": ["x"] * 1001}).status_code == 422
    assert clean_studio.store.runs.latest() is None


def test_a_version_is_used_named_and_deleted(api: TestClient, clean_studio: Studio) -> None:
    measured, checked = figures(0.75, 12, fear=0.75), figures(0.8, 100)
    data = {"train": {"fear": 9, "anger": 8}, "held_out": {"fear": 12}}
    write_version(clean_studio, after=measured, base_before=checked, base_after=checked, data=data)
    row = api.get(BASE).json()["versions"][0]
    assert (row["number"], row["images"], row["held_out"]) == (1, 17, None)  # none of its faces is there
    assert api.post(f"{BASE}/versions/1/use").json() == {"active": 1}
    assert api.get("/mien/api/status").json()["version"] == 1
    named = api.post(f"{BASE}/versions/1/describe", json={"name": " <script>x</script> ", "note": "ümlaut"}).json()
    assert (named["name"], named["note"]) == ("<script>x</script>", "ümlaut")
    card = api.get(f"{BASE}/versions/1").json()
    assert (card["card"]["name"], card["card"]["after"]) == ("<script>x</script>", measured.as_json())
    assert [label["name"] for label in card["labels"]] == card["card"]["labels"]
    model_card = api.get(f"{BASE}/versions/1/model-card")
    assert (model_card.status_code, "75.0 %" in model_card.text, "<script>" in model_card.text) == (200, True, False)

    refused = api.post(f"{BASE}/versions/1/delete")
    assert (refused.status_code, "is in use" in refused.json()["error"]) == (422, True)
    assert api.post(f"{BASE}/versions/0/use").json() == {"active": 0}
    assert api.post(f"{BASE}/versions/1/delete").json() == {"deleted": 1}
    assert [version["number"] for version in api.get(BASE).json()["versions"]] == [0]
    assert list(clean_studio.home.versions.iterdir()) == []


def test_the_base_model_is_read_only(client: TestClient) -> None:
    for path, body in (("versions/0/delete", {}), ("versions/0/describe", {"name": "mine"})):
        refused = client.post(f"{BASE}/{path}", json=body)
        assert refused.status_code == 422
        assert refused.json()["error"]
    assert "EU AI Act" in client.get(f"{BASE}/versions/0/model-card").text


@pytest.mark.parametrize("number", ["99", "-1", "one", "9" * 30])
def test_a_number_that_is_no_version_is_refused(client: TestClient, number: str) -> None:
    paths = [("GET", ""), ("GET", "/model-card"), ("POST", "/use"), ("POST", "/delete"), ("POST", "/describe")]
    paths += [("GET", "/take-home"), ("POST", "/bundle"), ("POST", "/web-kit"), ("POST", "/onnx-kit")]
    for method, path in paths:
        answer = client.request(method, f"{BASE}/versions/{number}{path}", json={} if method == "POST" else None)
        assert answer.status_code == 422, path
        assert answer.json().get("error") or answer.json().get("detail")
    assert client.get(BASE).json()["active"] == 0


def test_what_is_too_long_or_no_run_is_refused(api: TestClient, clean_studio: Studio) -> None:
    write_version(clean_studio)
    assert api.post(f"{BASE}/versions/1/describe", json={"name": "x" * 61}).status_code == 422
    assert api.post(f"{BASE}/versions/1/describe", json={"note": "x" * 1001}).status_code == 422
    missing = api.post(f"{BASE}/cancel/7")
    assert (missing.status_code, missing.json()) == (404, {"error": "There is no training run 7."})


def test_a_damaged_version_is_listed_with_the_reason(api: TestClient, clean_studio: Studio) -> None:
    version = write_version(clean_studio)
    (version.path / "weights.safetensors").write_bytes(b"no weights")
    (version.path / "model.onnx").write_bytes(b"no model")
    refused = api.post(f"{BASE}/versions/1/use")
    assert (refused.status_code, "model.onnx is damaged" in refused.json()["error"]) == (422, True)
    packed = api.post(f"{BASE}/versions/1/bundle?onnx=true")
    assert (packed.status_code, "model.onnx is damaged" in packed.json()["error"]) == (422, True)
    packed = api.post(f"{BASE}/versions/1/bundle?palettize=true")
    assert (packed.status_code, "weights.safetensors" in packed.json()["error"]) == (422, True)
    (version.path / "card.json").write_text("{")
    row = api.get(BASE).json()["versions"][0]
    assert (row["number"], "card.json" in row["damaged"]) == (1, True)
    assert api.get(BASE).json()["active"] == 0
    assert api.post(f"{BASE}/versions/1/delete").json() == {"deleted": 1}


def test_mistakes_show_the_label_of_today(api: TestClient, clean_studio: Studio) -> None:
    store = clean_studio.store
    ids = [store.images.add(face(number), label="fear").image_id for number in range(3)]
    wrong = [{"image": image, "label": "fear", "predicted": "anger", "certainty": 0.6} for image in ids]
    write_version(clean_studio, wrong=wrong)
    store.annotations.annotate([ids[1]], "anger")
    store.deletion.delete([ids[2]])
    seen = api.get(f"{BASE}/versions/1").json()["wrong"]
    assert [(entry["image"], entry["now"]) for entry in seen] == [(ids[0], "fear"), (ids[1], "anger")]


def test_a_run_whose_process_is_gone_is_interrupted(api: TestClient, clean_studio: Studio) -> None:
    run = clean_studio.store.runs.queue()
    clean_studio.store.runs.change(run.id, RunProgress(state="running", pid=os.getpid()))
    for _ in range(100):
        if not (seen := api.get(BASE).json()["run"])["open"]:
            break
        time.sleep(0.1)
    assert seen["state"] == "interrupted"
    assert "Start it again" in seen["reason"]


def test_asking_for_the_state_changes_nothing(clean_studio: Studio) -> None:
    run = clean_studio.store.runs.queue()
    clean_studio.store.runs.change(run.id, RunProgress(state="running", pid=os.getpid()))
    partial = clean_studio.home.versions / ".partial-x"
    partial.mkdir()
    # Without its start-up nothing looks after runs.
    api = TestClient(create_app(clean_studio), base_url="http://127.0.0.1:7860")
    assert api.get(BASE).json()["run"]["state"] == "running" and partial.exists()


def test_another_sites_page_cannot_train(client: TestClient) -> None:
    for method, path in (("GET", ""), ("POST", "/start"), ("POST", "/versions/0/use")):
        assert client.request(method, BASE + path, headers={"origin": "https://evil.example"}).status_code == 403
