"""Scores of all versions on the same faces, made in the background: each version is asked about the held-out faces."""

from __future__ import annotations

from collections.abc import Sequence

from labeling.held_out_answers import DataState
from labeling.second_look import find_missing_points
from labeling.store import Store
from labeling.suggest import ask
from models.errors import MienError
from models.predictor import Predictor
from models.versions import MODEL, Version
from training.same_faces import HeldOutScores, Score, held_out_now, held_out_score
from webapp.background import BackgroundWork
from webapp.studio import Studio

BATCH = 16
"""Faces that are asked about at once; see `webapp.suggesting`."""


class Scoring(BackgroundWork):
    """The thread; what it has found out so far is `Studio.held_out_scores`."""

    name = "scoring"
    problem = "The versions cannot be scored for now"

    def __init__(self, studio: Studio) -> None:
        super().__init__(studio)
        self._scored: object = None

    def work_some(self) -> bool:
        """Ask each version about the held-out faces that it was not asked about; there is no more to do then."""
        store, state = self.studio.store, self._state()
        if state == self._scored:
            return False
        readable, _ = self.studio.versions.list()
        versions = {version.number: version for version in readable}
        labels = held_out_now(store, readable)
        first_labelled = store.held_out_answers.first_labelled(list(labels))
        scores: dict[int, Score] = {}
        for number in sorted(versions, reverse=True) if labels else ():
            waiting = frozenset(other for other in versions if other <= number)
            self.studio.held_out_scores = HeldOutScores(dict(scores), frozenset(versions) - waiting)
            known = store.held_out_answers.of(number, list(labels))
            answers = known | self._answers(versions[number], [image for image in labels if image not in known])
            if self.stopping.is_set():
                return False
            if answers.keys() >= labels.keys():
                scores[number] = held_out_score(versions[number], labels, answers, first_labelled, versions)
        self.studio.held_out_scores = HeldOutScores(scores, frozenset(versions))
        self._scored = state
        return False

    def _state(self) -> tuple[DataState, list[tuple[int, bool]]]:
        versions = self.studio.versions
        # A version that an earlier Mien made can be asked once it has a model.
        models = [(number, (versions.folder / str(number) / MODEL).exists()) for number in versions.numbers()]
        return self.studio.store.held_out_answers.data_state(), models

    def _answers(self, version: Version, images: Sequence[int]) -> dict[int, str]:
        """What `version` takes these images for; nothing where it cannot be asked, less where the server stops."""
        if not images:
            return {}
        try:
            predictor = Predictor(version)
        except MienError as error:
            self.log.info("Version %d is not scored: %s", version.number, error)
            return {}
        answers: dict[int, str] = {}
        for start in range(0, len(images), BATCH):
            if self.stopping.is_set():
                break
            with self.giving_way():
                told = ask_about(self.studio.store, predictor, images[start : start + BATCH])
                self.studio.store.held_out_answers.record(version.number, told)
            answers |= told
        return answers


def ask_about(store: Store, predictor: Predictor, images: Sequence[int]) -> dict[int, str]:
    """What a version takes these images for, as they are stored; "" for one that cannot be decoded."""
    find_missing_points(store, images)
    guesses = ask(predictor, store.images.data_of(images), store.images.places(images))
    return {image: guesses[image].label if image in guesses else "" for image in images}
