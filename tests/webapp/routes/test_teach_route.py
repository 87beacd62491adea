from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient
from httpx import Response
from PIL import Image

from labeling.intake import MIN_FACE
from tests.serving import astronaut, moving_face
from webapp.studio import Studio


def png(rgb: np.ndarray[Any, Any]) -> bytes:
    data = io.BytesIO()
    Image.fromarray(rgb).save(data, "PNG")
    return data.getvalue()


def couple() -> bytes:
    """A large face on the left, one half its size on the right."""
    picture = np.full((480, 960, 3), 110, np.uint8)
    picture[:, :480] = moving_face(0, 60, 480, 480)
    picture[240:, 720:] = moving_face(0, 60, 240, 240)
    return png(picture)


def teach(api: TestClient, picture: bytes, box: list[float], label: str) -> Response:
    left, top, width, height = box
    place = {"left": left, "top": top, "width": width, "height": height}
    return api.post("/mien/api/teach", params={"label": label, **place}, content=picture)


def boxes(api: TestClient, picture: bytes) -> list[list[float]]:
    return [face["box"] for face in api.post("/mien/api/predict", content=picture).json()["faces"]]


def test_a_picture_s_face_becomes_an_example_and_no_other_does(api: TestClient, clean_studio: Studio) -> None:
    large, small = boxes(api, couple())
    taught = teach(api, couple(), small, "contempt").json()
    assert taught == {"image": taught["image"], "state": "added", "label": "contempt", "guess": "happiness"}
    item = clean_studio.store.gallery.item(taught["image"])
    assert item.label == "contempt" and item.source == "upload" and item.session
    assert clean_studio.store.images.count() == 1
    other = teach(api, couple(), large, "happiness").json()
    bigger = clean_studio.store.gallery.item(other["image"])
    assert bigger.width > 1.5 * item.width and bigger.session == item.session


def test_the_same_face_taught_once_more_gets_the_new_label(api: TestClient, clean_studio: Studio) -> None:
    picture = png(astronaut())
    (box,) = boxes(api, picture)
    first = teach(api, picture, box, "contempt").json()
    again = teach(api, picture, box, "surprise").json()
    assert again["state"] == "duplicate" and again["image"] == first["image"]
    assert clean_studio.store.gallery.item(first["image"]).label == "surprise"


@pytest.mark.parametrize(
    ("box", "label", "reason"),
    [
        ([0.0, 0.6, 0.2, 0.2], "fear", "There is no face in that place of the picture."),
        ([0.0, 0.0, 1.0, 1.0], "fear", "There is no face in that place of the picture."),
        ([0.0, 0.0, 0.0, 0.0], "fear", "There is no face in that place of the picture."),
        ([0.5, 0.5, -0.4, -0.4], "fear", "There is no face in that place of the picture."),
        ([float("nan"), 0.1, 0.2, 0.2], "fear", "left"),
        ([1e300, 0.1, 0.2, 0.2], "fear", "left"),
        (None, "no such label", "no such label"),
    ],
    ids=["beside", "all of it", "nothing", "inside out", "nan", "far away", "label"],
)
def test_what_cannot_be_taught_is_refused_with_the_reason_and_nothing_is_stored(
    api: TestClient, clean_studio: Studio, box: list[float] | None, label: str, reason: str
) -> None:
    picture = png(astronaut())
    answer = teach(api, picture, box or boxes(api, picture)[0], label)
    assert answer.status_code in (404, 422) and reason in answer.json()["error"]
    assert clean_studio.store.images.count() == 0


def test_a_face_that_is_too_small_to_learn_from_is_refused(api: TestClient, clean_studio: Studio) -> None:
    for side in (96, 88, 80, 72):
        picture = png(np.asarray(Image.fromarray(astronaut()).resize((side, side))))
        found = boxes(api, picture)
        if found and found[0][3] * side < MIN_FACE - 0.5:
            break
    answer = teach(api, picture, found[0], "fear")
    assert answer.status_code == 422 and f"needs {MIN_FACE} to learn from" in answer.json()["error"]
    assert clean_studio.store.images.count() == 0
