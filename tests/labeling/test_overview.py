from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path

from labeling.stored_faces import NewFace
from tests.labeling.face_patterns import face, open_store


def test_the_overview_counts_everything_that_is_not_deleted(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    day = datetime(2026, 3, 1, 23, 59, tzinfo=timezone.utc)
    store.labels.add("wink")
    store.images.add_all([NewFace(face(n), "wink", "Ada", source="camera", created=day) for n in range(6)])
    store.images.add_all([NewFace(face(n), None, None, created=day.replace(month=4)) for n in range(6, 9)])
    store.annotations.annotate([7], kind="skip")
    store.annotations.annotate([8], kind="not_a_face")
    gone = store.images.add(face(10), label="fear").image_id
    store.deletion.delete([gone])
    seen = store.overview.figures()
    assert (seen.total, seen.labelled, seen.unlabelled, seen.skipped, seen.not_faces) == (9, 6, 1, 1, 1)
    assert {entry.label.name: entry.images for entry in seen.labels if entry.images} == {"wink": 6}
    assert seen.subjects == [("Ada", 6), (None, 3)]
    assert seen.sources == [("camera", 6), ("upload", 3)]
    assert [(moment.strftime("%d.%m."), count) for moment, count in seen.days] == [("01.03.", 6), ("01.04.", 3)]
    assert seen.short == ["“wink” has 6 images; 20 make a fair start."]


def test_takes_are_the_holds_that_a_labels_images_come_from(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    sessions = ["a", "a", "b", None, "gone"]
    faces = [NewFace(face(n), "fear", None, session, "camera") for n, session in enumerate(sessions)]
    added = store.images.add_all([*faces, NewFace(face(9), "anger", None, "a", "camera")])
    store.deletion.delete([added[4].image_id])
    seen = store.overview.figures()
    assert {entry.label.name: (entry.images, entry.takes) for entry in seen.labels if entry.images} == {
        "fear": (4, 2),
        "anger": (1, 1),
    }


def test_an_empty_data_set_lacks_nothing_that_the_base_model_knows(tmp_path: Path) -> None:
    seen = open_store(tmp_path).overview.figures()
    assert (seen.total, seen.short, seen.days, seen.flags) == (0, [], [], {})
