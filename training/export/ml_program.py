"""A network as Core ML's ML program, put together op by op: tracing it in PyTorch takes seconds for the same thing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from torch import Tensor, nn

from models.network import PIXEL_MEAN, PIXEL_SCALE, FoldedBlock, Network
from models.sign_detector import SignDetector
from training.export.model_names import INPUT_NAME


def ml_program(network: Network, temperature: float) -> Any:
    """What the folded `network` and `training.export.classifier` compute of one picture (1, 1, size, size), 0…255.

    A `coremltools` program in single precision, which `coremltools.convert` goes on with.
    """
    import coremltools as ct
    from coremltools.converters.mil import Builder as Ops

    side = network.config.size

    def blocks(value: Any, each: Iterable[nn.Module]) -> Any:
        for block in each:
            assert isinstance(block, FoldedBlock)
            value = Ops.relu(x=_convolution(Ops, value, block.conv))
        return value

    @Ops.program(input_specs=[Ops.TensorSpec((1, 1, side, side))], opset_version=ct.target.iOS16)  # type: ignore[untyped-decorator]
    def program(face: Any) -> Any:
        scaled = Ops.real_div(x=Ops.sub(x=face, y=np.float32(PIXEL_MEAN)), y=np.float32(PIXEL_SCALE))
        *before, last_but_one = network.first_stages
        early = blocks(scaled, [block for stage in before for block in stage.children()])
        trunk = blocks(early, [*last_but_one.children(), network.last_stage[0]])
        maps = [blocks(trunk, list(network.last_stage)[1:])]
        if network.config.adapted:
            means = Ops.reduce_mean(x=trunk, axes=[2, 3], keep_dims=True)
            share = Ops.sigmoid(x=_convolution(Ops, means, network.gate))
            known = Ops.mul(x=maps[0], y=Ops.sub(x=np.float32(1), y=share))
            maps = [known, Ops.mul(x=blocks(trunk, network.adapter), y=share)]
        if network.config.signs:
            maps.append(_signs(Ops, early, network.signs))
        last_map = Ops.concat(values=maps, axis=1) if len(maps) > 1 else maps[0]
        features = Ops.reshape(x=_convolution(Ops, last_map, network.pool), shape=[1, -1])
        logits = Ops.linear(x=features, weight=_values(network.head.weight), bias=_values(network.head.bias))
        return Ops.softmax(x=Ops.real_div(x=logits, y=np.float32(temperature)), axis=1)

    picture = ct.ImageType(INPUT_NAME, (1, 1, side, side), color_layout=ct.colorlayout.GRAYSCALE, channel_first=True)
    program.functions["main"].set_input_types((picture,))
    return program


def _signs(operations: Any, early: Any, signs: SignDetector) -> Any:
    means = operations.avg_pool(x=early, kernel_sizes=[4, 4], strides=[2, 2], pad_type="custom", pad=[1, 1, 1, 1])
    mirrored = operations.matmul(x=means, y=_values(signs.mirror))
    distance = operations.abs(x=operations.sub(x=means, y=mirrored))
    compared = operations.concat(values=[distance, operations.add(x=means, y=mirrored)], axis=1)
    found = operations.relu(x=_convolution(operations, compared, signs.spots))
    return operations.mul(x=found, y=_values(signs.place)[None])


def _convolution(operations: Any, value: Any, conv: nn.Conv2d) -> Any:
    down, across = (int(pad) for pad in conv.padding)
    bias = {} if conv.bias is None else {"bias": _values(conv.bias)}
    return operations.conv(
        x=value,
        weight=_values(conv.weight),
        strides=list(conv.stride),
        pad_type="custom",
        pad=[down, down, across, across],
        groups=conv.groups,
        **bias,
    )


def _values(tensor: Tensor) -> Any:
    return tensor.detach().cpu().numpy()
