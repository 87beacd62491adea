from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from labeling.migrations import HEAD
from labeling.store import Store
from models.home import make_private, open_home
from models.temporary import TemporaryFolder, sweep
from tests.labeling.face_patterns import face

pytestmark = pytest.mark.skipif(os.name == "nt", reason="modes are POSIX's")


def modes(folder: Path) -> dict[str, int]:
    """The mode of a folder and of all that is in it."""
    found = [folder, *folder.rglob("*")]
    return {str(path.relative_to(folder)): stat.S_IMODE(path.lstat().st_mode) for path in found}


def assert_private(folder: Path) -> None:
    for name, mode in modes(folder).items():
        assert mode & 0o077 == 0, f"{name} has mode {mode:o}"


def test_a_new_home_is_for_its_owner_alone(tmp_path: Path) -> None:
    home = open_home(tmp_path / "home")
    store = Store(home.database_url)
    store.images.add(face(1))
    assert (home.path / "mien.db-wal").exists()
    assert_private(home.path)
    store.close()


def test_a_home_that_others_could_read_is_closed_to_them(tmp_path: Path) -> None:
    home = open_home(tmp_path / "home")
    Store(home.database_url).close()
    version = home.versions / "1"
    version.mkdir()
    for path in (version / "card.json", home.training_log, home.live, home.path / f"mien.before-{HEAD}-from-0001.db"):
        path.write_text("x")
    for path in [home.path, *home.path.rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)
    Store(open_home(home.path).database_url).close()
    assert_private(home.path)


def test_what_is_not_miens_to_close_stays_open(tmp_path: Path) -> None:
    shared, elsewhere = tmp_path / "shared", tmp_path / "elsewhere"
    shared.mkdir()
    shared.chmod(0o1777)
    elsewhere.write_text("x")
    elsewhere.chmod(0o644)
    link = tmp_path / "link"
    link.symlink_to(elsewhere)
    for path in (shared, link, tmp_path / "gone"):
        make_private(path)
    assert stat.S_IMODE(shared.stat().st_mode) == 0o1777
    assert stat.S_IMODE(elsewhere.stat().st_mode) == 0o644


def test_temporary_files_lie_in_the_home_and_go_with_the_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import tempfile

    monkeypatch.setenv("TMPDIR", str(tmp_path))
    home = open_home(tmp_path / "home")
    with TemporaryFolder(home) as folder:
        folder.adopt()
        with tempfile.NamedTemporaryFile(delete=False) as file:
            assert Path(file.name).parent == folder.path
        assert os.environ["TMPDIR"] == str(folder.path)
        assert_private(home.path)
    assert os.environ["TMPDIR"] == str(tmp_path)
    assert [path.name for path in home.temporary.iterdir()] == ["changing"]
    monkeypatch.undo()
    tempfile.tempdir = None


def test_only_folders_of_processes_that_are_gone_are_swept(tmp_path: Path) -> None:
    home = open_home(tmp_path / "home")
    with TemporaryFolder(home) as living:
        pid = os.fork()
        if pid == 0:
            left = TemporaryFolder(home)
            (left.path / "picture.jpg").write_bytes(b"a face")
            os._exit(9)
        os.waitpid(pid, 0)
        assert sum(path.is_dir() for path in home.temporary.iterdir()) == 2
        (gone,) = sweep(home)
        assert gone != living.name and living.path.is_dir()
        assert not (home.temporary / gone).exists()
        assert sweep(home) == []
