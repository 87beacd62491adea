"""The loop in a real browser: capture, retrain, watch, download, hold the package against the page, roll back."""

from __future__ import annotations

import os
import re
import signal
import zipfile
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from filelock import FileLock
from numpy.typing import NDArray

from labeling import intake
from labeling.store import Store
from models.card import Card, Metrics
from models.crop import face_crop, grey_pixels
from models.finder import STILL_SIDE, FaceFinder
from models.home import Home
from models.pictures import decode
from models.versions import Versions
from tests.e2e.conftest import Open, choose_tab, looking_at, rows
from tests.labeling.face_patterns import face
from tests.made_versions import copy_base
from tests.serving import Server, astronaut, jpeg
from training.export.mil_evaluator import Program

sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
Page = Any

STEPS = 300
HOLDS, PER_HOLD = 2, 3


def portrait(moment: float, hushed: bool) -> NDArray[np.uint8]:
    """The portrait at `moment` 0…1 of a loop of poses and lights; `hushed`: something covers the mouth."""
    picture = astronaut().copy()
    if hushed:
        cv2.ellipse(picture, (228, 148), (34, 20), 0, 0, 360, (190, 140, 120), -1)
    angle = 2 * np.pi * moment
    move = cv2.getRotationMatrix2D((225, 110), 15 * np.sin(3 * angle + 0.4), 1.2 + 0.25 * np.sin(2 * angle + 1))
    move[:, 2] += 90 + 30 * np.sin(angle), 60 + 10 * np.cos(4 * angle)
    frame = cv2.warpAffine(picture, move, (640, 480), borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(cv2.convertScaleAbs(frame, alpha=1, beta=20 * np.sin(5 * angle + 0.7)), np.uint8)


def add_portraits(store: Store, count: int) -> None:
    """`count` pictures of each of two labels, each of a capture session of its own."""
    for label in ("grin", "hush"):
        if label not in {known.name for known in store.labels.list()}:
            store.labels.add(label)
        for number in range(count):
            (found,) = intake.faces_in(decode(jpeg(portrait((number + 0.5) / count, label == "hush"), 92)))
            store.images.add(found.crop, label=label, session=f"{label} {number}")


def stage(page: Page) -> Any:
    return page.locator(".train [data-stage]")


def title(page: Page) -> Any:
    return page.locator(".train [data-run-title]")


def row(page: Page, version: int) -> Any:
    return page.locator(f".train-versions tr[data-version='{version}']")


def see(locator: Any, text: str) -> None:
    sync_api.expect(locator).to_contain_text(text)


def hold_the_key(page: Page, label: str) -> None:
    """Capture `HOLDS` times `PER_HOLD` faces or more under a label that is added on the Collect tab."""
    page.wait_for_function("document.querySelector('.collect video')?.readyState > 1")
    page.locator(".collect-side [data-add] input").fill(label)
    page.keyboard.press("Enter")
    page.click(f".label-card[data-label={label}]")
    kept = f"Number(document.querySelector('.label-card[data-label={label}] .amount').textContent.match(/\\d*$/)[0])"
    for _ in range(HOLDS):
        before = page.evaluate(kept)
        press_until_capturing(page)
        page.wait_for_function(f"{kept} >= {before + PER_HOLD}")
        page.keyboard.up(" ")
        page.wait_for_selector(f".mien-toast.shown:has-text('saved as {label}')")
        page.wait_for_timeout(500)  # so that the next hold is another moment


def press_until_capturing(page: Page) -> None:
    """Hold the space bar down; the page takes it as soon as camera and socket are there."""
    for _ in range(100):
        page.keyboard.down(" ")
        if page.locator("[data-hold-text]").inner_text().startswith("Capturing"):
            return
        page.keyboard.up(" ")
        page.wait_for_timeout(300)
    raise AssertionError("holding the space bar never captured")


@pytest.mark.timeout(900)
def test_the_loop_whose_better_version_the_open_live_page_takes_up(
    browser: Any, server: Server, store: Store, open_tab: Open, tmp_path: Path
) -> None:
    page = open_tab("Train")
    see(page.locator("[data-missing]"), "Nothing is labelled yet")
    assert page.locator("[data-retrain]").is_disabled()
    page.get_by_role("button", name="Go to Collect").click()
    page.wait_for_selector(".collect", state="visible")

    for label in ("grin", "hush"):
        file = tmp_path / f"{label}.mjpeg"
        file.write_bytes(b"".join(jpeg(portrait(step / STEPS, label == "hush"), 88) for step in range(STEPS)))
        with looking_at(browser, file) as own:
            collecting = open_tab("Collect", within=own)
            hold_the_key(collecting, label)
            collecting.context.close()
    assert rows(server, "SELECT count(DISTINCT session) FROM images") == [(2 * HOLDS,)]
    assert min(store.overview.label_counts().values()) >= HOLDS * PER_HOLD
    add_portraits(store, 10)

    live = open_tab("Live")
    live.evaluate("window.opened = 'before the run'")
    sync_api.expect(live.locator("[data-bars] .name")).to_have_count(8)

    choose_tab(page, "Train")
    page.wait_for_selector("[data-counts]:has-text('hush')")
    page.click("[data-retrain]")
    see(stage(page), "Epoch ")
    assert re.search(r"Epoch \d+ of \d+ · \d+ % right on held-out faces · about \d+ s left", stage(page).inner_text())
    page.wait_for_selector(".train-curves .held", state="attached")  # a level line counts as hidden
    see(title(page), "Done")
    ((number,),) = rows(server, "SELECT version FROM runs")
    page.wait_for_selector(f".train-heading[data-version='{number}']")
    see(stage(page), f"Version {number} is in use now.")
    see(page.locator("#mien-status"), f"version {number}")
    see(row(page, number), "in use")
    sync_api.expect(live.locator("[data-bars] .name", has_text="hush")).to_be_visible()
    live.wait_for_function("document.getElementById('live-stats').dataset.label === 'grin'")  # what its camera shows
    see(live.locator("#mien-status"), f"version {number}")
    assert live.evaluate("window.opened") == "before the run"

    with page.expect_download() as downloading:
        page.click("[data-download=iphone]")
    name = downloading.value.suggested_filename
    assert re.fullmatch(rf"mien-version-{number}-\d{{4}}-\d\d-\d\d\.zip", name)
    with zipfile.ZipFile(downloading.value.path()) as archive:
        archive.extractall(tmp_path / "bundle")
    (package,) = (tmp_path / "bundle").rglob("MienExpressions.mlpackage")
    size = sum(file.stat().st_size for file in package.rglob("*") if file.is_file())
    see(page.locator("[data-door=iphone] [data-proof=network]"), f"{size / 1e6:.1f} MB")
    answers_as_the_page_does(page, server, Program(package), number)

    row(page, 0).get_by_role("button", name="Use").click()
    see(page.locator("#mien-status"), "base model")
    sync_api.expect(live.locator("[data-bars] .name", has_text="hush")).to_have_count(0, timeout=10_000)
    assert live.locator("[data-bars] .name").count() == 8
    see(stage(page), "you chose another one since")


def answers_as_the_page_does(page: Page, server: Server, program: Program, number: int) -> None:
    """On pictures of the portrait the package says of each face what the page's own answer says."""
    names = set()
    for step in range(8):
        picture = jpeg(portrait(step / 8 + 0.03, step % 2 == 1), 92)
        answer = page.request.post(f"{server.url}/mien/api/predict", data=picture).json()
        assert answer["version"] == number
        (found,) = answer["faces"]
        rgb = decode(picture)
        (face,) = FaceFinder(STILL_SIDE).find(rgb)
        (probabilities,) = program.predict(grey_pixels([face_crop(rgb, face.points)]))
        assert program.labels == tuple(found["probabilities"])
        assert np.abs(probabilities - list(found["probabilities"].values())).max() < 0.02
        assert program.labels[int(probabilities.argmax())] == found["label"]
        names.add(found["label"])
    assert names == {"grin", "hush"}


@pytest.mark.timeout(900)
def test_a_run_is_cancelled_interrupted_and_started_again(server: Server, store: Store, open_tab: Open) -> None:
    add_portraits(store, 20)
    page, other = open_tab("Train"), open_tab("Train")
    other.wait_for_selector("[data-retrain]:enabled")
    before = other.request.get(f"{server.url}/mien/api/data/train").text()
    other.route("**/mien/api/data/train", lambda route: route.fulfill(body=before))  # it does not know of the run yet
    page.click("[data-retrain]")
    see(stage(page), "Epoch ")
    other.click("[data-retrain]")
    other.wait_for_selector(".mien-toast.shown:has-text('under way already')")
    other.unroute("**/mien/api/data/train")

    page.click("[data-cancel]")
    with FileLock(Home(server.home).training_lock).acquire(timeout=2):  # the job holds it for as long as it lives
        pass
    see(title(page), "Cancelled")
    assert list((server.home / "versions").iterdir()) == []

    page.get_by_role("button", name="Start again").click()
    see(stage(page), "Epoch ")
    page.reload()
    choose_tab(page, "Train")
    see(stage(page), "Epoch ")
    assert page.locator("[data-retrain]").is_disabled()
    ((pid,),) = rows(server, "SELECT pid FROM runs WHERE state = 'running'")
    os.kill(pid, signal.SIGTERM if os.name == "nt" else signal.SIGKILL)
    see(title(page), "Interrupted")
    see(stage(page), "Start it again")
    page.get_by_role("button", name="Start again").click()
    see(title(page), "Training")
    page.click("[data-cancel]")
    see(title(page), "Cancelled")
    assert rows(server, "SELECT count(*) FROM runs") == [(3,)]
    see(page.locator("#mien-status"), "base model")


def write_version(server: Server, images: list[int], activate: bool, **facts: Any) -> None:
    """A version with the base model's weights and the card of a run on `images`, all of which it took for anger."""
    versions = Versions(server.home / "versions")
    base = versions.get(0)
    confusion = [[0] * 8 for _ in range(8)]
    confusion[1][4] = len(images)
    recall: dict[str, float | None] = dict.fromkeys(base.labels) | {"happiness": 0.0}
    figures = Metrics(
        faces=len(images), accuracy=0, mean_recall=0, recall=recall, calibration_error=0.1, confusion=confusion
    )
    card: dict[str, Any] = {
        "network": base.card.network,
        "labels": base.labels,
        "temperature": base.temperature,
        "compared_with": 0,
        "created": "2030-01-02T03:04:05+00:00",
        "data": {"train": {"happiness": 20}, "held_out": {"happiness": len(images)}, "left_out": {}, "notes": []},
        "before": figures,
        "after": figures,
        "base_before": figures.model_copy(update={"accuracy": 0.8, "faces": 100}),
        "base_after": figures.model_copy(update={"accuracy": 0.7, "faces": 100}),
        "verdict": {"activate": activate, "reason": "" if activate else "It is no better."},
        "held_out_ids": images,
        "wrong": [{"image": i, "label": "happiness", "predicted": "anger", "certainty": 0.7} for i in images],
        **facts,
    }
    copy_base(versions, versions.numbers()[-1] + 1, Card.model_validate(card))


def test_versions_are_used_named_compared_and_deleted(server: Server, store: Store, open_tab: Open) -> None:
    images = [store.images.add(face(number), label="happiness").image_id for number in range(3)]
    write_version(server, images, activate=True)
    better = Metrics(
        faces=3,
        accuracy=0.5,
        mean_recall=0.5,
        recall={"happiness": 0.5},
        calibration_error=0.1,
        confusion=[[0] * 8] * 8,
    )
    write_version(server, images, activate=False, after=better)
    page = open_tab("Train")
    row(page, 2).get_by_role("button", name="Version 2").click()
    heading = page.locator(".train-heading")
    see(heading, "Version 2")
    see(page.locator(".train-verdict"), "It is no better.")
    see(heading, "50 %")
    see(heading, "−10.0 points, from 80 %")
    heading.get_by_role("button", name="Use").click()
    see(page.locator("#mien-status"), "version 2")
    see(heading.locator("h2"), "in use")
    assert row(page, 2).get_by_role("button", name="Delete").count() == 0

    happiness = page.locator(".train-recall", has_text="happiness")
    see(happiness, "0 % → 50 %")
    see(row(page, 1).locator("[data-heading='held-out faces']"), "%")
    score = row(page, 1).locator("[data-heading='held-out faces']").inner_text()
    assert re.fullmatch(r"(0\.0|33\.3|66\.7|100\.0) %", score.replace("\u00a0", " "))
    page.get_by_label("Compare with").select_option("1")  # which has the same weights, and is asked the same faces
    scored = f"{round(float(score.split()[0]))} %".replace(" ", "\u00a0")
    see(happiness, f"{scored} → {scored}")
    row(page, 1).get_by_role("button", name="Version 1").click()
    see(heading.locator("h2"), "Version 1")
    see(page.locator("[data-scored-on]"), "the 3 faces held out now")

    mistake = page.locator(f"figure[data-image='{images[0]}']")
    see(mistake, "says anger, 70")
    mistake.locator("select").select_option("anger")
    page.wait_for_selector(".mien-toast.shown:has-text('Labelled anger')")
    assert store.overview.label_counts() == {"happiness": 2, "anger": 1}
    see(page.locator(".train-data .train-row", has_text="anger"), "1")
    page.click(".mien-toast.shown button")
    sync_api.expect(mistake.locator("select")).to_have_value("happiness")
    assert store.overview.label_counts() == {"happiness": 3}

    row(page, 1).get_by_role("button", name="Name and note").click()
    page.get_by_label("Name", exact=True).fill("<script>document.title = 'x'</script>")
    page.get_by_label("Note", exact=True).fill("<img src=x onerror=\"document.title = 'x'\">")
    page.get_by_role("button", name="Save").click()
    see(heading, "Version 1 · <script>document.title = 'x'</script>")
    see(row(page, 1), "<img src=x")
    assert page.locator(".train-versions :is(script, img)").count() == 0
    assert page.title() == "Train · Mien"
    with page.context.expect_page() as opening:
        page.get_by_role("link", name="Model card").click()
    see(opening.value.locator("body"), "EU AI Act")

    row(page, 1).get_by_role("button", name="Delete").click()
    page.click(".mien-dialog .danger")
    sync_api.expect(row(page, 1)).to_have_count(0)
    assert Versions(server.home / "versions").numbers() == [0, 2]
    row(page, 0).get_by_role("button", name="Use").click()
    see(page.locator("#mien-status"), "base model")
