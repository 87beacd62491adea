"""Saying what a face in a picture really is: it becomes an example of that label."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from labeling.intake import MIN_FACE, wide_crop
from labeling.stored_faces import Added, Guess
from models.box import Box
from models.finder import STILL_SIDE, FaceFinder
from models.pictures import BadImage, decode
from webapp.named_face import CornerAndSize
from webapp.studio import Studio

SAME_FACE = 0.5
"""Least overlap of a given box with a face's own."""


@dataclass(frozen=True)
class Taught:
    """What became of the face, and the label that the version in use gives it."""

    added: Added
    guess: str


def teach_face(studio: Studio, picture: bytes, box: CornerAndSize, label: str) -> Taught:
    """Store the face of `picture` at `box` (in fractions of it, as `name_faces` found it) under `label`.

    Raises:
        BadImage: the bytes are no usable picture, no face is there, or it is too small to learn from.
        LabelError: there is no such label.
    """
    rgb = decode(picture)
    height, width = rgb.shape[:2]
    left, top, wide, high = box
    asked = Box(left * width, top * height, wide * width, high * height)
    found = FaceFinder(STILL_SIDE).find(rgb)
    nearest = max(found, key=lambda face: asked.overlap(face.box), default=None)
    if nearest is None or asked.overlap(nearest.box) < SAME_FACE:
        raise BadImage("There is no face in that place of the picture.")
    if nearest.box.height < MIN_FACE:
        raise BadImage(f"This face is {nearest.box.height:.0f} pixels high; a face needs {MIN_FACE} to learn from.")
    predictor = studio.predictor
    (named,) = predictor.named(rgb, [nearest])
    added = studio.store.images.add(
        wide_crop(rgb, nearest.box, nearest.points),
        label=label,
        session=hashlib.sha256(picture).hexdigest()[:16],
        source="upload",
        guess=Guess(named.label, named.probabilities[named.label], predictor.number),
        relabel=True,
    )
    return Taught(added, named.label)
