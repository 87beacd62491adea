"""The expression network: plain 3×3 convolutions, trained with several branches, folded into one for inference.

The block adds up a 3×3 convolution, a 1×1 convolution and an identity, as RepVGG's does (Ding et al., 2021,
https://arxiv.org/abs/2101.03697). The branches are added as kernels, before the picture passes, with one batch
normalisation behind them (online re-parameterisation, Hu et al., 2022, https://arxiv.org/abs/2204.00826): a step then
costs one convolution instead of two and three normalisations. After training `Network.fold` leaves a single 3×3
convolution with bias: what is saved, fine-tuned, exported and run.

What a person teaches stands beside what the network knows: an adapted network has the blocks that its tail consists of
twice, as they were and as they were taught, and a gate that says for each face how far the taught ones count. Faces
unlike the person's are answered as before (`training.adaptation`).

A small sign, such as a wink, hardly shows in the last map. A network with signs looks for each in an earlier one, and
what it finds is one more channel of the last (`models.sign_detector`).
"""

from __future__ import annotations

import copy
import math
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from models.sign_detector import SignDetector

PIXEL_MEAN, PIXEL_SCALE = 127.5, 64.0
"""The network's first layer takes the one away from each pixel, 0…255, and divides by the other."""


@dataclass(frozen=True)
class NetworkConfig:
    """Shape of a network: `classes` outputs, and per stage its channels and its number of blocks.

    The first block of each stage halves the resolution, that of the first stage by `first_stride`: 1 keeps it whole.
    `size` is the side of the square input in pixels. With `adapted` it has a taught branch beside its tail; it
    looks for so many small `signs`.
    """

    classes: int = 8
    widths: tuple[int, ...] = (48, 96, 144, 256)
    depths: tuple[int, ...] = (2, 3, 4, 3)
    size: int = 48
    first_stride: int = 2
    adapted: bool = False
    signs: int = 0

    @property
    def features(self) -> int:
        """How many features the head sees: channels of the last map."""
        return self.widths[-1] * (2 if self.adapted else 1) + self.signs

    @property
    def strides(self) -> tuple[int, ...]:
        """By how much each stage divides the resolution."""
        return (self.first_stride, *(2 for _ in self.widths[1:]))

    @property
    def map_side(self) -> int:
        """Side of the last feature map: each stage gives ceil(side / stride)."""
        return -(-self.size // math.prod(self.strides))

    @property
    def early_side(self) -> int:
        """Side of what comes out of `Network.early`."""
        return -(-self.size // math.prod(self.strides[:-2]))

    @property
    def can_have_signs(self) -> bool:
        """Whether there is a map early enough to look for signs in, of cells that have a mirror image."""
        return len(self.widths) > 2 and self.early_side % 2 == 0 and self.early_side >= 4


class BranchedBlock(nn.Module):
    """Three branches in one block, for training; `fold` gives the same function as one convolution with bias."""

    def __init__(self, channels_in: int, channels_out: int, stride: int) -> None:
        super().__init__()
        self.conv3 = nn.Conv2d(channels_in, channels_out, 3, stride, padding=1, bias=False)
        self.conv1 = nn.Conv2d(channels_in, channels_out, 1, stride, bias=False)
        for conv in (self.conv3, self.conv1):
            nn.init.kaiming_normal_(conv.weight, nonlinearity="relu")
        self.scale3 = nn.Parameter(torch.ones(channels_out))
        self.scale1 = nn.Parameter(torch.ones(channels_out))
        keeps_shape = stride == 1 and channels_in == channels_out
        self.scale0 = nn.Parameter(torch.ones(channels_out)) if keeps_shape else None
        self.norm = nn.BatchNorm2d(channels_out)

    def kernel(self) -> Tensor:
        """The branches as one kernel, (channels out, channels in, 3, 3)."""
        centre = self.conv1.weight * self.scale1[:, None, None, None]
        if self.scale0 is not None:
            centre = centre + torch.diag(self.scale0)[:, :, None, None]
        return self.conv3.weight * self.scale3[:, None, None, None] + F.pad(centre, [1, 1, 1, 1])

    def forward(self, x: Tensor) -> Tensor:
        kernel = self.kernel().contiguous(memory_format=torch.channels_last)
        return F.relu(self.norm(F.conv2d(x, kernel, None, self.conv3.stride, padding=1)))

    def fold(self) -> FoldedBlock:
        norm = self.norm
        assert norm.running_mean is not None and norm.running_var is not None
        kernel = self.kernel()
        scale = norm.weight / torch.sqrt(norm.running_var + norm.eps)
        folded = FoldedBlock(kernel.shape[1], kernel.shape[0], self.conv3.stride[0])
        folded.conv.load_state_dict(
            {"weight": kernel * scale[:, None, None, None], "bias": norm.bias - norm.running_mean * scale}
        )
        return folded


class FoldedBlock(nn.Module):
    """Convolution and ReLU: the block as it runs."""

    def __init__(self, channels_in: int, channels_out: int, stride: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(channels_in, channels_out, 3, stride, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(self.conv(x))


class Network(nn.Module):
    """Grey face crops in, logits out.

    Input: float (N, 1, size, size), raw pixels 0…255. Output: float (N, classes), logits.
    `trunk` and `tail` are its two halves: the trunk ends behind the block that last halves the resolution, and replay
    stores what comes out of it. The tail is the last stage's other blocks, pool and head.

    In an adapted network `adapter` is a second copy of those blocks, and `gate` a 1×1 convolution that tells from the
    means of the trunk's channels how far it counts. A network with signs has `signs`, which finds them in what comes
    out of `early`, the stages before the last two.
    """

    def __init__(self, config: NetworkConfig | None = None, *, folded: bool = True) -> None:
        super().__init__()
        self.config = config or NetworkConfig()
        block = FoldedBlock if folded else BranchedBlock
        channels = 1
        stages: list[nn.Sequential] = []
        for width, depth, stride in zip(self.config.widths, self.config.depths, self.config.strides, strict=True):
            blocks: list[nn.Module] = [block(channels, width, stride)]
            blocks += [block(width, width, stride=1) for _ in range(depth - 1)]
            stages.append(nn.Sequential(*blocks))
            channels = width
        self.first_stages = nn.Sequential(*stages[:-1])
        self.last_stage = stages[-1]
        # A depthwise convolution over the whole last map: average pooling that learns where on the face to look
        # (global depthwise convolution, MobileFaceNets, Chen et al., 2018). It starts as the plain average.
        side, features = self.config.map_side, self.config.features
        self.pool = nn.Conv2d(features, features, side, groups=features, bias=False)
        nn.init.constant_(self.pool.weight, 1 / side**2)
        self.head = nn.Linear(features, self.config.classes)
        if self.config.adapted:
            self.adapter = nn.Sequential(*(block(channels, channels, stride=1) for _ in self.last_stage[1:]))
            self.gate = nn.Conv2d(channels, 1, 1)
        if self.config.signs:
            self.signs = SignDetector(self.config.widths[-3], self.config.early_side, side, self.config.signs)

    def trunk(self, pixels: Tensor) -> Tensor:
        """Activations behind the last stage's first block: (N, 1, size, size) → (N, C, h, w), never negative."""
        return self.late(self.early(pixels))

    def early(self, pixels: Tensor) -> Tensor:
        """Activations behind the stages before the last two, in which signs show: (N, E, H, W), never negative."""
        activations: Tensor = self.first_stages[:-1]((pixels - PIXEL_MEAN) / PIXEL_SCALE)
        return activations

    def late(self, early: Tensor) -> Tensor:
        """What `trunk` makes of what came out of `early`."""
        activations: Tensor = self.last_stage[0](self.first_stages[-1:](early))
        return activations

    def last_map(self, activations: Tensor, signs: Tensor | None = None) -> Tensor:
        """The last feature map: (N, C, h, w) of `trunk` → (N, D, h, w), never negative.

        In an adapted network it is what the tail knew, and behind it what the adapter sees, each scaled by its share.
        What `signs` found, (N, S, h, w), comes last.
        """
        maps = [self.last_stage[1:](activations)]
        if self.config.adapted:
            share = torch.sigmoid(self.gate(activations.mean((2, 3), keepdim=True)))
            maps = [maps[0] * (1 - share), self.adapter(activations) * share]
        return torch.cat(maps if signs is None else [*maps, signs], 1)

    def embed(self, activations: Tensor, signs: Tensor | None = None) -> Tensor:
        """Features before the head: what `last_map` takes → (N, D)."""
        features: Tensor = self.pool(self.last_map(activations, signs))
        return features.flatten(1)

    def tail(self, activations: Tensor, signs: Tensor | None = None) -> Tensor:
        """Logits (N, classes) from what `last_map` takes."""
        logits: Tensor = self.head(self.embed(activations, signs))
        return logits

    def forward(self, pixels: Tensor) -> Tensor:
        early = self.early(pixels)
        return self.tail(self.late(early), self.signs(early) if self.config.signs else None)

    def fold(self) -> Network:
        """The same function (in evaluation mode) with one convolution a block. A folded network gives a copy."""
        folded = copy.deepcopy(self)
        with torch.no_grad():
            folded.first_stages = nn.Sequential(*(_fold_stage(stage) for stage in self.first_stages))
            folded.last_stage = _fold_stage(self.last_stage)
            if self.config.adapted:
                folded.adapter = _fold_stage(self.adapter)
        return folded.eval()


def _fold_stage(stage: nn.Module) -> nn.Sequential:
    return nn.Sequential(*(_fold_block(block) for block in stage.children()))


def _fold_block(block: nn.Module) -> FoldedBlock:
    if isinstance(block, BranchedBlock):
        return block.fold()
    assert isinstance(block, FoldedBlock)
    same = FoldedBlock(block.conv.in_channels, block.conv.out_channels, block.conv.stride[0])
    same.load_state_dict(block.state_dict())
    return same
