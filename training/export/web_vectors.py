"""`test/vectors.json` of the web kit: pictures that Mien made, and what it says of them, for the kit's own tests."""

from __future__ import annotations

import base64
import json
import math
from typing import Any

import cv2
import numpy as np
import onnxruntime
from numpy.typing import NDArray

from models.box import Box
from models.card import Sureness
from models.crop import face_crop, grey_pixels
from models.finder import STILL_SIDE, FaceFinder, FoundFace
from models.onnx_model import FACE, PROBABILITIES
from models.pictures import RGB
from models.quality import Quality, quality_of
from models.steady_doubt import SteadyDoubts
from models.sureness import doubt
from models.tracker import Tracker
from models.versions import Version
from training.export.drawn_face import drawn_face

LIMITS = Sureness(margin=0.3, quality=0.5, right=1, answered=1)
LABELS = ("neutral", "happiness", "fear", "surprise")
FACE_POINTS = np.array([[-0.17, -0.13], [0.17, -0.13], [0.0, 0.05], [-0.13, 0.23], [0.13, 0.23]])
"""An upright face's points, in its box's heights from the middle."""
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
    rgb, found = _picture(random, width, height), _found_face(random, width, height)
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


def _picture(random: np.random.Generator, width: int, height: int) -> RGB:
    """Patches of colour, coarse or fine, and noise."""
    detail = int(random.choice([3, 20, 60]))
    patches = random.integers(0, 256, (detail, detail, 3), dtype=np.uint8)
    large = cv2.resize(patches, (width, height), interpolation=cv2.INTER_CUBIC)
    noise = random.normal(0, random.choice([0, 4, 30]), large.shape)
    return np.asarray((large * random.uniform(0.1, 1) + noise).clip(0, 255), np.uint8)


def _found_face(random: np.random.Generator, width: int, height: int) -> FoundFace:
    """A face anywhere, of any size, turned, in profile, over the edge; the points of some are none."""
    size = math.exp(random.uniform(math.log(8), math.log(2.5 * height)))
    centre, angle = random.uniform(0, 1, 2) * [width, height], random.uniform(-math.pi, math.pi)
    turn = np.array([[math.cos(angle), math.sin(angle)], [-math.sin(angle), math.cos(angle)]])
    points = (FACE_POINTS * [random.uniform(0.2, 1.1), 1]) @ turn * size
    points = points + random.normal(0, 0.02 * size, points.shape) + centre
    kind = random.integers(12)
    if kind == 0:
        points[:] = centre
    elif kind == 1:
        points[4] = 1e7
    box = Box(centre[0] - 0.4 * size, centre[1] - size / 2, 0.8 * size, size)
    return FoundFace(box, float(random.uniform(0.55, 1)), points.astype(np.float32))


def _resized(random: np.random.Generator, width: int, height: int, to_width: int, to_height: int) -> dict[str, Any]:
    """A picture at another size, as `FaceFinder` makes it."""
    rgb = _picture(random, width, height)
    method = cv2.INTER_AREA if to_width <= width / 2 else cv2.INTER_LINEAR
    small = np.asarray(cv2.resize(rgb, (to_width, to_height), interpolation=method), np.uint8)
    return {"picture": _pixels(rgb), "resized": _pixels(small)}


def _film(random: np.random.Generator) -> list[dict[str, Any]]:
    """Two faces that wander, tremble, cross, leave for a while and come back; light and expressions change."""
    tracker, doubts = Tracker(), SteadyDoubts(LIMITS, LABELS)
    frames, time = [], 0.0
    for step in range(FRAMES):
        time += float(random.choice([0.03, 0.05, 0.2, 1.0], p=[0.6, 0.3, 0.09, 0.01]))
        found, scores = [], []
        for face in range(2):
            if random.random() < 0.1:
                continue
            middle = np.array([200 + 150 * math.sin(0.07 * step + 3 * face), 150.0]) + random.normal(0, 1, 2)
            box = Box(middle[0] - 40, middle[1] - 50, 80 + random.normal(), 100 + random.normal())
            found.append(FoundFace(box, 1.0, (FACE_POINTS * 100 + middle).astype(np.float32)))
            scores.append(1.0 if math.sin(0.2 * step + face) > -0.5 else float(random.uniform(0.3, 0.6)))
        rows = random.dirichlet([0.5] * len(LABELS), len(found)).astype(np.float32).reshape(-1, len(LABELS))
        tracks = tracker.update(tracker.steadied(found, time), rows, time)
        doubts.forget_others([track.id for track in tracks])
        told = [
            {
                "id": track.id,
                "face": _as_json(track.face),
                "probabilities": track.probabilities.tolist(),
                "doubt": doubts.update(
                    track.id, track.probabilities, Quality(score, ("dark",) if score < 1 else ()), time
                ),
            }
            for track, score in zip(tracks, scores, strict=True)
        ]
        frames.append(
            {
                "time": time,
                "found": [_as_json(face) for face in found],
                "probabilities": rows.tolist(),
                "scores": scores,
                "told": told,
            }
        )
    return frames


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
        "points": [{"x": x, "y": y} for x, y in face.points.tolist()],
        "certainty": face.certainty,
    }
