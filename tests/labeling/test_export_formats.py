from __future__ import annotations

import csv
import io
import tempfile
import zipfile
from itertools import count
from pathlib import Path

import cv2
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from labeling import export_formats
from labeling.exchange import import_path
from labeling.export_formats import export_csv, export_zip
from labeling.intake import whole_crop
from labeling.labels import LabelError, checked_name
from labeling.store import Store
from labeling.stored_faces import NewFace
from models.errors import DiskError
from models.pictures import decode
from tests.labeling.exchange_files import FAULTS, filled, raising
from tests.labeling.face_patterns import face, open_store, picture

FORMULAS = ("=1+1", "+1", "-1", "@home", "'=1", "''", "'tis")
TEXTS = st.text(st.sampled_from("=+-@'\"|, ;\tab\r\n"), max_size=12) | st.text(max_size=40)
IN_NAMES = st.characters(exclude_categories=["C", "Zl", "Zp"], exclude_characters='<>:"/\\|?*')
NAMES = st.text(st.sampled_from("=+-@', ;a") | IN_NAMES, min_size=1, max_size=20)


def with_formulas(folder: Path) -> Store:
    folder.mkdir()
    store = open_store(folder)
    faces = [NewFace(face(n, 48), text, text, text, text) for n, text in enumerate(FORMULAS)]
    store.images.add_all(faces, new_labels=True)
    return store


def said(store: Store) -> list[tuple]:
    items = store.gallery.page(size=500).items
    return sorted((item.label or "", item.subject or "", item.session or "", item.source) for item in items)


def test_no_cell_of_an_export_is_a_formula_and_each_comes_back(tmp_path: Path) -> None:
    store = with_formulas(tmp_path / "one")
    export_zip(store, tmp_path / "out.zip")
    export_csv(store, tmp_path / "out.csv")
    with zipfile.ZipFile(tmp_path / "out.zip") as archive:
        table = list(csv.reader(io.TextIOWrapper(archive.open("metadata.csv"), "utf-8", newline="")))
        assert {name.split("/")[0] for name in archive.namelist()} == {*FORMULAS, "metadata.csv"}
    with (tmp_path / "out.csv").open(newline="", encoding="utf-8") as file:
        cells = [cell for row in (*table, *csv.reader(file)) for cell in row]
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))] == []
    assert "./=1+1/" in {cell[:7] for cell in cells}
    (tmp_path / "two").mkdir()
    other = open_store(tmp_path / "two")
    assert import_path(other, tmp_path / "out.zip").refused == []
    assert said(other) == said(store)
    (tmp_path / "three").mkdir()
    third = open_store(tmp_path / "three")
    assert import_path(third, tmp_path / "out.csv").refused == []
    assert third.overview.label_counts() == store.overview.label_counts()


@pytest.mark.parametrize("unpacked", [False, True])
def test_hugging_face_finds_the_files_of_labels_that_are_formulas(tmp_path: Path, unpacked: bool) -> None:
    datasets = pytest.importorskip("datasets")
    path = tmp_path / "out.zip"
    export_zip(with_formulas(tmp_path / "one"), path)
    zipfile.ZipFile(path).extractall(tmp_path / "out")
    chosen = {"data_dir": str(tmp_path / "out")} if unpacked else {"data_files": str(path)}
    loaded = datasets.load_dataset("imagefolder", **chosen, split="train", cache_dir=str(tmp_path / "cache"))
    assert sorted(row["subject"] for row in loaded) == sorted(f"'{text}" for text in FORMULAS)
    assert {row["image"].size for row in loaded} == {(48, 48)}


@pytest.fixture(scope="module")
def two_stores() -> tuple[Store, Store]:
    folders = [Path(tempfile.mkdtemp()), Path(tempfile.mkdtemp())]
    return open_store(folders[0]), open_store(folders[1])


numbers = count(1000)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(label=NAMES, subject=TEXTS, session=TEXTS)
def test_any_text_that_the_store_takes_comes_back(
    two_stores: tuple[Store, Store], tmp_path: Path, label: str, subject: str, session: str
) -> None:
    try:
        checked_name(label)
    except LabelError:
        assume(False)
    store, other = two_stores
    grey = cv2.cvtColor(picture(next(numbers), 48), cv2.COLOR_RGB2GRAY)
    png = cv2.imencode(".png", grey)[1].tobytes()
    stored = whole_crop(png, decode(png))
    store.images.add_all([NewFace(stored, label, subject, session)], new_labels=True)
    for export, suffix in ((export_zip, "zip"), (export_csv, "csv")):
        export(store, tmp_path / f"out.{suffix}")
        assert import_path(other, tmp_path / f"out.{suffix}").refused == []
        (there,), (here,) = other.gallery.page().items, store.gallery.page().items
        assert there.label == here.label
        if suffix == "zip":
            assert (there.subject, there.session) == (here.subject, here.session)
        for emptied in two_stores:
            if suffix == "csv" or emptied is other:
                emptied.deletion.purge(emptied.deletion.delete_where() and None)


def test_export_leaves_no_half_file(tmp_path: Path) -> None:
    store = filled(tmp_path / "one")
    target = tmp_path / "out.zip"
    target.write_bytes(b"older")
    report = export_zip(store, target, cancelled=lambda: True)
    assert (report.written, report.cancelled, str(report)) == (0, True, "cancelled: nothing was written")
    assert target.read_bytes() == b"older"
    with pytest.raises(DiskError, match="out\\.zip cannot be written: No such file or directory"):
        export_zip(store, tmp_path / "missing" / "out.zip")
    assert [path.name for path in tmp_path.iterdir() if "part" in path.name] == []


def test_a_fault_deep_inside_an_export_comes_out_as_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = filled(tmp_path / "one")
    for fault in FAULTS:
        monkeypatch.setattr(export_formats, "read_bytes", raising(fault))
        for write in (export_zip, export_csv):
            with pytest.raises(type(fault)) as raised:
                write(store, tmp_path / "out")
            assert raised.value is fault
    assert not (tmp_path / "out").exists()
