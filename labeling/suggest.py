"""Asking a model about images that it has not seen."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from labeling.store import Store
from labeling.stored_faces import Guess
from models.crop import crop
from models.pictures import RGB, BadImage, decode
from models.predictor import Predictor

log = logging.getLogger(__name__)


def suggest_batch(store: Store, predictor: Predictor, ids: Sequence[int]) -> None:
    """Asks `predictor` about these images, and stores what it takes them for.

    One that cannot be decoded is passed over, so that it waits no more; one that is purged meanwhile is left out.
    """
    crops: dict[int, RGB] = {}
    unreadable: list[int] = []
    boxes = store.images.boxes(ids)
    for image_id, data in store.images.data_of(ids).items():
        try:
            crops[image_id] = crop(decode(data), boxes[image_id])
        except BadImage as error:
            log.warning("No version is asked about image %d: %s", image_id, error)
            unreadable.append(image_id)
    rows = predictor.classify(list(crops.values()))
    guesses = {
        image_id: Guess(predictor.labels[int(row.argmax())], float(row.max()), predictor.number)
        for image_id, row in zip(crops, rows, strict=True)
    }
    if guesses:
        store.suggestions.record(guesses, predictor.labels)
    if unreadable:
        store.suggestions.pass_over(unreadable, predictor.number)
