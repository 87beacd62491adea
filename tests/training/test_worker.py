"""What becomes of a run whose training fails, and what its reason says: in this process, but for the training real."""

from __future__ import annotations

import errno
import logging
import os
import re
import resource
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from labeling.runs import RunState
from labeling.store import Store
from labeling.store_errors import StoreError
from models.card import CORE_ML, MAX_DIFFERENCE
from models.home import Home
from models.network import Network
from models.versions import BASE_FOLDER, WEIGHTS, Versions
from tests.training.conftest import LABELS
from tests.training.signed_faces import labelled_home
from training import dataset, pipeline, worker
from training.export import coreml
from training.finetune import FinetuneRecipe
from webapp.actions.version_actions import bundle_version
from webapp.workspace import Workspace

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="limits of this kind are POSIX's")


@pytest.fixture
def ready(tmp_path: Path) -> Iterator[tuple[Home, Store]]:
    home, store = labelled_home(tmp_path / "home")
    yield home, store
    store.close()


def fail(ready: tuple[Home, Store]) -> str:
    """Carries out a run that fails; its reason."""
    home, store = ready
    run = store.runs.queue()
    assert worker.carry_out(home, store, run.id, False) == 1
    after = store.runs.get(run.id)
    assert after.state == "failed" and list(home.versions.iterdir()) == []
    assert store.settings.active_version() == 0
    return after.reason


SECRET = "a word that stands in no answer"


@pytest.mark.parametrize("fault", [KeyError(SECRET), ValueError(SECRET), OSError(SECRET)], ids=repr)
def test_a_fault_of_miens_own_is_named_by_its_id_alone(
    ready: tuple[Home, Store],
    fault: Exception,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def broken(*values: object) -> None:
        raise fault

    monkeypatch.setattr(dataset, "cut", broken)
    with caplog.at_level(logging.ERROR):
        reason = fail(ready)
    said = re.fullmatch(r"Mien failed at this \(id (\w{8})\); its log says why\.", reason)
    assert said and f"(id {said[1]})" in caplog.text
    assert "Traceback" in caplog.text and SECRET in caplog.text


def test_what_cannot_be_trained_on_fails_with_a_sentence(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    home, store = labelled_home(tmp_path / "home", images=1)
    assert "at least two expressions with 8 different images each" in fail((home, store))
    assert "Traceback" not in caplog.text
    store.close()


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        (MemoryError(), "Training takes more memory than there is. Close other programs, then try again."),
        (RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory"), "Training takes more memory"),
        (OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), "The disk is full, so no version was written. Make room"),
    ],
)
def test_too_little_room_is_said_as_such(
    ready: tuple[Home, Store], fault: Exception, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*values: object) -> None:
        raise fault

    monkeypatch.setattr(dataset, "cut", broken)
    assert fail(ready).startswith(sentence)


@contextmanager
def little_room(folder: Path, room: int) -> Iterator[str]:
    """No more than `room` bytes for `folder`: a small file system where one can be mounted, else a limit a file.

    Gives what a run should say then.
    """
    mounted = shutil.which("mount") and os.geteuid() == 0
    if mounted and subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={room}", "none", folder]).returncode == 0:
        try:
            yield "The disk is full, so no version was written. Make room, then retrain."
        finally:
            subprocess.run(["umount", folder], check=True)
        return
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, limits[1]))
    try:
        yield "The version could not be written: File too large"
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


WEIGHTS_BYTES = (BASE_FOLDER / WEIGHTS).stat().st_size


def test_a_full_disk_while_the_version_is_written(ready: tuple[Home, Store], monkeypatch: pytest.MonkeyPatch) -> None:
    home = ready[0]
    quick = partial(FinetuneRecipe, min_passes=1, max_passes=1)
    monkeypatch.setattr(pipeline, "FinetuneRecipe", quick)
    room = (BASE_FOLDER / WEIGHTS).stat().st_size * 3 // 2  # enough for the weights, not for the models beside them
    with little_room(home.versions, room) as sentence:
        if "File too large" in sentence:
            pytest.skip("Without a mount only one file can be limited, and each of them fits.")
        assert fail(ready).startswith(sentence)


def test_a_full_disk_while_the_package_is_written(
    ready: tuple[Home, Store], network: Network, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "small"
    folder.mkdir()

    def pack(*values: object) -> None:
        with pipeline.writing():
            coreml.write_package(folder / "Mien.mlpackage", network, LABELS, 1.0)

    monkeypatch.setattr(dataset, "cut", pack)
    with little_room(folder, 8192) as sentence:
        assert fail(ready).startswith(sentence)


def test_a_run_is_done_and_its_version_active_both_or_neither(tmp_path: Path) -> None:
    _, store = labelled_home(tmp_path / "home", images=1)
    run = store.runs.queue()
    store.runs.end(run.id, "cancelled", "Cancelled.")
    assert not store.runs.publish(run.id, 4, "", activate=True) and store.settings.active_version() == 0
    for activate, active in ((False, 0), (True, 4)):
        run = store.runs.queue()
        assert store.runs.publish(run.id, 4, "", activate=activate) and store.runs.finish(run.id)
        assert store.runs.get(run.id).state == "done" and store.settings.active_version() == active
    store.close()


def test_a_package_that_is_refused_leaves_the_version_in_use(
    ready: tuple[Home, Store], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    home, store = ready
    monkeypatch.setattr(pipeline, "FinetuneRecipe", partial(FinetuneRecipe, min_passes=1, max_passes=1))
    monkeypatch.setitem(MAX_DIFFERENCE, CORE_ML, 1e-9)
    run = store.runs.queue()
    assert worker.carry_out(home, store, run.id, False) == 0
    done = store.runs.get(run.id)
    assert done.state == "done" and done.version == 1 and [path.name for path in home.versions.iterdir()] == ["1"]
    card = Versions(home.versions).get(1).card
    assert card.proof is None and card.package_failed.startswith("The exported model was refused"), card.package_failed
    with Workspace(home) as workspace:
        assert bundle_version(workspace, 1, tmp_path / "mien.zip").proofs[0].faces > 200, "another process made it"


def test_a_run_watches_on_while_the_database_cannot_be_read(
    ready: tuple[Home, Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    home, store = ready
    run = store.runs.queue()
    answers = iter(
        [StoreError("disk I/O error"), StoreError("disk I/O error"), run.model_copy(update={"state": "cancelled"})]
    )

    def get(_: int) -> RunState:
        answer = next(answers)
        if isinstance(answer, StoreError):
            raise answer
        return answer

    def leave(status: int) -> None:
        raise SystemExit(status)

    monkeypatch.setattr(store.runs, "get", get)
    monkeypatch.setattr(worker, "_wait_for_parent", lambda orphaned: None)
    monkeypatch.setattr(os, "_exit", leave)
    with pytest.raises(SystemExit) as left:
        worker._watch(home, store, run.id)
    assert left.value.code == 0
