"""The base model through each of the three doors: one click each, and the zips as the browser has them."""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest

from labeling.store import Store
from models.versions import MODEL, Versions
from tests.e2e.conftest import Open
from tests.serving import Server

sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")

DOORS = {"web": "-web", "onnx": "-onnx", "iphone": ""}


@pytest.mark.timeout(900)
def test_three_doors_one_click_each(server: Server, store: Store, open_tab: Open, tmp_path: Path) -> None:
    page = open_tab("Train")
    downloads: list[Any] = []
    page.on("download", downloads.append)
    for name in DOORS:  # none waits for another
        sync_api.expect(page.locator(f"[data-door={name}] [data-size]")).to_have_text(re.compile(r"^about \d\.\d MB$"))
        page.click(f"[data-download={name}]")
    for name in DOORS:
        sync_api.expect(page.locator(f"[data-door={name}] [data-size]")).to_have_text(re.compile(r"^\d\.\d MB$"))
    assert page.locator(".mien-toast.bad.shown").count() == 0 and len(downloads) == 3

    base = Versions(server.home / "versions").get(0)
    assert base.card.created
    zips = {download.suggested_filename: Path(download.path()) for download in downloads}
    for name, end in DOORS.items():
        file_name = f"mien-base-{base.card.created.date()}{end}.zip"
        door, file = page.locator(f"[data-door={name}]"), zips[file_name]
        sync_api.expect(door.locator("[data-size]")).to_have_text(f"{file.stat().st_size / 1e6:.1f} MB")
        assert file.stat().st_size <= 6 * 2**20
        assert door.locator("[data-state='to come']").count() == 0
        assert door.locator("pre").inner_text().startswith(f"unzip {file_name} ")
        with zipfile.ZipFile(file) as archive:
            assert archive.testzip() is None
            archive.extractall(tmp_path / name)
        assert json.loads((tmp_path / name / "card.json").read_text("utf-8"))["labels"] == list(base.labels)

    model = (base.path / MODEL).read_bytes()
    assert (tmp_path / "onnx/mien.onnx").read_bytes() == (tmp_path / "web/models/mien.onnx").read_bytes() == model
    assert len(list((tmp_path / "iphone").rglob("MienExpressions.mlpackage"))) == 2
    iphone = page.locator("[data-door=iphone]")
    sync_api.expect(iphone.locator("[data-proof=network]")).to_contain_text("% of 208 pictures")
    iphone.locator("summary").click()
    tree = iphone.locator(".train-tree")
    sync_api.expect(tree.locator("li", has_text="Mien.swiftpm/").first).to_be_visible()
    assert tree.locator("li:has-text('MienExpressions.mlpackage')").count() >= 2
