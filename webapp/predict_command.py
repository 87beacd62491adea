"""`mien predict`: what expression the faces of pictures have. It begins at once, so it imports little."""

from __future__ import annotations

import argparse
import sys

from labeling.active_version import active_version
from models.pictures import BadImage
from models.predictor import Face
from models.versions import Versions
from training.export.onnx_migration import load_predictor
from webapp.actions.predict_actions import name_faces
from webapp.command_models import PredictedPicture
from webapp.command_output import print_json
from webapp.named_face import in_pixels


def predict(chosen: argparse.Namespace) -> int:
    """`mien predict`: a line or a JSON object for each picture."""
    home, number = chosen.home, chosen.version
    version = Versions(home.versions).get(active_version(home.database_url) if number is None else number)
    predictor = load_predictor(home, version)
    status = 0
    for path in chosen.paths:
        try:
            picture = path.read_bytes()
        except OSError as error:
            print(f"mien: {path}: cannot be read ({error.strerror or error}).", file=sys.stderr)
            status = 1
            continue
        try:
            faces = name_faces(predictor, picture, crop=chosen.crop).faces
        except BadImage as error:
            print(f"mien: {path}: {error}", file=sys.stderr)
            status = 1
            continue
        if chosen.json:
            named = PredictedPicture(path=str(path), faces=[in_pixels(face) for face in faces])
            print_json(named, PredictedPicture)
        else:
            shown = ", ".join(map(_in_words, faces))
            print(f"{path}: {shown or 'no face found'}", flush=True)
    return status


def _in_words(face: Face) -> str:
    named = f"{face.label} {face.probabilities[face.label]:.0%}"
    return f"{named} (not sure: {face.doubt})" if face.doubt else named
