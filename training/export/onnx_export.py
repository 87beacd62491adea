"""Export a network to the ONNX model that versions are served from, and prove that it answers as PyTorch does.

`models.onnx_model` says what is in the file.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from numpy.typing import ArrayLike, NDArray
from onnx import GraphProto, NodeProto, TensorProto, helper, numpy_helper
from torch import Tensor

from models.card import ONNX, Proof
from models.durable import write_durably
from models.network import PIXEL_MEAN, PIXEL_SCALE, FoldedBlock, Network
from models.onnx_model import FACE, LABELS, LAST_MAP, OPSET, PROBABILITIES, load_model
from models.versions import MODEL, BadVersion, Version
from training.export.proof import ProofFailed, Reference, compare

BATCH = 64
RUNNER = f"ONNX Runtime {onnxruntime.__version__}"
IR_VERSION = 10
"""Of the file's format: the one that ONNX Runtime 1.20 knows."""
MEAN, SCALE, ONE, MIRROR, TEMPERATURE = "mean", "scale", "one", "mirror", "temperature"


def write_onnx(path: Path, network: Network, labels: Sequence[str], temperature: float) -> None:
    """Write the folded `network` to `path` as `models.onnx_model` describes, on names of its `state_dict`.

    The graph is put together here, node by node: PyTorch's own exporter takes seconds for the same thing.

    Raises OSError where the disk does not take it.
    """
    side, last = network.config.size, network.pool
    feature_map = [last.in_channels, *last.kernel_size]
    constants: dict[str, ArrayLike] = {MEAN: PIXEL_MEAN, SCALE: PIXEL_SCALE, TEMPERATURE: temperature}
    if network.config.adapted:
        constants[ONE] = 1.0
    if network.config.signs:
        constants[MIRROR] = network.signs.mirror.cpu().numpy()
    graph = helper.make_graph(
        [],
        "mien",
        [helper.make_tensor_value_info(FACE, TensorProto.FLOAT, ["N", 1, side, side])],
        [
            helper.make_tensor_value_info(PROBABILITIES, TensorProto.FLOAT, ["N", len(labels)]),
            helper.make_tensor_value_info(LAST_MAP, TensorProto.FLOAT, ["N", *feature_map]),
        ],
        [numpy_helper.from_array(np.asarray(value, np.float32), name) for name, value in constants.items()],
    )
    for name, tensor in network.state_dict().items():
        _store(graph, name, tensor.cpu().numpy())
    graph.node.extend(_nodes(network))
    model = helper.make_model(graph, producer_name="Mien", opset_imports=[helper.make_opsetid("", OPSET)])
    model.ir_version = IR_VERSION
    helper.set_model_props(model, {LABELS: "\n".join(labels)})
    onnx.checker.check_model(model, full_check=True)
    write_durably(model.SerializeToString(), path)


def _store(graph: GraphProto, name: str, values: NDArray[np.float32]) -> None:
    """Put weights into the graph: in half precision, cast where they are used, if that holds them exactly."""
    halved = values.astype(np.float16)
    if not np.array_equal(halved.astype(np.float32), values):
        graph.initializer.append(numpy_helper.from_array(values, name))
        return
    graph.initializer.append(numpy_helper.from_array(halved, f"{name}.half"))
    graph.node.append(helper.make_node("Cast", [f"{name}.half"], [name], to=TensorProto.FLOAT))


def _nodes(network: Network) -> Iterator[NodeProto]:
    """What `Network` and `Classifier` compute, from the pixels on."""
    yield helper.make_node("Sub", [FACE, MEAN], ["centred"])
    yield helper.make_node("Div", ["centred", SCALE], ["scaled"])
    names = [name for name, each in network.named_modules() if isinstance(each, FoldedBlock)]
    adapter = [name for name in names if name.startswith("adapter.")]
    known = [name for name in names if name not in adapter]
    maps = ["known"]
    yield from _blocks(network, known, "scaled", "known" if adapter or network.config.signs else LAST_MAP)
    if adapter:
        trunk = known[-len(adapter) - 1]
        yield from _blocks(network, adapter, trunk, "taught")
        yield helper.make_node("GlobalAveragePool", [trunk], ["trunk means"])
        yield helper.make_node("Conv", ["trunk means", "gate.weight", "gate.bias"], ["gate"])
        yield helper.make_node("Sigmoid", ["gate"], ["share"])
        yield helper.make_node("Sub", [ONE, "share"], ["rest"])
        yield helper.make_node("Mul", ["known", "rest"], ["known share"])
        yield helper.make_node("Mul", ["taught", "share"], ["taught share"])
        maps = ["known share", "taught share"]
    if network.config.signs:
        late = known.index(f"first_stages.{len(network.first_stages) - 1}.0")
        yield from _signs(known[late - 1])
        maps.append("signs")
    if len(maps) > 1:
        yield helper.make_node("Concat", maps, [LAST_MAP], axis=1)
    pool = network.pool
    yield helper.make_node(
        "Conv", [LAST_MAP, "pool.weight"], ["pool"], kernel_shape=pool.kernel_size, group=pool.groups
    )
    yield helper.make_node("Flatten", ["pool"], ["features"])
    yield helper.make_node("Gemm", ["features", "head.weight", "head.bias"], ["logits"], transB=1)
    yield helper.make_node("Div", ["logits", TEMPERATURE], ["tempered"])
    yield helper.make_node("Softmax", ["tempered"], [PROBABILITIES], axis=1)


def _blocks(network: Network, names: Sequence[str], value: str, result: str) -> Iterator[NodeProto]:
    """The folded blocks of these names one after the other, from `value` to `result`; each has its name's value."""
    for name in names:
        conv = network.get_submodule(name).get_submodule("conv")
        shape = {"kernel_shape": conv.kernel_size, "strides": conv.stride, "pads": [1, 1, 1, 1]}
        weights = [f"{name}.conv.weight", f"{name}.conv.bias"]
        yield helper.make_node("Conv", [value, *weights], [f"{name}.conv"], **shape)
        value = result if name == names[-1] else name
        yield helper.make_node("Relu", [f"{name}.conv"], [value])


def _signs(early: str) -> Iterator[NodeProto]:
    """`models.sign_detector` on what comes out of `Network.early`."""
    yield helper.make_node(
        "AveragePool", [early], ["means"], kernel_shape=[4, 4], strides=[2, 2], pads=[1, 1, 1, 1], count_include_pad=1
    )
    yield helper.make_node("MatMul", ["means", MIRROR], ["mirrored"])
    yield helper.make_node("Sub", ["means", "mirrored"], ["difference"])
    yield helper.make_node("Abs", ["difference"], ["distance"])
    yield helper.make_node("Add", ["means", "mirrored"], ["sum"])
    yield helper.make_node("Concat", ["distance", "sum"], ["compared"], axis=1)
    yield helper.make_node("Conv", ["compared", "signs.spots.weight", "signs.spots.bias"], ["spots"])
    yield helper.make_node("Relu", ["spots"], ["found"])
    yield helper.make_node("Mul", ["found", "signs.place"], ["signs"])


def prove_onnx(version: Version, expected: Reference) -> Proof:
    """Read a version's ONNX model back from disk, and run it on the pictures of `expected`, its network's answers.

    Raises:
        ProofFailed: it cannot be loaded, or a probability differs by more than 0.0001, or any label does.
    """
    try:
        session = load_model(version, "cpu")
    except BadVersion as error:
        raise ProofFailed(str(error)) from error
    size = (version.path / MODEL).stat().st_size
    return compare(ONNX, RUNNER, answers(session, expected.pictures), expected, size)


def answers(session: onnxruntime.InferenceSession, pictures: Tensor) -> NDArray[np.float32]:
    """Probabilities (N, C) that an ONNX model gives for `pictures` (N, 1, size, size), 0…255."""
    batches = (part.float().numpy() for part in torch.split(pictures, BATCH))
    return np.concatenate([session.run([PROBABILITIES], {FACE: batch})[0] for batch in batches])
