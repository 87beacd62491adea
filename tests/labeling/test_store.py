"""The store against a plain dictionary, whatever is done to it in whatever order."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, multiple, rule

from labeling.gallery import GalleryFilter
from labeling.labels import LabelError
from tests.labeling.face_patterns import face, open_store

CROPS = [face(number, 64) for number in range(12)]
BUILT_IN = ("neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt")
MEMORY = Path("/dev/shm")  # the disk is not what is tested here
NAMES = st.sampled_from([*BUILT_IN[:3], "wink", "Wink", "smirk", "raised brow"])


@dataclass
class Known:
    """What a plain dictionary holds of an image: its answers, the newest last, and whether it is deleted."""

    subject: str | None
    answers: list[tuple[str, str, str | None]] = field(default_factory=list)
    deleted: bool = False

    @property
    def answer(self) -> tuple[str, str | None]:
        if not self.answers or self.answers[-1][1] == "clear":
            return "", None
        return self.answers[-1][1], self.answers[-1][2]


class StoreMachine(RuleBasedStateMachine):
    actions = Bundle("actions")

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None)
        self.store = open_store(Path(self.folder.name))
        self.images: dict[int, Known] = {}
        self.ids: dict[int, int] = {}
        self.labels = list(BUILT_IN)
        self.steps = 0

    def teardown(self) -> None:
        self.store.close()
        self.folder.cleanup()

    def known_label(self, name: str) -> str | None:
        return next((label for label in self.labels if label.casefold() == name.casefold()), None)

    @rule(number=st.integers(0, 11), name=st.none() | NAMES, subject=st.sampled_from([None, "Ada", "Bo"]))
    def add(self, number: int, name: str | None, subject: str | None) -> None:
        if name is not None and self.known_label(name) is None:
            with pytest.raises(LabelError):
                self.store.images.add(CROPS[number], label=name)
            return
        label = self.known_label(name) if name else None
        added = self.store.images.add(CROPS[number], label=name, subject=subject)
        known = self.images.get(added.image_id)
        assert (known is None) == (added.state == "added")
        if known is None:
            known = self.images[added.image_id] = Known(subject)
            self.ids[number] = added.image_id
        assert self.ids[number] == added.image_id
        known.deleted = False
        if label and not known.answer[0]:
            self.steps += 1
            known.answers.append((f"add {self.steps}", "label", label))

    @rule(
        target=actions,
        numbers=st.sets(st.integers(0, 11), min_size=1),
        answer=st.tuples(st.just("label"), NAMES)
        | st.tuples(st.sampled_from(["skip", "not_a_face", "clear"]), st.none()),
    )
    def annotate(self, numbers: set[int], answer: tuple[str, str | None]) -> object:
        kind, name = answer
        ids = [self.ids[number] for number in numbers if number in self.ids]
        if name is not None and self.known_label(name) is None:
            with pytest.raises(LabelError):
                self.store.annotations.annotate(ids, name)
            return multiple()
        action = self.store.annotations.annotate(ids, name, kind)  # type: ignore[arg-type]
        for image_id in ids:
            self.images[image_id].answers.append((action, kind, self.known_label(name) if name else None))
        return action

    @rule(action=consumes(actions))
    def undo(self, action: str) -> None:
        touched = [i for i, known in self.images.items() if any(entry[0] == action for entry in known.answers)]
        assert sorted(self.store.annotations.undo(action)) == sorted(touched)
        for known in self.images.values():
            known.answers = [entry for entry in known.answers if entry[0] != action]

    @rule(numbers=st.sets(st.integers(0, 11)))
    def delete(self, numbers: set[int]) -> None:
        ids = [self.ids[number] for number in numbers if number in self.ids]
        assert self.store.deletion.delete(ids) == sum(not self.images[image_id].deleted for image_id in ids)
        for image_id in ids:
            self.images[image_id].deleted = True

    @rule(numbers=st.sets(st.integers(0, 11)))
    def restore(self, numbers: set[int]) -> None:
        ids = [self.ids[number] for number in numbers if number in self.ids]
        assert self.store.deletion.restore(ids) == sum(self.images[image_id].deleted for image_id in ids)
        for image_id in ids:
            self.images[image_id].deleted = False

    @rule(subject=st.sampled_from([None, "Ada"]))
    def delete_where(self, subject: str | None) -> None:
        expected = {
            i for i, known in self.images.items() if not known.deleted and (subject is None or known.subject == subject)
        }
        assert set(self.store.deletion.delete_where(subject=subject)) == expected
        for image_id in expected:
            self.images[image_id].deleted = True

    @rule()
    def purge(self) -> None:
        gone = {image_id for image_id, known in self.images.items() if known.deleted}
        assert self.store.deletion.purge() == len(gone)
        for image_id in gone:
            del self.images[image_id]
        self.ids = {number: image_id for number, image_id in self.ids.items() if image_id not in gone}

    @rule(name=NAMES)
    def add_label(self, name: str) -> None:
        if self.known_label(name):
            with pytest.raises(LabelError):
                self.store.labels.add(name)
        else:
            self.store.labels.add(name)
            self.labels.append(name)

    @rule(name=NAMES, delete=st.booleans())
    def remove_label(self, name: str, delete: bool) -> None:
        label = self.known_label(name)
        if label is None or label in BUILT_IN:
            with pytest.raises(LabelError):
                self.store.labels.remove(name)
            return
        self.store.labels.remove(name, delete_images=delete)
        self.labels.remove(label)
        for known in self.images.values():
            if known.answer == ("label", label) and delete:
                known.deleted = True
            # The history keeps the answer, without a label that it could count for.
            known.answers = [
                (a, "clear" if which == label else kind, None if which == label else which)
                for a, kind, which in known.answers
            ]

    @rule(name=NAMES, into=NAMES)
    def merge(self, name: str, into: str) -> None:
        label, target = self.known_label(name), self.known_label(into)
        if label is None or target is None or label == target:
            with pytest.raises(LabelError):
                self.store.labels.merge(name, into)
            return
        self.store.labels.merge(name, into)
        if label not in BUILT_IN:
            self.labels.remove(label)
        for known in self.images.values():
            known.answers = [(a, kind, target if which == label else which) for a, kind, which in known.answers]

    @invariant()
    def same(self) -> None:
        alive = {image_id: known for image_id, known in self.images.items() if not known.deleted}
        page = self.store.gallery.page(GalleryFilter(), size=100)
        assert page.total == len(alive)
        assert {item.id: (item.answer, item.label) for item in page.items} == {i: k.answer for i, k in alive.items()}
        assert {label.name for label in self.store.labels.list(all=True)} == set(self.labels)
        expected: dict[str, int] = {}
        for known in alive.values():
            if known.answer[1]:
                expected[known.answer[1]] = expected.get(known.answer[1], 0) + 1
        assert self.store.overview.label_counts() == expected
        assert self.store.database.check() == "ok"


StoreMachine.TestCase.settings = settings(
    max_examples=25, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
)
TestStore = StoreMachine.TestCase
