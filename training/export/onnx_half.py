"""A version's ONNX model in half precision: half the memory, and twice the speed where the hardware computes in it.

`onnxruntime.transformers.float16` does the same for any model, but onnx.checker refuses what it makes of this one.
"""

from __future__ import annotations

from collections.abc import Sequence

import onnx
from onnx import GraphProto, NodeProto, TensorProto, helper, numpy_helper
from onnx.external_data_helper import set_external_data

SHARED_FROM = 1024
"""Bytes of weights."""
HALF = ".half"
"""Behind a value's name: the same value in half precision."""


def half_precision(model: bytes) -> bytes:
    """The model of `training.export.onnx_export` with everything between its first convolution and its head in float16.

    Names, shapes and types of inputs and outputs stay as they are, so who runs the one can run the other. The pixels'
    normalisation, the head and the softmax stay float32: they take no time, and this is where rounding would tell.

    Raises onnx.checker.ValidationError where that gives no sound model, which is a fault.
    """
    whole = onnx.load_from_string(model)
    nodes, outputs = list(whole.graph.node), [output.name for output in whole.graph.output]
    halved = onnx.ModelProto()
    halved.CopyFrom(whole)
    del halved.graph.node[:], halved.graph.initializer[:]
    _Halved(whole.graph, halved.graph).build(nodes, outputs)
    onnx.checker.check_model(halved, full_check=True)
    data: bytes = halved.SerializeToString()
    return data


def sharing_weights(half: bytes, whole: bytes, file: str) -> bytes:
    """A model in half precision whose larger weights are read from `file` beside it, where `whole` has the same.

    ONNX calls that external data; a runtime that is given the model as bytes must be given the file's, too.
    """
    model = onnx.load_from_string(half)
    for tensor in model.graph.initializer:
        if len(tensor.raw_data) >= SHARED_FROM and (place := whole.find(tensor.raw_data)) >= 0:
            set_external_data(tensor, file, place, len(tensor.raw_data))
            tensor.ClearField("raw_data")
    data: bytes = model.SerializeToString()
    return data


class _Halved:
    """Writes the nodes of one graph into another: of each value that is wanted in both precisions, one Cast."""

    def __init__(self, whole: GraphProto, halved: GraphProto) -> None:
        self.halved = halved
        self.weights = {tensor.name: numpy_helper.to_array(tensor) for tensor in whole.initializer}
        self.made = {value.name for value in whole.input}

    def build(self, nodes: Sequence[NodeProto], outputs: Sequence[str]) -> None:
        for node in nodes:
            if node.op_type == "Cast":  # a weight's, stored in half precision already
                self.weights[node.output[0]] = self.weights[node.input[0]]
            else:
                self._add(node)
        for name in outputs:
            self._provide(name)

    def _add(self, node: NodeProto) -> None:
        follows_half = any(f"{name}{HALF}" in self.made for name in node.input if name not in self.weights)
        suffix = HALF if node.op_type == "Conv" or (follows_half and node.op_type != "Gemm") else ""
        names = [f"{name}{suffix}" for name in node.input]
        for name in names:
            self._provide(name)
        made = NodeProto()
        made.CopyFrom(node)
        made.input[:], made.output[:] = names, [f"{name}{suffix}" for name in node.output]
        self.made.update(made.output)
        self.halved.node.append(made)

    def _provide(self, name: str) -> None:
        """See to it that there is a value of that name, by a Cast from its other precision if need be."""
        if name in self.made:
            return
        plain = name.removesuffix(HALF)
        kind = TensorProto.FLOAT if name == plain else TensorProto.FLOAT16
        self.made.add(name)
        if plain in self.weights:
            dtype = helper.tensor_dtype_to_np_dtype(kind)
            self.halved.initializer.append(numpy_helper.from_array(self.weights[plain].astype(dtype), name))
            return
        other = f"{plain}{HALF}" if name == plain else plain
        self.halved.node.append(helper.make_node("Cast", [other], [name], to=kind))
