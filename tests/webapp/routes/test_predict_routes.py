from __future__ import annotations

import io

import numpy as np
import pytest
from fastapi.testclient import TestClient
from PIL import Image

from models.versions import WEIGHTS
from tests.made_versions import copy_base
from tests.serving import astronaut
from tests.webapp.live.test_live_socket import bomb
from webapp.actions.version_actions import use_version
from webapp.routes.predict_routes import MAX_PICTURE
from webapp.studio import Studio


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    data = io.BytesIO()
    image.save(data, kind, **options)
    return data.getvalue()


PORTRAIT = Image.fromarray(astronaut())


def test_status_names_version_and_labels(client: TestClient) -> None:
    status = client.get("/mien/api/status").json()
    assert status["version"] == 0 and status["notice"] == ""
    assert status["labels"][0]["name"] == "neutral"
    assert all(len(label["color"]) == 7 for label in status["labels"] + status["teachable"])


def sixteen_bit() -> Image.Image:
    return Image.fromarray(np.asarray(PORTRAIT.convert("L")).astype(np.uint16) * 257)


@pytest.mark.parametrize(
    "picture",
    [
        saved(PORTRAIT, "JPEG"),
        saved(PORTRAIT, "PNG"),
        saved(PORTRAIT, "WEBP"),
        saved(PORTRAIT.convert("CMYK"), "JPEG"),
        saved(PORTRAIT.quantize(64), "PNG"),
        saved(PORTRAIT.convert("L"), "PNG"),
        saved(sixteen_bit(), "PNG"),
        saved(PORTRAIT.convert("RGBA"), "PNG"),
    ],
    ids=["jpeg", "png", "webp", "cmyk", "palette", "grey", "16 bit", "alpha"],
)
def test_a_picture_of_any_kind_gets_its_faces(client: TestClient, picture: bytes) -> None:
    answer = client.post("/mien/api/predict", content=picture).json()
    assert (answer["width"], answer["height"]) == (512, 512)
    (face,) = answer["faces"]
    assert face["label"] == "happiness" and 0.3 < face["box"][0] < 0.5
    assert face["label"] in {label["name"] for label in answer["labels"]}


def test_a_turned_picture_is_set_upright(client: TestClient) -> None:
    turned = PORTRAIT.crop((0, 0, 512, 400)).transpose(Image.Transpose.ROTATE_90)
    exif = turned.getexif()
    exif[0x0112] = 6
    answer = client.post("/mien/api/predict", content=saved(turned, "JPEG", exif=exif)).json()
    assert (answer["width"], answer["height"]) == (512, 400) and len(answer["faces"]) == 1


def animation() -> bytes:
    frames = [PORTRAIT.resize((64, 64)), PORTRAIT.resize((64, 64)).rotate(90)]
    return saved(frames[0], "GIF", save_all=True, append_images=frames[1:])


@pytest.mark.parametrize(
    ("picture", "reason"),
    [
        (b"", "not a picture"),
        (b"<script>alert(1)</script>", "not a picture"),
        (saved(PORTRAIT, "PNG")[:5000], "damaged"),
        (saved(PORTRAIT, "JPEG")[:3000], "damaged"),
        (animation(), "animated"),
        (bomb(), "too large"),
    ],
    ids=["empty", "text", "cut off png", "cut off jpeg", "animated", "bomb"],
)
def test_a_picture_that_cannot_be_used_is_refused_with_the_reason(
    client: TestClient, picture: bytes, reason: str
) -> None:
    answer = client.post("/mien/api/predict", content=picture)
    assert answer.status_code == 422 and reason in answer.json()["error"]


def test_a_file_that_is_too_large_is_not_read_to_its_end(client: TestClient) -> None:
    answer = client.post("/mien/api/predict", content=bytes(MAX_PICTURE + 1))
    assert answer.status_code == 413 and "larger" in answer.json()["error"]


def test_a_picture_without_a_face(client: TestClient) -> None:
    empty = saved(Image.new("RGB", (300, 200), "grey"), "PNG")
    assert client.post("/mien/api/predict", content=empty).json()["faces"] == []


def test_two_versions_name_the_largest_face_of_a_frame(api: TestClient, clean_studio: Studio) -> None:
    base = clean_studio.versions.get(0).card
    turned = base.model_copy(update={"labels": base.labels[::-1]})  # the same answers under other names
    for number in (1, 2, 3):
        copy_base(clean_studio.versions, number, turned)
    frame = saved(PORTRAIT, "JPEG")
    for number in (1, 2, 3, 1):
        old, new = api.post(f"/mien/api/compare/0/{number}", content=frame).json()["answers"]
        assert old["box"] == new["box"] and 0.3 < old["box"][0] < 0.5
        assert (old["label"], new["label"]) == ("happiness", turned.labels[1])
        assert list(old["probabilities"].values()) == list(new["probabilities"].values())
    assert clean_studio.live_in_use
    assert api.get("/mien/api/status").json()["version"] == 0
    assert api.post("/mien/api/compare/0/1", content=saved(Image.new("RGB", (64, 64)), "PNG")).json() == {"answers": []}
    clean_studio.versions.delete(1)
    for numbers in ("0/1", "9/0", "0/-1"):
        refused = api.post(f"/mien/api/compare/{numbers}", content=frame)
        assert (refused.status_code, "There is no version" in refused.json()["error"]) == (422, True)
    assert api.post("/mien/api/compare/0/2", content=b"no picture").status_code == 422


def test_a_pictures_faces_have_their_heat_where_it_is_asked_for(client: TestClient, studio: Studio) -> None:
    picture = saved(PORTRAIT, "PNG")
    plain = client.post("/mien/api/predict", content=picture).json()
    assert plain["faces"][0]["heat"] is None and plain["no_heat"] == ""
    answer = client.post("/mien/api/predict?heat=true", content=picture).json()
    (face,) = answer["faces"]
    heat = face.pop("heat")
    assert {"heat": None, **face} == plain["faces"][0] and answer["no_heat"] == ""
    cells = np.array(heat["cells"])
    assert cells.shape == studio.predictor.heat_map.pool.shape[1:]
    # It smiles: the mouth says so, and less the forehead.
    assert cells[len(cells) // 2 :].mean() > cells[: len(cells) // 2].mean()
    _, right, below = np.array(heat["corners"])
    x, y, width, height = face["box"]
    assert (right + below) / 2 == pytest.approx([x + width / 2, y + height / 2], abs=0.05)


def test_a_picture_without_faces_has_no_heat(client: TestClient) -> None:
    picture = saved(Image.new("RGB", (64, 64)), "PNG")
    answer = client.post("/mien/api/predict?heat=true", content=picture).json()
    assert answer["faces"] == [] and answer["no_heat"] == ""


def test_a_version_that_cannot_say_why_names_faces_and_says_so(api: TestClient, clean_studio: Studio) -> None:
    (copy_base(clean_studio.versions, 1).path / WEIGHTS).write_bytes(b"no weights")
    use_version(clean_studio, 1)
    answer = api.post("/mien/api/predict?heat=true", content=saved(PORTRAIT, "PNG")).json()
    assert answer["faces"][0]["label"] == "happiness" and answer["faces"][0]["heat"] is None
    assert answer["no_heat"].startswith("Version 1 cannot show what spoke for its answers.")
