"""Asking a model about images that it has not seen."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from labeling.second_look import find_missing_points
from labeling.store import Store
from labeling.stored_faces import FacePlace, Guess
from models.crop import Pixels, face_crop
from models.pictures import BadImage, decode
from models.predictor import Predictor

PROCESSORS = os.cpu_count() or 1

log = logging.getLogger(__name__)


def suggest_batch(store: Store, predictor: Predictor, ids: Sequence[int], threads: int = PROCESSORS) -> None:
    """Asks `predictor` about these images, on so many threads, and stores what it takes them for.

    One that cannot be decoded is passed over, so that it waits no more; one that is purged meanwhile is left out.
    """
    find_missing_points(store, ids)
    places, data = store.images.places(ids), store.images.data_of(ids)
    parts = [{image_id: data[image_id] for image_id in list(data)[start::threads]} for start in range(threads)]
    if threads == 1:
        answers = [ask(predictor, parts[0], places)]
    else:
        with ThreadPoolExecutor(threads, "suggest") as pool:
            answers = list(pool.map(lambda part: ask(predictor, part, places), parts))
    guesses = {image_id: guess for told in answers for image_id, guess in told.items()}
    if guesses:
        store.suggestions.record(guesses, predictor.labels)
    if unreadable := [image_id for image_id in data if image_id not in guesses]:
        store.suggestions.pass_over(unreadable, predictor.number)


def ask(predictor: Predictor, images: Mapping[int, bytes], places: Mapping[int, FacePlace]) -> dict[int, Guess]:
    """What `predictor` takes these images (their bytes) for, without those that cannot be decoded."""
    crops: dict[int, Pixels] = {}
    for image_id, data in images.items():
        try:
            place = places[image_id]
            crops[image_id] = face_crop(decode(data), place.points, predictor.side, place.box)
        except BadImage as error:
            log.warning("No version is asked about image %d: %s", image_id, error)
    rows = predictor.classify(list(crops.values()))
    return {
        image_id: Guess(predictor.labels[int(row.argmax())], float(row.max()), predictor.number)
        for image_id, row in zip(crops, rows, strict=True)
    }
