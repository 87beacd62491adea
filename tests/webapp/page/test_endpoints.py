"""The named endpoints, by the real gradio_client against a real server."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.serving import astronaut, jpeg, serving

gradio_client = pytest.importorskip("gradio_client")


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[object]:
    with serving(tmp_path_factory.mktemp("mien") / "home") as server:
        client = gradio_client.Client(server.url, verbose=False, analytics_enabled=False)
        yield client
        client.close()


def test_add_label_list_export(client: gradio_client.Client, tmp_path: Path) -> None:
    path = tmp_path / "me.jpg"
    path.write_bytes(jpeg(astronaut(), 95))
    (added,) = client.predict(image=gradio_client.handle_file(path), label="", subject="Ada", api_name="/add_image")
    assert added["state"] == "added"
    assert client.predict(image=added["image"], label="happiness", kind="label", api_name="/label_image")
    listed = client.predict(label="happiness", answer="", page=0, size=10, api_name="/list_images")
    assert listed["total"] == 1
    assert (listed["items"][0]["id"], listed["items"][0]["subject"]) == (added["image"], "Ada")
    labels = client.predict(api_name="/list_labels")
    assert {label["name"]: label["images"] for label in labels["labels"]}["happiness"] == 1
    exported = client.predict(api_name="/export_dataset")
    with zipfile.ZipFile(exported) as archive:
        assert sum(name.startswith("happiness/") for name in archive.namelist()) == 1


def test_predict_names_the_expression(client: gradio_client.Client, tmp_path: Path) -> None:
    path = tmp_path / "me.jpg"
    path.write_bytes(jpeg(astronaut(), 95))
    (face,) = client.predict(image=gradio_client.handle_file(path), api_name="/predict")["faces"]
    assert face["label"] == max(face["probabilities"], key=face["probabilities"].get)


def test_undo_delete_restore_and_the_label_set(client: gradio_client.Client, tmp_path: Path) -> None:
    path = tmp_path / "mirrored.jpg"
    path.write_bytes(jpeg(astronaut()[:, ::-1].copy(), 95))
    (added,) = client.predict(image=gradio_client.handle_file(path), label="", subject="Bo", api_name="/add_image")
    image = added["image"]
    total = client.predict(label="", answer="", page=0, size=10, api_name="/list_images")["total"]
    assert "wink" in client.predict(change="add", name="wink", to="", api_name="/change_label")
    action = client.predict(image=image, label="wink", kind="label", api_name="/label_image")
    assert client.predict(label="wink", answer="", page=0, size=10, api_name="/list_images")["total"] == 1
    assert client.predict(action=action, api_name="/undo") == [image]
    assert client.predict(label="wink", answer="", page=0, size=10, api_name="/list_images")["total"] == 0
    assert "blink" in client.predict(change="rename", name="wink", to="blink", api_name="/change_label")
    assert "blink" not in client.predict(change="remove", name="blink", to="", api_name="/change_label")
    assert client.predict(images=[], subject="Bo", api_name="/delete_images") == [image]
    assert client.predict(label="", answer="", page=0, size=10, api_name="/list_images")["total"] == total - 1
    assert client.predict(images=[image], api_name="/restore_images") == 1
    assert client.predict(label="", answer="", page=0, size=10, api_name="/list_images")["total"] == total
    with pytest.raises(Exception, match="no label"):
        client.predict(change="rename", name="nothing", to="x", api_name="/change_label")


def test_what_cannot_be_done_is_an_error_with_a_reason(client: gradio_client.Client, tmp_path: Path) -> None:
    path = tmp_path / "no.jpg"
    path.write_bytes(b"hello")
    with pytest.raises(Exception, match="not a picture"):
        client.predict(image=gradio_client.handle_file(path), label="", subject="", api_name="/add_image")
    with pytest.raises(Exception, match="no label"):
        client.predict(image=1, label="wink", kind="label", api_name="/label_image")


def test_the_endpoints_are_documented(client: gradio_client.Client) -> None:
    named = client.view_api(return_format="dict")["named_endpoints"]
    assert set(named) >= {
        "/predict", "/add_image", "/label_image", "/undo", "/list_images", "/list_labels", "/delete_images",
        "/restore_images", "/change_label", "/export_dataset",
    }  # fmt: skip
    assert all(entry.get("description") for entry in named.values())
    assert [entry["parameter_name"] for entry in named["/add_image"]["parameters"]] == ["image", "label", "subject"]


def test_a_path_on_the_server_is_not_read(client: gradio_client.Client) -> None:
    stolen = {"path": "/etc/passwd", "meta": {"_type": "gradio.FileData"}, "orig_name": "x.jpg"}
    with pytest.raises(Exception):  # noqa: B017 (whatever Gradio raises)
        client.submit(image=stolen, label="", subject="", api_name="/add_image").result()
