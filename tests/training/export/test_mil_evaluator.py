"""Each op of the evaluator, in programs built op by op with coremltools and read back from disk, against PyTorch."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from training.export.mil_evaluator import Program, UnknownOp
from training.export.quiet import quiet

GENERATOR = np.random.default_rng(0)
KERNEL = GENERATOR.normal(0, 0.2, (4, 1, 3, 3)).astype(np.float32)
GROUPED = GENERATOR.normal(0, 0.2, (4, 2, 3, 3)).astype(np.float32)
MATRIX = GENERATOR.normal(0, 0.2, (3, 4)).astype(np.float32)


def build(path: Path, body: Callable[[Any, Any], Any]) -> Path:
    """A package that classifies the (1, 3) numbers that `body` makes of the picture, after a softmax."""
    with quiet():
        import coremltools as ct
        from coremltools.converters.mil import Builder as mb  # noqa: N813

        @mb.program(input_specs=[mb.TensorSpec(shape=(1, 1, 12, 12))], opset_version=ct.target.iOS16)
        def program(face: Any) -> Any:
            return mb.softmax(x=body(mb, mb.mul(x=face, y=np.float32(1 / 255))), axis=-1)

        model = ct.convert(
            program,
            inputs=[ct.ImageType("face", (1, 1, 12, 12), color_layout=ct.colorlayout.GRAYSCALE)],
            classifier_config=ct.ClassifierConfig(["a", "b", "c"]),
            convert_to="mlprogram",
            compute_precision=ct.precision.FLOAT32,
            minimum_deployment_target=ct.target.iOS16,
        )
        model.save(str(path))
    return path


def three(mb: Any, x: Any) -> Any:
    """(1, 4, h, w) → (1, 3)."""
    return mb.linear(x=mb.reduce_mean(x=x, axes=[2, 3], keep_dims=False), weight=MATRIX * 9)


def three_torch(x: Tensor) -> Tensor:
    return F.linear(x.mean((2, 3)), torch.from_numpy(MATRIX * 9))


def conv(x: Tensor, **options: Any) -> Tensor:
    return F.conv2d(x, torch.from_numpy(KERNEL), **options)


PROGRAMS: dict[str, tuple[Callable[[Any, Any], Any], Callable[[Tensor], Tensor]]] = {
    "uneven padding": (
        lambda mb, x: three(mb, mb.conv(x=x, weight=KERNEL, pad_type="custom", pad=[2, 0, 1, 3])),
        lambda x: three_torch(conv(F.pad(x, [1, 3, 2, 0]))),
    ),
    "same padding, stride 2": (
        lambda mb, x: three(mb, mb.conv(x=x, weight=KERNEL, pad_type="same", strides=[2, 2])),
        lambda x: three_torch(conv(F.pad(x, [0, 1, 0, 1]), stride=2)),
    ),
    "grouped and dilated": (
        lambda mb, x: three(
            mb,
            mb.conv(
                x=mb.conv(x=x, weight=KERNEL, pad_type="valid"),
                weight=GROUPED,
                groups=2,
                dilations=[2, 2],
                pad_type="valid",
            ),
        ),
        lambda x: three_torch(F.conv2d(conv(x), torch.from_numpy(GROUPED), groups=2, dilation=2)),
    ),
    "arithmetic": (
        lambda mb, x: three(
            mb, mb.relu(x=mb.sub(x=mb.add(x=mb.conv(x=x, weight=KERNEL, pad_type="valid"), y=0.1), y=0.3))
        ),
        lambda x: three_torch(F.relu(conv(x) - 0.2)),
    ),
    "matmul and reshape": (
        lambda mb, x: mb.matmul(
            x=mb.reshape(
                x=mb.reduce_mean(x=mb.conv(x=x, weight=KERNEL, pad_type="valid"), axes=[2, 3], keep_dims=True),
                shape=[1, 4],
            ),
            y=MATRIX * 9,
            transpose_y=True,
        ),
        lambda x: three_torch(conv(x)),
    ),
    "pooling": (
        lambda mb, x: three(
            mb,
            mb.avg_pool(
                x=mb.max_pool(
                    x=mb.conv(x=x, weight=KERNEL, pad_type="valid"),
                    kernel_sizes=[2, 2],
                    strides=[1, 1],
                    pad_type="valid",
                ),
                kernel_sizes=[3, 3],
                strides=[2, 2],
                pad_type="valid",
            ),
        ),
        lambda x: three_torch(F.avg_pool2d(F.max_pool2d(conv(x), 2, 1), 3, 2)),
    ),
    "activations, joined": (
        lambda mb, x: three(
            mb,
            mb.concat(
                values=[
                    mb.sigmoid(x=mb.conv(x=x, weight=KERNEL[:2], pad_type="valid")),
                    mb.silu(x=mb.conv(x=x, weight=KERNEL[2:], pad_type="valid")),
                ],
                axis=1,
            ),
        ),
        lambda x: three_torch(torch.cat([torch.sigmoid(conv(x)[:, :2]), F.silu(conv(x)[:, 2:])], 1)),
    ),
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_computes_what_pytorch_does(name: str, tmp_path: Path) -> None:
    body, reference = PROGRAMS[name]
    package = build(tmp_path / "test.mlpackage", body)
    pixels = torch.randint(0, 256, (5, 1, 12, 12), generator=torch.Generator().manual_seed(2), dtype=torch.uint8)
    expected = F.softmax(reference(pixels.float() / 255), 1).numpy()
    with quiet():
        found = Program(package).predict(pixels)
    assert np.abs(found - expected).max() < 1e-5
    assert expected.std(0).max() > 1e-4, "the pictures do not tell the answers apart"


def test_an_unknown_op_is_named(tmp_path: Path) -> None:
    package = build(
        tmp_path / "test.mlpackage",
        lambda mb, x: three(mb, mb.cosh(x=mb.conv(x=x, weight=KERNEL, pad_type="valid"))),
    )
    with quiet(), pytest.raises(UnknownOp, match="cosh"):
        Program(package).predict(torch.zeros(1, 1, 12, 12))
