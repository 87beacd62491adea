"""`mien import` says what it makes of paths, and does as it is told."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from labeling.store import Store
from models.home import open_home
from tests.labeling.exchange_files import jpeg, zipped
from webapp.cli import main


def faces(folder: Path) -> Path:
    names = [f"{label}/{person}/{n}.jpg" for label in ("happy", "fear") for person in ("ada", "ben") for n in "12"]
    entries: dict[str | zipfile.ZipInfo, bytes] = {name: jpeg(index) for index, name in enumerate(names)}
    return zipped(folder / "faces.zip", entries)


def counted(home: Path) -> tuple[dict[str, int], dict[str | None, int]]:
    store = Store(open_home(home).database_url)
    labels, people = store.overview.label_counts(), dict(store.overview.figures().subjects)
    store.close()
    return labels, people


def test_people_and_synonyms_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", str(faces(tmp_path)), "--home", str(tmp_path / "home")]) == 0
    told = capsys.readouterr().err
    assert "2 people by inner-folder: ada, ben (else: --people-from)" in told
    assert "happy → happiness (else: --keep-names)" in told
    assert counted(tmp_path / "home") == ({"happiness": 4, "fear": 4}, {"ada": 4, "ben": 4})


def test_names_are_kept_and_nobody_is_named_where_that_is_asked_for(tmp_path: Path) -> None:
    arguments = ["--keep-names", "--people-from", "nowhere", "--home", str(tmp_path / "home")]
    assert main(["import", str(faces(tmp_path)), *arguments]) == 0
    assert counted(tmp_path / "home") == ({"ada": 4, "ben": 4}, {None: 8})
