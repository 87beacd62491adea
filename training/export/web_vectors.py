"""`test/vectors.json` of the web kit: pictures that Mien made, and what it says of them, for the kit's own tests."""

from __future__ import annotations

import base64
import json
import math
from dataclasses import replace
from typing import Any

import cv2
import numpy as np
import onnxruntime
from numpy.typing import NDArray

from models.card import Sureness
from models.crop import face_crop, grey_pixels
from models.finder import STILL_SIDE, FaceFinder, FoundFace
from models.onnx_model import FACE, PROBABILITIES
from models.pictures import RGB
from models.quality import quality_of
from models.sureness import doubt
from models.versions import Version
from training.export.drawn_face import drawn_face
from training.export.made_faces import any_face, film, made_picture

LIMITS = Sureness(margin=0.3, quality=0.5, right=1, answered=1)
LABELS = ("neutral", "happiness", "fear", "surprise")
FACES, FRAMES = 40, 120


def web_vectors(version: Version, session: onnxruntime.InferenceSession) -> str:
    """The JSON, for a version whose model is open in `session`; always the same."""
    random = np.random.default_rng(7)
    faces = [_face(random) for _ in range(FACES)]
    parts = {
        "labels": LABELS,
        "faces": faces,
        "sizes": [_resized(random, *size) for size in ((90, 61, 34, 23), (64, 48, 32, 24), (50, 40, 41, 33))],
        "film": _film(random),
        "drawn": _drawn(version, session),
    }
    return json.dumps(parts, separators=(",", ":")) + "\n"


def _face(random: np.random.Generator) -> dict[str, Any]:
    """A face in a picture, both made up, and its crop, quality and doubt."""
    width, height = (int(length) for length in random.integers(20, 110, 2))
    rgb = made_picture(random, width, height, 3)
    found = replace(any_face(random, width, height), certainty=float(random.uniform(0.55, 1)))
    probabilities = random.dirichlet([0.5] * len(LABELS)).astype(np.float32)
    margin, least = (float(value) for value in random.uniform(0, 0.6, 2))
    crop = face_crop(rgb, found.points, 48, found.box)
    quality = quality_of(crop, width, height, found)
    return {
        "picture": _pixels(rgb),
        "face": _as_json(found),
        "probabilities": probabilities.tolist(),
        "sureness": {"margin": margin, "quality": least},
        "crop": base64.b64encode(crop.tobytes()).decode(),
        "score": quality.score,
        "faults": quality.faults,
        "doubt": doubt(probabilities, quality, Sureness(margin=margin, quality=least, right=1, answered=1), LABELS),
    }


def _resized(random: np.random.Generator, width: int, height: int, to_width: int, to_height: int) -> dict[str, Any]:
    """A picture at another size, as `FaceFinder` makes it."""
    rgb = made_picture(random, width, height, 3)
    method = cv2.INTER_AREA if to_width <= width / 2 else cv2.INTER_LINEAR
    small = np.asarray(cv2.resize(rgb, (to_width, to_height), interpolation=method), np.uint8)
    return {"picture": _pixels(rgb), "resized": _pixels(small)}


def _film(random: np.random.Generator) -> list[dict[str, Any]]:
    return [
        {
            "time": frame.time,
            "found": [_as_json(face) for face in frame.found],
            "probabilities": frame.probabilities.tolist(),
            "scores": frame.scores,
            "told": [
                {
                    "id": track.id,
                    "face": _as_json(track.face),
                    "probabilities": track.probabilities.tolist(),
                    "doubt": doubt,
                }
                for track, doubt in frame.told
            ],
        }
        for frame in film(random, LABELS, LIMITS, FRAMES)
    ]


def _drawn(version: Version, session: onnxruntime.InferenceSession) -> dict[str, Any]:
    """A picture with two drawn faces, one of them turned, and what the networks say of it."""
    turn = cv2.getRotationMatrix2D((70, 70), 15, 0.9)
    turned = cv2.warpAffine(drawn_face(140), turn, (140, 140), borderMode=cv2.BORDER_REPLICATE)
    rgb = np.full((210, 330, 3), (150, 170, 190), np.uint8)
    rgb[5:205, 5:205], rgb[60:200, 188:328] = drawn_face(200), turned
    found, side = FaceFinder(STILL_SIDE).find(rgb), version.card.network.size
    crops = [face_crop(rgb, face.points, side, face.box) for face in found]
    (rows,) = session.run([PROBABILITIES], {FACE: grey_pixels(crops, side)})
    return {
        "picture": _pixels(rgb),
        "found": [_as_json(face) for face in found],
        "probabilities": np.asarray(rows).tolist(),
    }


def _pixels(rgb: RGB) -> dict[str, Any]:
    data: NDArray[np.uint8] = np.ascontiguousarray(rgb)
    return {"width": rgb.shape[1], "height": rgb.shape[0], "rgb": base64.b64encode(data.tobytes()).decode()}


def _as_json(face: FoundFace) -> dict[str, Any]:
    x, y, width, height = (float(value) for value in face.box.as_tuple())
    return {
        "box": {"x": x, "y": y, "width": width, "height": height},
        "points": [{"x": _number(x), "y": _number(y)} for x, y in face.points.tolist()],
        "certainty": face.certainty,
    }


def _number(value: float) -> float | None:
    """JSON has no NaN."""
    return value if math.isfinite(value) else None
