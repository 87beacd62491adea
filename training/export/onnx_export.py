"""Export a network to the ONNX model that versions are served from, and prove that it answers as PyTorch does.

`models.onnx_model` says what is in the file.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import torch
import torch.nn.functional as F
from onnx import numpy_helper
from torch import Tensor

from models.card import ONNX, Proof
from models.durable import write_durably
from models.network import Network
from models.onnx_model import FACE, LABELS, LAST_MAP, OPSET, PROBABILITIES, load_model
from models.versions import MODEL, BadVersion, Version
from training.export.classifier import Classifier
from training.export.proof import PROOF_FACES, ProofFailed, compare, proof_pictures
from training.export.quiet import quiet

BATCH = 64


class ExplainedClassifier(Classifier):
    """As `Classifier`, with the last feature map (N, D, h, w) beside the probabilities."""

    def forward(self, face: Tensor) -> tuple[Tensor, Tensor]:  # type: ignore[override]
        network = self.network
        last_map = network.last_stage(network.trunk(face))
        logits = network.head(network.pool(last_map).flatten(1))
        return F.softmax(logits / self.temperature, 1), last_map


def write_onnx(path: Path, network: Network, labels: Sequence[str], temperature: float) -> None:
    """Write `network` to `path` as `models.onnx_model` describes. Raises OSError where the disk does not take it."""
    side = network.config.size
    with quiet():
        program = torch.onnx.export(
            ExplainedClassifier(network.cpu(), temperature).eval(),
            (torch.zeros(2, 1, side, side),),
            dynamo=True,
            verbose=False,
            opset_version=OPSET,
            input_names=[FACE],
            output_names=[PROBABILITIES, LAST_MAP],
            dynamic_shapes=({0: torch.export.Dim("N")},),
        )
    assert program is not None
    model = program.model_proto
    _forget_the_source(model)
    _halve_the_weights(model.graph)
    model.producer_name = "Mien"
    onnx.helper.set_model_props(model, {LABELS: "\n".join(labels)})
    onnx.checker.check_model(model, full_check=True)
    write_durably(model.SerializeToString(), path)


def _forget_the_source(model: Any) -> None:
    """Take out what the exporter notes for its own developers: names and places of the code that it came from."""
    graph = model.graph
    for part in (model, graph, *graph.node, *graph.initializer, *graph.input, *graph.output, *graph.value_info):
        part.ClearField("metadata_props")
        part.ClearField("doc_string")


def _halve_the_weights(graph: Any) -> None:
    """Store each tensor that half precision holds exactly as such, and cast it where it is used."""
    casts = []
    for tensor in graph.initializer:
        values = numpy_helper.to_array(tensor)
        halved = values.astype(np.float16)
        if values.dtype != np.float32 or values.ndim == 0 or not np.array_equal(halved.astype(np.float32), values):
            continue
        name = tensor.name
        tensor.CopyFrom(numpy_helper.from_array(halved, f"{name}.half"))
        casts.append(onnx.helper.make_node("Cast", [f"{name}.half"], [name], to=onnx.TensorProto.FLOAT))
    nodes = [*casts, *graph.node]
    del graph.node[:], graph.value_info[:]
    graph.node.extend(nodes)


def prove_onnx(version: Version, network: Network, faces: Tensor) -> Proof:
    """Read a version's ONNX model back from disk, and run it on `faces` and edge cases.

    `faces`: grey pixels (N, 1, size, size), 0…255; `network`: the version's, in PyTorch.

    Raises:
        ProofFailed: it cannot be loaded, or a probability differs by more than 0.0001, or any label does.
    """
    pictures = proof_pictures(faces, network.config.size, PROOF_FACES)
    try:
        session = load_model(version, "cpu")
    except BadVersion as error:
        raise ProofFailed(str(error)) from error
    batches = (part.float().numpy() for part in torch.split(pictures, BATCH))
    answers = np.concatenate([session.run([PROBABILITIES], {FACE: batch})[0] for batch in batches])
    runner = f"ONNX Runtime {onnxruntime.__version__}"
    size = (version.path / MODEL).stat().st_size
    return compare(ONNX, runner, answers, network, version.temperature, pictures, size)
