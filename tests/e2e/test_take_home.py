"""The base model through each of the three doors: one click each, and what a developer does with the zips as the
browser has them.
"""

from __future__ import annotations

import json
import plistlib
import re
import subprocess
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from models.versions import MODEL, Version, Versions
from tests.e2e.conftest import PATIENCE, choose_tab, wait_until_mounted
from tests.installed_kit import need_npm
from tests.serving import serving
from tests.training.export.required_reasons import reasons_needed
from tests.training.export.swift_checker import STRICT, checking
from tests.training.export.swift_linux import swift_linux
from training.export.bundle import APP, RESOURCES

sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")

DOORS = {"web": "-web", "onnx": "-onnx", "iphone": ""}


@dataclass(frozen=True)
class Taken:
    """The page after a click on each door, the version, the zip of each, and the folder where it is unzipped."""

    page: sync_api.Page
    base: Version
    zips: dict[str, Path]
    folders: dict[str, Path]


@pytest.fixture(scope="module")
def taken(browser: sync_api.Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Taken]:
    folder = tmp_path_factory.mktemp("taken")
    with serving(folder / "home") as server:
        page = browser.new_page()
        page.set_default_timeout(PATIENCE)
        page.goto(server.url)
        wait_until_mounted(page, "Live")
        choose_tab(page, "Train")
        wait_until_mounted(page, "Train")
        downloads: list[Any] = []
        page.on("download", lambda download: downloads.append(download))
        for name in DOORS:  # none waits for another
            size = page.locator(f"[data-door={name}] [data-size]")
            sync_api.expect(size).to_have_text(re.compile(r"^about \d\.\d MB$"))
            page.click(f"[data-download={name}]")
        for name in DOORS:
            size = page.locator(f"[data-door={name}] [data-size]")
            sync_api.expect(size).to_have_text(re.compile(r"^\d\.\d MB$"))
        base = Versions(server.home / "versions").get(0)
        assert base.card.created and len(downloads) == 3
        saved = {download.suggested_filename: Path(download.path()) for download in downloads}
        zips = {name: saved[f"mien-base-{base.card.created.date()}{end}.zip"] for name, end in DOORS.items()}
        folders = {name: folder / name for name in DOORS}
        for name, file in zips.items():
            with zipfile.ZipFile(file) as archive:
                assert archive.testzip() is None
                archive.extractall(folders[name])
        yield Taken(page, base, zips, folders)
        page.close()


@pytest.mark.timeout(900)
def test_three_doors_one_click_each(taken: Taken) -> None:
    assert taken.page.locator(".mien-toast.bad.shown").count() == 0
    for name, file in taken.zips.items():
        door, size = taken.page.locator(f"[data-door={name}]"), file.stat().st_size
        sync_api.expect(door.locator("[data-size]")).to_have_text(f"{size / 1e6:.1f} MB")
        assert size <= 6 * 2**20
        assert door.locator("[data-state='to come']").count() == 0
        assert re.match(rf"unzip mien-base-[\d-]+{DOORS[name]}\.zip ", door.locator("pre").inner_text())
        card = json.loads((taken.folders[name] / "card.json").read_text("utf-8"))
        assert card["labels"] == list(taken.base.labels)

    iphone = taken.page.locator("[data-door=iphone]")
    sync_api.expect(iphone.locator("[data-proof=network]")).to_contain_text("% of 208 pictures")
    iphone.locator("summary").click()
    tree = iphone.locator(".train-tree")
    sync_api.expect(tree.locator("li", has_text="Mien.swiftpm/").first).to_be_visible()
    assert tree.inner_text().count("MienExpressions.mlpackage") == 1


def test_the_models_are_the_versions(taken: Taken) -> None:
    model = (taken.base.path / MODEL).read_bytes()
    assert (taken.folders["onnx"] / "mien.onnx").read_bytes() == model
    assert (taken.folders["web"] / "models/mien.onnx").read_bytes() == model
    assert len(list(taken.folders["iphone"].rglob("MienExpressions.mlpackage"))) == 1


def test_apple_has_nothing_to_refuse(taken: Taken) -> None:
    manifest = taken.folders["iphone"] / APP / RESOURCES / "PrivacyInfo.xcprivacy"
    assert plistlib.loads(manifest.read_bytes())["NSPrivacyAccessedAPITypes"] == []
    sources = sorted(taken.folders["iphone"].rglob("*.swift"))
    assert len(sources) > 30 and [reasons_needed(file.read_text("utf-8")) for file in sources] == [{}] * len(sources)


@pytest.mark.timeout(1200)
def test_the_swift_package_is_built_tested_and_its_app_compiled(taken: Taken) -> None:
    with checking(swift_linux(), taken.folders["iphone"]) as checker:
        checker.linux.run("swift", "build", "--build-tests", "--package-path", checker.folder)
        said = checker.linux.run("swift", "test", "--skip-build", "--package-path", checker.folder)
        assert re.search(r"Executed [1-9]\d+ tests, with 0 failures", said), said
        checker.compile_app(*STRICT, "-swift-version", "6")


@pytest.mark.timeout(900)
def test_the_web_kit_is_installed_and_passes_its_tests(taken: Taken) -> None:
    npm, folder = need_npm(), taken.folders["web"]
    for command in (["ci", "--no-audit", "--no-fund", "--ignore-scripts"], ["test"]):
        done = subprocess.run([npm, *command], cwd=folder, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
    assert "# pass 8" in done.stdout and "# skipped 0" in done.stdout
