"""Activations in four bits: what a replay file holds of a network's maps, packed."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import torch
from torch import Tensor

LEVELS = 11


def encode(activations: Tensor) -> tuple[Tensor, Tensor]:
    """4-bit codes (N, C, h, w) uint8 and scales (C,) of activations that are never negative."""
    per_channel = activations.transpose(0, 1).flatten(1).sort(1).values
    scale = per_channel[:, int(0.9995 * (per_channel.shape[1] - 1))].clamp(min=1e-6)
    return codes_of(activations, scale), scale


def codes_of(activations: Tensor, scale: Tensor) -> Tensor:
    """Codes by known scales. Stored as a square root: small values get finer steps."""
    root = (activations / scale[None, :, None, None]).clamp(0, 1).sqrt()
    return (root * LEVELS).round().to(torch.uint8)


def decode(codes: Tensor, scale: Tensor) -> Tensor:
    """Activations (N, C, h, w), float."""
    return (codes.float() / LEVELS) ** 2 * scale[None, :, None, None]


def packed(codes: Tensor) -> Tensor:
    """Codes packed by Huffman's code alone, as bytes: small ones are frequent, and nothing repeats."""
    packer = zlib.compressobj(9, strategy=zlib.Z_HUFFMAN_ONLY)
    return torch.frombuffer(bytearray(packer.compress(codes.numpy().tobytes()) + packer.flush()), dtype=torch.uint8)


def unpacked(data: Tensor, shape: Sequence[int]) -> Tensor:
    """What was `packed`. Raises zlib.error or RuntimeError where it is damaged, or of another shape."""
    return torch.frombuffer(bytearray(zlib.decompress(data.numpy().tobytes())), dtype=torch.uint8).view(list(shape))
