"""Run a Core ML package's ML program without Core ML: read it back from disk and evaluate it op by op.

Core ML predicts on macOS only. Anywhere else this is how a package is checked: the program and the weights that the
user gets are read by coremltools' own reader, and each op is computed in float32 and rounded to the type that the
program gives its result (half precision, mostly), which is how a device stores it.
"""

from __future__ import annotations

import os
import platform
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor


class UnknownOp(ValueError):
    """The program has an op that the evaluator does not know."""


class Program:
    """The ML program of a saved `.mlpackage` that classifies images.

    Attributes:
        labels: class labels, in the order of the probabilities.
        input_name: name of the image input; `size` its side in pixels.
        precision: the number type of the program's arithmetic, such as `fp16`.
    """

    def __init__(self, package: Path) -> None:
        """Read `package`.

        Raises:
            ValueError: it is not a readable package of an image classifier.
        """
        import coremltools as ct
        from coremltools.converters.mil.frontend.milproto.load import load

        try:
            spec = ct.utils.load_spec(str(package))
            weights = package / "Data" / "com.apple.CoreML" / "weights"
            program = load(spec, spec.specificationVersion, str(weights))
        except Exception as error:
            raise ValueError(f"{package} is not a Core ML package that can be read back ({error}).") from error
        image = spec.description.input[0]
        self.spec = spec
        self.input_name: str = image.name
        self.size: int = image.type.imageType.width
        self.operations: list[Any] = list(program.functions["main"].operations)
        self.labels = self._class_labels()
        self.precision = next(_kind(op.outputs[0]) for op in self.operations if op.op_type in ("conv", "linear"))

    def predict(self, pixels: NDArray[np.uint8] | NDArray[np.float32] | Tensor) -> NDArray[np.float32]:
        """Probabilities (N, C) of grey pixels (N, 1, size, size), 0…255.

        Raises:
            UnknownOp: the program has an op that this evaluator does not know.
        """
        return np.concatenate([self._predict(part.float()) for part in torch.split(torch.as_tensor(pixels), 64)])

    @torch.inference_mode()
    def _predict(self, faces: Tensor) -> NDArray[np.float32]:
        values = {self.input_name: faces}
        for operation in self.operations:
            if operation.op_type == "const":
                continue
            if operation.op_type == "classify":
                return values[operation.probabilities.name].flatten(1).numpy().astype(np.float32)
            compute = OPS.get(operation.op_type)
            if compute is None:
                raise UnknownOp(f"The program's op {operation.op_type!r} is unknown to Mien's evaluator.")
            output, result = operation.outputs[0], compute(_Inputs(operation, values))
            depends = any(getattr(each, "name", None) in values for each in operation.inputs.values())
            if depends and len(result) != len(faces):
                raise UnknownOp(f"The op {operation.op_type!r} mixes pictures: Mien's evaluator cannot run it.")
            values[output.name] = _rounded(result, _kind(output))
        raise ValueError("The program has no classify op: it is no classifier.")

    def _class_labels(self) -> tuple[str, ...]:
        for operation in self.operations:
            if operation.op_type == "classify":
                classes = operation.classes
                values = classes.val if hasattr(classes, "val") else classes
                values = getattr(values, "ls", values)
                return tuple(str(getattr(value, "val", value)) for value in values)
        raise ValueError("The program has no classify op: it is no classifier.")


class _Inputs:
    """An op's inputs by name, as tensors or plain Python values; an input that is not given is None."""

    def __init__(self, operation: Any, values: Mapping[str, Tensor]) -> None:
        self.operation, self.values, self.kind = operation, values, str(operation.op_type)

    def __getattr__(self, name: str) -> Any:
        return self._value(self.operation.inputs.get(name))

    def _value(self, variable: Any) -> Any:
        if variable is None:
            return None
        if isinstance(variable, list | tuple):
            return [self._value(each) for each in variable]
        if variable.name in self.values:
            return self.values[variable.name]
        value = variable.val
        if isinstance(value, np.ndarray):
            return torch.from_numpy(value.astype(np.float32) if value.dtype == np.float16 else value)
        return value.item() if isinstance(value, np.generic) else value

    def numbers(self, name: str) -> list[int]:
        """A small integer vector, such as a shape or strides."""
        return [int(number) for number in np.asarray(getattr(self, name)).flatten()]


def _kind(variable: Any) -> str:
    """The number type of a variable of the program: `fp16`, `fp32`, `int32`, …"""
    from coremltools.converters.mil.mil import types

    return str(types.builtin_to_string(variable.dtype))


def _rounded(result: Tensor, kind: str) -> Tensor:
    return result.half().float() if kind == "fp16" else result


def _conv(op: _Inputs) -> Tensor:
    x, weight, bias = op.x, op.weight, op.bias
    strides, dilations = op.numbers("strides"), op.numbers("dilations")
    if op.pad_type == "custom":
        top, bottom, left, right = op.numbers("pad")
    elif op.pad_type == "valid":
        top = bottom = left = right = 0
    else:  # "same": as much as keeps ceil(size / stride), the odd pixel at the end
        sides = zip(x.shape[2:], weight.shape[2:], strides, dilations, strict=True)
        whole = [max((-(-n // s) - 1) * s + d * (k - 1) + 1 - n, 0) for n, k, s, d in sides]
        top, left = whole[0] // 2, whole[1] // 2
        bottom, right = whole[0] - top, whole[1] - left
    x = F.pad(x, [left, right, top, bottom])
    return F.conv2d(x, weight, bias, strides, 0, dilations, int(op.groups or 1))


def _matmul(op: _Inputs) -> Tensor:
    x = op.x.transpose(-1, -2) if op.transpose_x else op.x
    y = op.y.transpose(-1, -2) if op.transpose_y else op.y
    return torch.matmul(x, y)


def _lut_to_dense(op: _Inputs) -> Tensor:
    """Palettised weights of iOS 16: `indices` is a bit-packed or plain row of positions in `lut`."""
    lut: Tensor = op.lut.flatten()
    shape = op.numbers("shape")
    indices = op.indices.flatten()
    bits = (len(lut) - 1).bit_length()
    if bits < 8:
        unpacked = np.unpackbits(indices.numpy().astype(np.uint8), bitorder="little")
        rows = unpacked[: int(np.prod(shape)) * bits].reshape(-1, bits)
        indices = torch.from_numpy(rows.astype(np.int64) @ (1 << np.arange(bits)))
    return lut[indices.long()].view(shape)


def _affine_dequantize(op: _Inputs) -> Tensor:
    data: Tensor = op.quantized_data.float()
    scale, zero = torch.as_tensor(op.scale), torch.as_tensor(op.zero_point)
    if scale.ndim:
        view = [1] * data.ndim
        view[int(op.axis)] = -1
        scale = scale.view(view)
        zero = zero.view(view) if zero.ndim else zero
    return (data - zero.float()) * scale


def _pool(reduce: Callable[..., Tensor]) -> Callable[[_Inputs], Tensor]:
    def compute(op: _Inputs) -> Tensor:
        padding = op.numbers("pad") if op.pad is not None else [0]
        if op.pad_type not in ("valid", "custom") or len(set(padding)) > 1 or op.exclude_padding_from_average:
            raise UnknownOp(f"Padding {op.pad_type!r} of the op {op.kind!r} is unknown to Mien's evaluator.")
        return reduce(op.x, op.numbers("kernel_sizes"), op.numbers("strides"), padding[0])

    return compute


def _reduce(reduce: Callable[..., Tensor]) -> Callable[[_Inputs], Tensor]:
    return lambda op: reduce(op.x, op.numbers("axes"), keepdim=bool(op.keep_dims))


OPS: dict[str, Callable[[_Inputs], Tensor]] = {
    "abs": lambda op: op.x.abs(),
    "add": lambda op: op.x + op.y,
    "sub": lambda op: op.x - op.y,
    "mul": lambda op: op.x * op.y,
    "real_div": lambda op: op.x / op.y,
    "cast": lambda op: op.x,
    "clip": lambda op: op.x.clamp(op.alpha, op.beta),
    "relu": lambda op: F.relu(op.x),
    "sigmoid": lambda op: torch.sigmoid(op.x),
    "silu": lambda op: F.silu(op.x),
    "identity": lambda op: op.x,
    "conv": _conv,
    "linear": lambda op: F.linear(op.x, op.weight, op.bias),
    "matmul": _matmul,
    "max_pool": _pool(F.max_pool2d),
    "avg_pool": _pool(F.avg_pool2d),
    "reduce_mean": _reduce(torch.mean),
    "reduce_sum": _reduce(torch.sum),
    # The program takes one picture at a time, the evaluator N: a leading 1 stands for N.
    "reshape": lambda op: op.x.reshape([len(op.x), *op.numbers("shape")[1:]]),
    "squeeze": lambda op: op.x.squeeze(op.numbers("axes")),
    "expand_dims": lambda op: op.x[(None,) * len(op.numbers("axes"))],
    "transpose": lambda op: op.x.permute(op.numbers("perm")),
    "concat": lambda op: torch.cat(op._value(op.operation.inputs["values"]), int(op.axis)),
    "softmax": lambda op: F.softmax(op.x, int(op.axis)),
    "constexpr_lut_to_dense": _lut_to_dense,
    "constexpr_affine_dequantize": _affine_dequantize,
}


def has_core_ml() -> bool:
    """Whether Core ML itself can run a package here: macOS, unless MIEN_MIL_EVALUATOR is set."""
    return platform.system() == "Darwin" and not os.environ.get("MIEN_MIL_EVALUATOR")


def predict_with_core_ml(package: Path, faces: Iterable[NDArray[np.uint8]]) -> NDArray[np.float32]:
    """Probabilities (N, C) by Core ML itself, of grey faces (size, size); macOS only."""
    import coremltools as ct
    from PIL import Image

    program = Program(package)
    model = ct.models.MLModel(str(package))
    answers = [model.predict({program.input_name: Image.fromarray(face, "L")}) for face in faces]
    name = program.spec.description.predictedProbabilitiesName
    return np.array([[answer[name][label] for label in program.labels] for answer in answers], dtype=np.float32)
