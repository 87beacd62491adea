from __future__ import annotations

import re
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from webapp.app import create_app
from webapp.page.parts import STATIC, part, static_url, styles
from webapp.studio import Studio


def test_the_page_names_the_four_tabs_in_order(client: TestClient) -> None:
    page = client.get("/").text
    tabs = re.findall(
        r'role="tab"[^>]* data-tab="\w+"[^>]*>(\w+)<', page.partition('"tablist"')[2].partition("</div>")[0]
    )
    assert tabs == ["Live", "Collect", "Review", "Train"]
    assert page.count("<title>") == 1 and "<title>Mien</title>" in page


def test_dark_or_light_styles_and_header_come_before_gradio_and_its_scripts(client: TestClient) -> None:
    answer = client.get("/")
    page = answer.text
    assert int(answer.headers["content-length"]) == len(answer.content)
    order = ["<head>", 'name="color-scheme"', "window.mienLook", "dataset.tab", *map(static_url, styles())]
    order += ["gradio_config", "<body", "<h1", 'role="tablist"', 'id="part-outline"', "<gradio-app"]
    places = [page.index(each) for each in order]
    assert places == sorted(places)


def test_styles_are_stronger_than_gradios_which_come_later() -> None:
    for name in styles():
        text = (STATIC / name).read_text("utf-8")
        assert name.endswith(("/header.css", "/page.css", "/tokens.css")) or re.findall(
            r"^[^\s@}].*(?=\{)", text, re.M
        ) == ["body.gradio-container "], f"{name}: rules stand inside body.gradio-container"


def test_the_outlines_are_nobodys_to_find(client: TestClient) -> None:
    outlines = client.get("/").text.partition('id="part-outline"')[2].partition("<gradio-app")[0]
    assert (
        'class="mien-stage"' in outlines and 'class="queue"' in outlines and 'class="mien-card train-run"' in outlines
    )
    assert not re.findall(r' (?:id|name|role|for)="| data-', outlines)


def test_styles_and_scripts_are_served_and_kept(client: TestClient) -> None:
    for name in (*styles(), "live/live.js", "shared/stage.js", "shared/dark.js"):
        answer = client.get(static_url(name))
        assert answer.status_code == 200 and "immutable" in answer.headers["cache-control"]
        kind = answer.headers["content-type"]
        assert ("css" if name.endswith("css") else "javascript") in kind
    assert client.get(static_url("no-such-file.js")).status_code == 404
    for path in (
        "live",
        "live/",
        "..%2Fapp.py",
        "live/..%2F..%2Fapp.py",
        "live%2F..%2Fshared%2Fdark.js",
        "%2Fetc%2Fpasswd",
    ):
        assert client.get(static_url(path)).status_code == 404, path


def test_scripts_import_only_files_that_exist() -> None:
    scripts = list(STATIC.rglob("*.js"))
    found = [
        (script, name)
        for script in scripts
        for name in re.findall(r'^[^*]*?(?:from|import) "(.+)"', script.read_text("utf-8"), re.MULTILINE)
    ]
    assert len(found) > len(scripts)
    for script, name in found:
        assert (script.parent / name).is_file(), f"{script.name} imports {name}"


def test_no_file_of_ours_names_another_host() -> None:
    for path in [*STATIC.rglob("*.js"), *STATIC.rglob("*.css"), *STATIC.rglob("*.html")]:
        hosts = set(re.findall(r"(?:https?:)?//([a-z0-9.-]+\.[a-z]{2,})", path.read_text("utf-8")))
        assert hosts <= {"www.w3.org"}, f"{path.name} names {hosts}"


def test_a_part_loads_its_script() -> None:
    live = part("live")
    assert static_url("live/live.js") in live.js_on_load and "live-stats" in live.html_template


def test_a_password_guards_every_route(tmp_path: Path) -> None:
    from models.home import open_home

    studio = Studio(open_home(tmp_path))
    with TestClient(create_app(studio, ("ann", "secret")), base_url="http://192.168.1.5:7860") as client:
        for path in ("/", "/config", "/mien/api/status", static_url("live/live.js"), "/gradio_api/info", "/theme.css"):
            assert client.get(path).status_code == 401, path
        assert client.get("/mien/api/status", auth=("ann", "secret")).status_code == 200
        with client.websocket_connect("ws://192.168.1.5:7860/live") as socket:
            socket.send_bytes(b"")  # the cookie of the answer before opens the socket
            assert "error" in socket.receive_json()


@pytest.mark.parametrize("path", ["/config", "/gradio_api/info"])
def test_gradio_answers_behind_the_guard(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 200
    assert client.get(path, headers={"host": "evil.example"}).status_code == 403
    assert client.get(path, headers={"origin": "http://evil.example"}).status_code == 403
