from __future__ import annotations

import csv
import errno
import io
import stat
import zipfile
from pathlib import Path

import cv2
import numpy as np
import pytest

from labeling import exchange, sources
from labeling.exchange import import_path
from labeling.export_formats import export_zip
from labeling.intake import add_picture
from labeling.reports import ExchangeError
from labeling.store import Store
from models.pictures import encode_jpeg
from tests.labeling.exchange_files import FAULTS, fer_rows, filled, jpeg, raising, write_csv, zipped
from tests.labeling.face_patterns import open_store, picture


def content(store: Store) -> dict[str, tuple]:
    items = store.gallery.page(size=500).items
    places = store.images.places([item.id for item in items])
    return {
        found: (item.answer, item.label, item.subject, item.session, item.source, item.created, place.box, points)
        for item in items
        for found, place in [(store.images.data(item.id), places[item.id])]
        for points in [None if place.points is None else place.points.tolist()]
    }


def test_points_go_out_and_come_back_and_those_of_a_box_alone_are_looked_for(
    tmp_path: Path, person: np.ndarray
) -> None:
    (tmp_path / "one").mkdir()
    store = open_store(tmp_path / "one")
    (added,) = add_picture(store, encode_jpeg(person), label="fear")
    points = store.images.places([added.image_id])[added.image_id].points
    assert points is not None
    other = points + np.float32(3)
    store.images.set_points({added.image_id: other})
    export_zip(store, tmp_path / "out.zip")
    with zipfile.ZipFile(tmp_path / "out.zip") as archive:
        archive.extractall(tmp_path / "out")
    again = open_store(tmp_path)
    import_path(again, tmp_path / "out.zip")
    ((place,),) = [again.images.places([1]).values()]
    assert place.points is not None and np.abs(place.points - other).max() < 0.01

    table = tmp_path / "out" / "metadata.csv"  # as an earlier Mien wrote it
    (row,) = csv.DictReader(io.StringIO(table.read_text()))
    del row["points"]
    with table.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(row))
        writer.writeheader()
        writer.writerow(row)
    third = open_store(tmp_path / "out")
    import_path(third, tmp_path / "out")
    ((place,),) = [third.images.places([1]).values()]
    assert place.points is not None and np.abs(place.points - points).max() < 0.05 * place.box.height


@pytest.mark.parametrize("unpacked", [False, True])
def test_what_goes_out_comes_back_the_same_and_once(tmp_path: Path, unpacked: bool) -> None:
    store = filled(tmp_path / "one")
    steps: list[tuple[int, int]] = []
    path = tmp_path / "out.zip"
    assert export_zip(store, path, lambda *step: steps.append(step)).written == 5
    assert steps[-1] == (5, 5)
    if unpacked:
        zipfile.ZipFile(path).extractall(tmp_path / "out")
        path = tmp_path / "out"
    other = open_store(tmp_path)
    report = import_path(other, path)
    assert (report.added, report.already_there, report.refused) == (5, 0, [])
    assert content(other) == content(store)
    again = import_path(other, path)
    assert (again.added, again.already_there) == (0, 5)


def test_the_zip_is_a_folder_a_label_with_a_table(tmp_path: Path) -> None:
    export_zip(filled(tmp_path / "one"), tmp_path / "out.zip")
    with zipfile.ZipFile(tmp_path / "out.zip") as archive:
        rows = list(csv.DictReader(io.TextIOWrapper(archive.open("metadata.csv"), "utf-8", newline="")))
        assert {row["file_name"] for row in rows} == set(archive.namelist()) - {"metadata.csv"}
    assert [row["file_name"].split("/")[0] for row in rows] == (
        ["fear", "raised brow ☺", "_unlabelled", "_skipped", "_not_a_face"]
    )


def test_hugging_face_loads_the_folder(tmp_path: Path) -> None:
    datasets = pytest.importorskip("datasets")
    export_zip(filled(tmp_path / "one"), tmp_path / "out.zip")
    zipfile.ZipFile(tmp_path / "out.zip").extractall(tmp_path / "out")
    loaded = datasets.load_dataset(
        "imagefolder", data_dir=str(tmp_path / "out"), split="train", cache_dir=str(tmp_path / "cache")
    )
    assert sorted(row["label"] or "" for row in loaded) == ["", "", "", "fear", "raised brow ☺"]


def test_a_folder_of_folders_gives_labels_and_well_known_names_are_translated(tmp_path: Path) -> None:
    for name in ("train/happy", "train/wink", "."):
        (tmp_path / "in" / name).mkdir(parents=True, exist_ok=True)
    for number, name in enumerate(("train/happy/1.jpg", "train/wink/2.png", "3.jpg")):
        cv2.imwrite(str(tmp_path / "in" / name), picture(number, 100))
    (tmp_path / "in" / "notes.txt").write_text("hello")
    store = open_store(tmp_path)
    report = import_path(store, tmp_path / "in", label="fear", subject="Ada")
    assert (report.added, [refusal.name for refusal in report.refused]) == (3, ["notes.txt"])
    assert store.overview.label_counts() == {"happiness": 1, "wink": 1, "fear": 1}
    assert {item.subject for item in store.gallery.page().items} == {"Ada"}
    assert "1 refused" in str(report)
    assert report.refused[0].name == "notes.txt"


@pytest.mark.parametrize("name", ["../evil.jpg", "/etc/evil.jpg", "a/../../evil.jpg", "C:\\evil.jpg", "..\\evil.jpg"])
def test_a_name_that_leads_out_is_refused_and_the_rest_goes_on(tmp_path: Path, name: str) -> None:
    path = zipped(tmp_path / "in.zip", {name: jpeg(1), "fear/good.jpg": jpeg(2)})
    report = import_path(open_store(tmp_path), path)
    assert report.added == 1
    assert [refusal.reason for refusal in report.refused] == ["Its name leads out of the zip."]
    assert not list(tmp_path.rglob("evil*"))


def test_links_nested_zips_and_what_is_no_picture_are_refused_one_by_one(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("fear/link.jpg")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    inner = zipped(tmp_path / "inner.zip", {"fear/1.jpg": jpeg(1)}).read_bytes()
    entries = {
        link: b"/etc/passwd",
        "fear/inner.zip": inner,
        "fear/cut.jpg": jpeg(3)[:400],
        "fear/text.jpg": b"hello",
        "fear/good.jpg": jpeg(4),
        "__MACOSX/fear/._good.jpg": b"x",
        ".DS_Store": b"x",
    }
    report = import_path(open_store(tmp_path), zipped(tmp_path / "in.zip", entries))
    assert report.added == 1
    assert sorted(refusal.name for refusal in report.refused) == (
        ["fear/cut.jpg", "fear/inner.zip", "fear/link.jpg", "fear/text.jpg"]
    )


def test_a_link_in_a_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "in" / "fear").mkdir(parents=True)
    (tmp_path / "secret.jpg").write_bytes(jpeg(1))
    (tmp_path / "in" / "fear" / "1.jpg").symlink_to(tmp_path / "secret.jpg")
    report = import_path(open_store(tmp_path), tmp_path / "in")
    assert (report.added, len(report.refused)) == (0, 1)
    assert "link" in report.refused[0].reason


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "MAX_FILE", 2**20)
    monkeypatch.setattr(sources, "FREE_BYTES", 8 * 2**20)
    store = open_store(tmp_path)
    zeros = bytes(sources.MAX_FILE + 1)
    report = import_path(store, zipped(tmp_path / "one.zip", {"fear/bomb.jpg": zeros, "fear/good.jpg": jpeg(1)}))
    assert (report.added, len(report.refused)) == (1, 1)
    assert "unpack" in report.refused[0].reason
    many = zipped(tmp_path / "many.zip", {f"fear/{n}.jpg": zeros[: 2**20] for n in range(10)})
    with pytest.raises(ExchangeError, match=r"many\.zip would unpack"):
        import_path(store, many)


def test_a_bomb_that_lies_about_its_size_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = zipped(tmp_path / "in.zip", {"fear/bomb.jpg": bytes(5_000_000)})
    data = bytearray(path.read_bytes())
    directory = data.find(b"PK\x01\x02")
    for at in (22, directory + 24):
        data[at : at + 4] = (1000).to_bytes(4, "little")
    path.write_bytes(data)
    monkeypatch.setattr(sources, "MAX_FILE", 10_000)
    report = import_path(open_store(tmp_path), path)
    assert (report.added, len(report.refused)) == (0, 1)


def test_names_that_differ_in_case_are_one_label_and_two_pictures(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    report = import_path(
        store, zipped(tmp_path / "in.zip", {"Wink/a.jpg": jpeg(1), "wink/A.jpg": jpeg(2), "wink/a.jpg": jpeg(3)})
    )
    assert (report.added, report.refused) == (3, [])
    assert store.overview.label_counts() == {"Wink": 3}


@pytest.mark.parametrize("label", ["x" * 10_000, "a\x07b", "<script>alert(1)</script>", "../up"])
def test_a_tables_bad_label_refuses_its_picture_only(tmp_path: Path, label: str) -> None:
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerows([("file_name", "label"), ("a.jpg", label), ("b.jpg", "wink"), ("c.jpg", "")])
    entries = {"metadata.csv": table.getvalue().encode(), **{f"{n}.jpg": jpeg(i) for i, n in enumerate("abc")}}
    store = open_store(tmp_path)
    report = import_path(store, zipped(tmp_path / "in.zip", entries))
    assert [refusal.name for refusal in report.refused] == ["a.jpg"]
    assert store.overview.label_counts() == {"wink": 1}
    assert store.gallery.page().total == 2


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("a.jpg,[1],", "box"),
        ('a.jpg,"[0,0,1e999,5]",', "box"),
        ("a.jpg,,yesterday", "yesterday"),
        ("a.jpg,{,", "wrong"),
    ],
)
def test_a_tables_bad_row_refuses_its_picture(tmp_path: Path, row: str, says: str) -> None:
    entries = {"metadata.csv": f"file_name,box,time\n{row}\n".encode(), "a.jpg": jpeg(1)}
    report = import_path(open_store(tmp_path), zipped(tmp_path / "in.zip", entries))
    assert report.added == 0
    assert says in report.refused[0].reason


@pytest.mark.parametrize("table", [b"name,label\na.jpg,fear\n", b"\xff\xfe\x00", b""])
def test_a_table_without_file_names_is_refused_whole(tmp_path: Path, table: bytes) -> None:
    store = open_store(tmp_path)
    with pytest.raises(ExchangeError, match=r"metadata\.csv"):
        import_path(store, zipped(tmp_path / "in.zip", {"metadata.csv": table, "a.jpg": jpeg(1)}))
    assert store.gallery.page().total == 0


def test_what_is_not_there_or_no_zip_is_refused(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    with pytest.raises(ExchangeError, match="no file or folder"):
        import_path(store, tmp_path / "nothing")
    (tmp_path / "broken.zip").write_bytes(b"PK\x03\x04 hello")
    assert import_path(store, tmp_path / "broken.zip").added == 0


def test_a_cancelled_import_keeps_what_it_has_and_goes_on_when_run_again(tmp_path: Path) -> None:
    entries = {f"fear/{n}.jpg": jpeg(n) for n in range(60)}
    path = zipped(tmp_path / "in.zip", entries)
    store = open_store(tmp_path)
    seen: list[int] = []
    report = import_path(store, path, progress=lambda done, _: seen.append(done), cancelled=lambda: len(seen) >= 40)
    assert report.cancelled
    assert report.added == store.gallery.page().total == 40
    assert import_path(store, path).added == 20


@pytest.mark.parametrize("source", ["fer.csv", "in.zip", "folder"])
def test_a_fault_deep_inside_an_import_comes_out_as_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str
) -> None:
    write_csv(tmp_path / "fer.csv", [("emotion", "pixels"), fer_rows(1)[0][:2]])
    zipped(tmp_path / "in.zip", {"fear/a.jpg": jpeg(1)})
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "a.jpg").write_bytes(jpeg(1))
    store = open_store(tmp_path)
    for fault in FAULTS:
        for place, names in ((exchange, ("whole_crop", "new_faces")), (store.images, ("add_all",))):
            with monkeypatch.context() as patched, pytest.raises(type(fault)) as raised:
                for name in names:
                    patched.setattr(place, name, raising(fault))
                import_path(store, tmp_path / source)
            assert raised.value is fault


def test_a_file_that_the_disk_does_not_give_is_refused_and_the_rest_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "in").mkdir()
    for name in ("a.jpg", "b.jpg"):
        (tmp_path / "in" / name).write_bytes(jpeg(1))
    read = Path.read_bytes

    def broken(path: Path) -> bytes:
        if path.name == "a.jpg":
            raise OSError(errno.EIO, "Input/output error", str(path))
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", broken)
    report = import_path(open_store(tmp_path), tmp_path / "in", find_faces=False)
    assert [(refusal.name, refusal.reason) for refusal in report.refused] == (
        [("a.jpg", "It cannot be read (Input/output error).")]
    )
    assert report.added == 1
