"""The proof that a version's ONNX model in half precision answers as PyTorch does, on hardware that computes in it too.

ONNX Runtime's processor code has half precision for few operators: what lies between those it computes in single
precision, and the proof would be of that. So a copy of the model, in which every result is rounded to half precision,
is run as well, and that is what the proof tells of.
"""

from __future__ import annotations

import onnx
import onnxruntime
from onnx import NodeProto, TensorProto, helper, numpy_helper

from models.card import ONNX_HALF, Proof
from models.versions import first_line
from training.export.onnx_export import RUNNER, answers
from training.export.onnx_half import HALF
from training.export.proof import ProofFailed, Reference, compare

AS_IT_IS = 40
"""Pictures that show that the model runs as it is: its answers are rounded less than the others, so no farther off."""


def prove_half(model: bytes, expected: Reference) -> Proof:
    """Run what `half_precision` made: as it is, on a few pictures of `expected`; with every result rounded, on all.

    Raises:
        ProofFailed: it cannot be run, a probability differs by more than 0.02, or fewer than 99 % of the labels agree.
    """

    def compared(runner: str, tried: bytes, wanted: Reference, optimized: bool) -> Proof:
        try:
            found = answers(_session(tried, optimized), wanted.pictures)
        except Exception as error:  # ONNX Runtime's errors have no class of their own
            raise ProofFailed(f"The {ONNX_HALF} model does not run ({first_line(error)}).") from error
        return compare(ONNX_HALF, runner, found, wanted, len(model))

    compared(RUNNER, model, expected.some(AS_IT_IS), optimized=True)
    return compared(f"{RUNNER}, each result rounded to half precision", rounded(model), expected, optimized=False)


def rounded(model: bytes) -> bytes:
    """The same model in single precision, each result that it has in half precision rounded to that."""
    single = onnx.load_from_string(model)
    for tensor in single.graph.initializer:
        tensor.CopyFrom(numpy_helper.from_array(numpy_helper.to_array(tensor).astype("float32"), tensor.name))
    nodes: list[NodeProto] = []
    for node in single.graph.node:
        (name,) = node.output
        if name.endswith(HALF):
            exact, stored = f"{name}.exact", f"{name}.stored"
            node.output[0] = exact
            if node.op_type == "Cast":
                node.attribute[0].i = TensorProto.FLOAT
            nodes += [node, helper.make_node("Cast", [exact], [stored], to=TensorProto.FLOAT16)]
            nodes.append(helper.make_node("Cast", [stored], [name], to=TensorProto.FLOAT))
        else:
            nodes.append(node)
    del single.graph.node[:]
    single.graph.node.extend(nodes)
    data: bytes = single.SerializeToString()
    return data


def _session(model: bytes, optimized: bool) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    if not optimized:  # every Cast stays
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
