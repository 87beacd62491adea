from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields

import cv2
import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from training import camera_damage
from training.camera_damage import CameraDamage, jpeg

NONE = {field.name: 0.0 for field in fields(CameraDamage) if field.name != "spared"}


@pytest.fixture
def pictures(faces: Tensor) -> Tensor:
    """Soft blotches with a sharp edge through them, (24, 1, 48, 48)."""
    pictures = faces.float() * 0.6 + 40
    pictures[:, :, :, 24:] += 40
    return pictures.round()


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def sharpness(pictures: Tensor) -> Tensor:
    return (pictures[..., 1:] - pictures[..., :-1]).abs().mean((1, 2, 3))


def test_whole_numbers_in_range_and_the_same_for_a_seed(pictures: Tensor) -> None:
    damaged = CameraDamage()(pictures, generator())
    assert damaged.shape == pictures.shape and damaged.min() >= 0 and damaged.max() <= 255
    assert torch.equal(damaged, damaged.round()) and not torch.equal(damaged, pictures)
    assert torch.equal(damaged, CameraDamage()(pictures, generator()))
    assert not torch.equal(damaged, CameraDamage()(pictures, generator(1)))


@pytest.mark.parametrize("name", sorted(NONE))
def test_each_damage_takes_its_share_of_the_pictures(pictures: Tensor, name: str) -> None:
    many = pictures.repeat(20, 1, 1, 1)
    changed = (CameraDamage(**NONE | {name: 0.3})(many, generator()) != many).flatten(1).any(1)
    assert 0.2 < float(changed.float().mean()) < 0.4
    assert torch.equal(CameraDamage(**NONE)(many, generator()), many)


def test_a_share_is_spared(pictures: Tensor) -> None:
    many = pictures.repeat(20, 1, 1, 1)
    spoilt = CameraDamage(**NONE | {"flat": 1.0}, spared=0.4)
    changed = (spoilt(many, generator()) != many).flatten(1).any(1)
    assert 0.5 < float(changed.float().mean()) < 0.7


@pytest.mark.parametrize("height, width", [(48, 48), (33, 50), (7, 9)])
def test_any_size(height: int, width: int) -> None:
    always = CameraDamage(*[1.0] * len(NONE))
    damaged = always(torch.rand(6, 1, height, width) * 255, generator())
    assert damaged.shape == (6, 1, height, width) and bool(torch.isfinite(damaged).all())
    assert always(torch.rand(0, 1, height, width), generator()).shape == (0, 1, height, width)


@pytest.mark.parametrize("quality", [10, 35, 50, 80, 95])
def test_jpeg_is_what_a_jpeg_encoder_leaves(pictures: Tensor, quality: int) -> None:
    ours = jpeg(pictures, torch.full((len(pictures),), float(quality)))[:, 0].numpy()
    plain = pictures[:, 0].numpy().astype(np.uint8)
    encoded = (cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])[1] for picture in plain)
    theirs = np.stack([cv2.imdecode(bytes_, cv2.IMREAD_GRAYSCALE) for bytes_ in encoded]).astype(np.float32)
    assert np.abs(ours - theirs).mean() < 0.5
    assert np.abs(ours - pictures[:, 0].numpy()).mean() > np.abs(ours - theirs).mean()


def test_few_pixels_are_what_scaling_leaves(pictures: Tensor) -> None:
    for kept, mode in ((13, "bilinear"), (30, "bicubic")):
        small = F.interpolate(pictures, size=kept, mode="area")
        expected = F.interpolate(small, size=48, mode=mode, align_corners=False)
        matrix = camera_damage._resampling(48, kept, "linear" if mode == "bilinear" else "cubic")
        torch.testing.assert_close(matrix @ pictures @ matrix.T, expected, rtol=0, atol=1e-3)


@pytest.mark.parametrize("soften", [camera_damage.blurred, camera_damage.coarsened])
def test_what_softens_keeps_brightness_and_flat_pictures(
    pictures: Tensor, soften: Callable[[Tensor, torch.Generator], Tensor]
) -> None:
    softened = soften(pictures, generator())
    assert bool((sharpness(softened) < sharpness(pictures) + 1e-3).all())
    torch.testing.assert_close(softened.mean((1, 2, 3)), pictures.mean((1, 2, 3)), rtol=0, atol=4)
    flat = torch.full((8, 1, 48, 48), 90.0)
    torch.testing.assert_close(soften(flat, generator()), flat, rtol=0, atol=1e-3)


def test_noise_is_as_strong_as_it_says() -> None:
    grey = torch.full((500, 1, 48, 48), 128.0)
    strength = camera_damage.noisy(grey, generator()).std((1, 2, 3))
    assert float(strength.min()) > 1.5 and float(strength.max()) < 34 and 13 < float(strength.mean()) < 20


def test_light_from_behind_leaves_the_face_dark() -> None:
    grey = torch.full((400, 1, 48, 48), 120.0)
    lit = camera_damage.shaded(grey, generator())[:, 0]
    corners = torch.stack([lit[:, 0, 0], lit[:, 0, -1], lit[:, -1, 0], lit[:, -1, -1]], 1)
    behind = (corners.min(1).values > 121) & (lit[:, 24, 24] < 119)
    assert 0.15 < float(behind.float().mean()) < 0.35
    assert float(lit[~behind][:, 24, 24].mean()) == pytest.approx(120, abs=4)
