from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from labeling.exchange import import_path
from labeling.reports import ExchangeError
from labeling.sources import open_source
from tests.labeling.exchange_files import jpeg
from tests.labeling.face_patterns import open_store

KINDS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)


def damaged(path: Path, name: str, data: bytes, kind: int) -> Path:
    """A zip with `name`, whose stored bytes are overwritten from their 20th on, and a sound picture."""
    with zipfile.ZipFile(path, "w", kind) as archive:
        archive.writestr(name, data)
        archive.writestr("fear/good.jpg", jpeg(1))
        start = archive.infolist()[0].header_offset + 30 + len(name) + 20
    whole = bytearray(path.read_bytes())
    whole[start : start + 60] = b"\xff" * 60
    path.write_bytes(whole)
    return path


@pytest.mark.parametrize("kind", KINDS)
def test_a_damaged_picture_in_a_zip_is_refused_and_the_rest_goes_on(tmp_path: Path, kind: int) -> None:
    report = import_path(open_store(tmp_path), damaged(tmp_path / "in.zip", "fear/bad.jpg", jpeg(2), kind))
    assert [(refusal.name, refusal.reason) for refusal in report.refused] == (
        [("fear/bad.jpg", "It is damaged and cannot be unpacked.")]
    )
    assert report.added == 1


@pytest.mark.parametrize("kind", KINDS)
def test_a_damaged_table_in_a_zip_is_named(tmp_path: Path, kind: int) -> None:
    table = "file_name,label,subject\n" + "".join(f"{n}.jpg,fear,{n * 7919 % 100_003}\n" for n in range(200))
    path = damaged(tmp_path / "in.zip", "metadata.csv", table.encode(), kind)
    with pytest.raises(ExchangeError, match=r"^metadata\.csv: It is damaged and cannot be unpacked\.$"):
        import_path(open_store(tmp_path), path)


@pytest.mark.timeout(60)
def test_many_entries_of_one_name_are_told_apart_in_time(tmp_path: Path) -> None:
    path = tmp_path / "in.zip"
    with zipfile.ZipFile(path, "w") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        for _ in range(30_000):
            archive.writestr("a.jpg", b"")
    with open_source(path) as (total, _):
        assert total == 30_000
