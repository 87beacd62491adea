"""One figure that compares: every version's score on the same faces.

These are the faces held out now, and those of the built-in expressions that are kept aside for the check. A version
that may have learned from some of them is flattered, and its score says by how many.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from labeling.store import Store
from models.card import Metrics
from models.versions import Version


@dataclass(frozen=True)
class Score:
    """How a version does on faces that others are scored on too; counts of faces, `faces` and `right` by label.

    `learned_from`: those that it may have been trained on. `same_take`: those from the end of a take that it was
    trained on. `unnamed`: those whose label it does not know; they count as wrong.
    """

    faces: Mapping[str, int]
    right: Mapping[str, int]
    learned_from: int = 0
    same_take: int = 0
    unnamed: int = 0

    @property
    def total(self) -> int:
        return sum(self.faces.values())

    @property
    def accuracy(self) -> float:
        """0…1."""
        return sum(self.right.values()) / self.total


@dataclass(frozen=True)
class HeldOutScores:
    """What is known so far of versions' scores on the held-out faces; others than those `settled` are still waiting."""

    scores: Mapping[int, Score] = field(default_factory=dict)
    settled: frozenset[int] = frozenset()


def held_out_now(store: Store, versions: Sequence[Version]) -> dict[int, str]:
    """The labels that the held-out faces have now, by image: those that the newest version was measured on, as far as
    they are still there and may be trained on. Where none is left, those of the version before.
    """
    for version in sorted(versions, key=lambda version: -version.number):
        if version.card.held_out_ids and (labels := store.images.labels_trained_on(version.card.held_out_ids)):
            return labels
    return {}


def held_out_score(
    version: Version,
    labels: Mapping[int, str],
    answers: Mapping[int, str],
    first_labelled: Mapping[int, datetime],
    versions: Mapping[int, Version],
) -> Score:
    """The score on the faces `labels`, of which `answers` has what the version takes each for.

    `versions` are all that can be read: a version goes on from its parent, and knows what that learned from.
    """
    counts, own = version.card.counts, set(version.card.held_out_ids)
    flattering = counts.same_take if counts else ()
    return Score(
        faces=Counter(labels.values()),
        right=Counter(label for image, label in labels.items() if answers[image] == label),
        learned_from=len(_learned_from(version, first_labelled, versions)),
        same_take=sum(image in own and label in flattering for image, label in labels.items()),
        unnamed=sum(label not in version.labels for label in labels.values()),
    )


def _learned_from(
    version: Version, first_labelled: Mapping[int, datetime], versions: Mapping[int, Version]
) -> set[int]:
    """Those of the images that `version`, or one that it goes on from, may have been trained on.

    Cards do not list them: they are those that had a label when it was made and that it was not measured on.
    """
    card = version.card
    if version.number == 0 or card.created is None:
        return set()
    made = card.created
    before = {image for image, moment in first_labelled.items() if moment <= made}
    learned = before - set(card.held_out_ids)
    if card.parent:
        parent = versions.get(card.parent)
        learned |= before if parent is None else _learned_from(parent, first_labelled, versions)
    return learned


def built_in_scores(versions: Sequence[Version]) -> dict[int, Score]:
    """Each version's score on the built-in expressions that the newest version knows, by number, from their cards.

    All are measured on the same faces of an expression, so that the rows of their confusion matrices can be compared.
    One that was measured on others, by another Mien, has no score here.
    """
    measured = [version for version in versions if version.card.base_after]
    if not measured:
        return {}
    newest = max(measured, key=lambda version: version.number)
    faces = _faces(newest.labels, newest.card.base_after)
    scores = {
        version.number: score
        for version in measured
        if (score := _built_in_score(version.labels, version.card.base_after, faces)) is not None
    }
    # The base model was measured anew with each version, among that one's labels: the more there are, the truer it is.
    for version in sorted(measured, key=lambda version: -len(version.labels)):
        base = _built_in_score(version.labels, version.card.base_before, faces)
        if base is not None and not base.unnamed:
            scores[0] = base
            break
    return scores


def _built_in_score(labels: Sequence[str], metrics: Metrics | None, faces: Mapping[str, int]) -> Score | None:
    if metrics is None:
        return None
    own = _faces(labels, metrics)
    shared = own.keys() & faces.keys()
    if any(own[label] != faces[label] for label in shared):
        return None
    rows = dict(zip(labels, enumerate(metrics.confusion), strict=False))
    right = {label: rows[label][1][rows[label][0]] for label in shared}
    unnamed = sum(count for label, count in faces.items() if label not in labels)
    return Score(faces, right, unnamed=unnamed)


def _faces(labels: Sequence[str], metrics: Metrics | None) -> dict[str, int]:
    """How many faces each label has that has any."""
    rows = metrics.confusion if metrics else []
    return {label: sum(row) for label, row in zip(labels, rows, strict=False) if sum(row)}
