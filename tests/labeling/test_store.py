"""The store against a plain dictionary, whatever is done to it in whatever order."""

from __future__ import annotations

import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, multiple, rule

from labeling.deletion import Deletion
from labeling.gallery import GalleryFilter
from labeling.labels import LabelError
from labeling.undoing import Undone
from models.errors import NotFound
from tests.labeling.face_patterns import face, open_store

CROPS = [face(number, 64) for number in range(12)]
BUILT_IN = ("neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt")
MEMORY = Path("/dev/shm")  # the disk is not what is tested here
NAMES = st.sampled_from([*BUILT_IN[:3], "wink", "Wink", "smirk", "raised brow"])


@dataclass(eq=False)
class KnownLabel:
    """A label, told from another one that has its name once it is gone."""

    name: str


@dataclass
class Known:
    """What a plain dictionary holds of an image: its answers, the newest last, and what put it into the trash."""

    subject: str | None
    answers: list[tuple[str, str, KnownLabel | None]] = field(default_factory=list)
    deleted: str | None = None


class StoreMachine(RuleBasedStateMachine):
    actions = Bundle("actions")

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None)
        self.store = open_store(Path(self.folder.name))
        self.images: dict[int, Known] = {}
        self.ids: dict[int, int] = {}
        self.labels = [KnownLabel(name) for name in BUILT_IN]
        self.removed: dict[str, tuple[KnownLabel, KnownLabel | None]] = {}
        self.steps = 0

    def teardown(self) -> None:
        self.store.close()
        self.folder.cleanup()

    def known_label(self, name: str) -> KnownLabel | None:
        return next((label for label in self.labels if label.name.casefold() == name.casefold()), None)

    def answer(self, known: Known) -> tuple[str, str | None]:
        """The newest answer; a label that is gone counts for what it was merged into."""
        _, kind, label = known.answers[-1] if known.answers else ("", "clear", None)
        while label is not None and label not in self.labels:
            label = next(into for gone, into in reversed(self.removed.values()) if gone is label)
        if kind == "clear" or (kind == "label" and label is None):
            return "", None
        return kind, label.name if label else None

    def having(self, label: KnownLabel) -> list[Known]:
        return [known for known in self.images.values() if self.answer(known) == ("label", label.name)]

    @rule(number=st.integers(0, 11), name=st.none() | NAMES, subject=st.sampled_from([None, "Ada", "Bo"]))
    def add(self, number: int, name: str | None, subject: str | None) -> None:
        if name is not None and self.known_label(name) is None:
            with pytest.raises(LabelError):
                self.store.images.add(CROPS[number], label=name)
            return
        label = self.known_label(name) if name else None
        added = self.store.images.add(CROPS[number], label=name, subject=subject)
        known = self.images.get(added.image_id)
        assert (known is None or known.deleted is not None) == (added.state == "added")
        if known is None:
            known = self.images[added.image_id] = Known(subject)
            self.ids[number] = added.image_id
        assert self.ids[number] == added.image_id
        if label and (known.deleted or not self.answer(known)[0]):
            self.steps += 1
            known.answers.append((f"add {self.steps}", "label", label))
        if known.deleted:
            known.subject, known.deleted = subject or known.subject, None

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
        answered = {i for i, known in self.images.items() if any(entry[0] == action for entry in known.answers)}
        later = {i for i in answered if self.images[i].answers[-1][0] != action}
        deleted = {i for i, known in self.images.items() if known.deleted == action}
        label, _ = self.removed.get(action, (None, None))
        if not answered | deleted and label is None:
            with pytest.raises(NotFound):
                self.store.undoing.undo(action)
            return
        if label and label not in self.labels and self.known_label(label.name):
            with pytest.raises(LabelError):
                self.store.undoing.undo(action)
            return
        name = label.name if label else None
        assert self.store.undoing.undo(action) == Undone(sorted(answered - later | deleted), len(later), name)
        self.removed.pop(action, None)
        if label and label not in self.labels:
            self.labels.append(label)
        for known in self.images.values():
            known.answers = [entry for entry in known.answers if entry[0] != action]
            known.deleted = None if known.deleted == action else known.deleted

    @rule(target=actions, numbers=st.sets(st.integers(0, 11)))
    def delete(self, numbers: set[int]) -> str:
        ids = [self.ids[number] for number in numbers if number in self.ids]
        return self.deleted(self.store.deletion.delete(ids), set(ids))

    @rule(target=actions, subject=st.sampled_from([None, "Ada"]))
    def delete_where(self, subject: str | None) -> str:
        ids = {i for i, known in self.images.items() if subject is None or known.subject == subject}
        return self.deleted(self.store.deletion.delete_where(subject=subject), ids)

    def deleted(self, done: Deletion, ids: set[int]) -> str:
        expected = {image_id for image_id in ids if not self.images[image_id].deleted}
        assert set(done.images) == expected
        for image_id in expected:
            self.images[image_id].deleted = done.action
        return done.action

    @rule(numbers=st.none() | st.sets(st.integers(0, 11)))
    def restore(self, numbers: set[int] | None) -> None:
        ids = None if numbers is None else [self.ids[number] for number in numbers if number in self.ids]
        chosen = [known for image_id, known in self.images.items() if ids is None or image_id in ids]
        assert self.store.deletion.restore(ids) == sum(known.deleted is not None for known in chosen)
        for known in chosen:
            known.deleted = None

    @rule()
    def purge(self) -> None:
        gone = {image_id for image_id, known in self.images.items() if known.deleted}
        assert self.store.deletion.purge() == len(gone)
        self.forget(gone)

    @rule()
    def delete_for_good(self) -> None:
        gone = {image_id for image_id, known in self.images.items() if known.subject == "Ada"}
        assert self.store.deletion.delete_for_good(subject="Ada") == len(gone)
        self.forget(gone)

    def forget(self, gone: set[int]) -> None:
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
            self.labels.append(KnownLabel(name))

    @rule(target=actions, name=NAMES, delete=st.booleans())
    def remove_label(self, name: str, delete: bool) -> object:
        label = self.known_label(name)
        if label is None or label.name in BUILT_IN:
            with pytest.raises(LabelError):
                self.store.removals.remove(name)
            return multiple()
        action = self.store.removals.remove(name, delete_images=delete)
        for known in self.having(label):
            known.answers.append((action, "clear", None))
            if delete and not known.deleted:
                known.deleted = action
        self.labels.remove(label)
        self.removed[action] = label, None
        return action

    @rule(target=actions, name=NAMES, into=NAMES)
    def merge(self, name: str, into: str) -> object:
        label, target = self.known_label(name), self.known_label(into)
        if label is None or target is None or label is target:
            with pytest.raises(LabelError):
                self.store.removals.merge(name, into)
            return multiple()
        action = self.store.removals.merge(name, into)
        for known in self.having(label):
            known.answers.append((action, "label", target))
        if label.name not in BUILT_IN:
            self.labels.remove(label)
        self.removed[action] = label, target
        return action

    @invariant()
    def same(self) -> None:
        alive = {image_id: known for image_id, known in self.images.items() if not known.deleted}
        page = self.store.gallery.page(GalleryFilter(), size=100)
        assert page.total == len(alive)
        answers = {image_id: self.answer(known) for image_id, known in alive.items()}
        assert {item.id: (item.answer, item.label) for item in page.items} == answers
        trashed = {image_id: self.answer(known)[1] for image_id, known in self.images.items() if known.deleted}
        assert {image.id: image.label for image in self.store.trash.page()} == trashed
        assert {label.name for label in self.store.labels.list(all=True)} == {label.name for label in self.labels}
        counted = Counter(name for _, name in answers.values() if name)
        assert self.store.overview.label_counts() == counted
        assert self.store.database.check() == "ok"


StoreMachine.TestCase.settings = settings(
    max_examples=25, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
)
TestStore = StoreMachine.TestCase
