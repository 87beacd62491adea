"""A version's ONNX model: what is in the file, and loading one that may be damaged or somebody else's.

Opset 18, one file of at most `MAX_BYTES`. The weights are half-precision numbers with a Cast to single precision behind
each, so they take half the room and are those of `weights.safetensors` exactly.

| name | | shape | |
|---|---|---|---|
| `face` | input | float32 (N, 1, size, size) | grey pixels 0…255, any N |
| `probabilities` | output | float32 (N, C) | in the order of the labels, the card's temperature applied |
| `last_map` | output | float32 (N, D, h, w) | the last feature map, for what explains an answer |

The file's metadata has `labels`, one a line.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from models.errors import MienError
from models.onnx_proto import EXTERNAL, parse
from models.providers import open_session
from models.versions import MODEL, WEIGHTS, BadVersion, Version, first_line

OPSET = 18
FACE, PROBABILITIES, LAST_MAP, LABELS = "face", "probabilities", "last_map", "labels"
MAX_BYTES = 100 * 2**20
OPERATORS = frozenset(
    {"Abs", "Add", "AveragePool", "Cast", "Concat", "Conv", "Div", "Flatten", "Gemm", "GlobalAveragePool", "MatMul"}
    | {"Mul", "Relu", "Reshape", "Sigmoid", "Softmax", "Sub"}
)
"""What Mien's models are made of. Other operators could take any time and memory, or read other files."""


class NoModel(BadVersion):
    """A version that was made before versions had ONNX models; it can be given one."""


def load_model(version: Version, provider: str | None = None) -> onnxruntime.InferenceSession:
    """The ONNX model of a version, checked and ready to run, on `provider` if one is named.

    Raises:
        NoModel: there is none yet.
        BadVersion: it cannot be read, is damaged or too large, no model of Mien's, or not of this version's shape.
        MienError: `MIEN_PROVIDER` names what is not there.
    """
    path = version.path / MODEL
    if not path.exists() and version.number and (version.path / WEIGHTS).is_file():
        raise NoModel(f"Version {version.number} was made by an earlier Mien and has no {MODEL} yet.")
    data = _read(path)
    try:
        model = parse(data)
    except ValueError as error:
        raise BadVersion(f"{path} is damaged: it is {first_line(error)}.") from error
    if foreign := next(_foreign_parts(model), None):
        raise BadVersion(f"{path} is no model of Mien's: it has {foreign}.")
    labels = {entry.key: entry.value for entry in model.metadata_props}.get(LABELS, "").split("\n")
    if labels != list(version.labels):
        raise BadVersion(f"{path} names other labels than its card: {', '.join(labels)[:200]}.")
    pixels = _two_faces(version.card.network.size)
    try:
        session = open_session(data, {FACE: pixels}, provider)
        probabilities, last_map = session.run([PROBABILITIES, LAST_MAP], {FACE: pixels})
    except MienError:
        raise
    except Exception as error:  # ONNX Runtime's errors have no class of their own
        raise BadVersion(f"{path} does not run ({first_line(error)}).") from error
    if probabilities.shape != (2, len(version.labels)) or last_map.ndim != 4:
        classes = probabilities.shape[-1]
        raise BadVersion(f"{path} gives {classes} probabilities where the card has {len(version.labels)} labels.")
    if not np.isfinite(probabilities).all() or np.abs(probabilities.sum(1) - 1).max() > 0.01:
        raise BadVersion(f"{path} does not answer in probabilities.")
    return session


def _read(path: Path) -> bytes:
    try:
        if (size := path.stat().st_size) > MAX_BYTES:
            raise BadVersion(f"{path} has {size / 2**20:.0f} MB; a model of Mien's has at most {MAX_BYTES // 2**20}.")
        return path.read_bytes()
    except OSError as error:
        raise BadVersion(f"{path} is missing or cannot be read ({first_line(error)}).") from error


def _foreign_parts(model: Any) -> Iterator[str]:
    """What a model has that none of Mien's has, in words."""
    if model.functions:
        yield "functions of its own"
    if model.graph.sparse_initializer:
        yield "sparse data"
    for node in model.graph.node:
        if node.domain not in ("", "ai.onnx") or node.op_type not in OPERATORS:
            yield f"the operator {'.'.join(filter(None, (node.domain, node.op_type)))[:60]}"
        for attribute in node.attribute:
            if attribute.HasField("g") or attribute.graphs:
                yield "a graph within its graph"
            if attribute.HasField("sparse_tensor") or attribute.sparse_tensors:
                yield "sparse data"
            if _is_external(attribute.t) or any(map(_is_external, attribute.tensors)):
                yield "data in another file"
    if any(map(_is_external, model.graph.initializer)):
        yield "data in another file"


def _is_external(tensor: Any) -> bool:
    return tensor.data_location == EXTERNAL or bool(tensor.external_data)


def _two_faces(side: int) -> NDArray[np.float32]:
    """One black, one grey: (2, 1, side, side)."""
    return np.stack([np.full((1, side, side), value, np.float32) for value in (0, 128)])
