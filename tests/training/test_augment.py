from __future__ import annotations

from dataclasses import replace

import pytest
import torch
import torch.nn.functional as F

from training.augment import Augmentation
from training.camera_damage import CameraDamage

NO_CAMERA = CameraDamage(blur=0, dark=0, shaded=0, flat=0, noise=0, coarse=0, jpeg=0)
STILL = Augmentation(angle=0, scale=0, shift=0, light=0, erase=0, camera=NO_CAMERA)


def faces(n: int = 8) -> torch.Tensor:
    ramp = torch.linspace(0, 255, 48).repeat(48, 1)
    return ramp.expand(n, 1, 48, 48).clone()


def test_shape_and_range_stay_and_every_picture_differs() -> None:
    varied = Augmentation()(faces(), torch.Generator().manual_seed(0))
    assert varied.shape == (8, 1, 48, 48)
    assert varied.min() >= 0 and varied.max() <= 255
    assert len({tuple(picture.flatten().tolist()) for picture in varied}) == 8


def test_the_same_seed_gives_the_same() -> None:
    one, other = (Augmentation()(faces(), torch.Generator().manual_seed(3)) for _ in range(2))
    assert torch.equal(one, other)


def test_nothing_to_vary_leaves_pictures_but_for_the_flip() -> None:
    varied = STILL(faces(32), torch.Generator().manual_seed(0))
    ramp = faces(1)[0]
    flipped = sum(bool(torch.allclose(picture, ramp.flip(-1), atol=0.51)) for picture in varied)
    kept = sum(bool(torch.allclose(picture, ramp, atol=0.51)) for picture in varied)
    assert flipped + kept == 32 and flipped > 5 and kept > 5


def test_erasing_is_local() -> None:
    erase = replace(STILL, erase=1)
    black = torch.zeros(64, 1, 48, 48)
    changed = (erase(black, torch.Generator().manual_seed(1)) != 0).float().mean((1, 2, 3))
    assert changed.max() <= 0.27 and (changed > 0).sum() > 50


def test_bars_lie_over_eyes_or_mouth() -> None:
    covered = (replace(STILL, bars=1)(torch.zeros(200, 1, 48, 48), torch.Generator().manual_seed(0)) != 0).float()
    rows = covered.mean((0, 1, 3))
    eyes, between, mouth = rows[13:22].mean(), rows[27], rows[32:41].mean()
    assert eyes > 3 * between and mouth > 2 * between and rows[:6].max() == 0
    assert covered.mean((1, 2, 3)).max() < 0.25


def test_a_share_is_turned_farther() -> None:
    """A bright square beside the middle, seen at the angle by which its picture was turned."""
    pictures = torch.zeros(2000, 1, 48, 48)
    pictures[:, :, 6:10, 22:26] = 255
    turned = replace(STILL, angle=5, far=0.25)(pictures, torch.Generator().manual_seed(0))
    x = torch.arange(48) - 23.5
    mass = turned.sum((1, 2, 3))
    across, down = (turned * x).sum((1, 2, 3)) / mass, (turned * x[:, None]).sum((1, 2, 3)) / mass
    angle = torch.rad2deg(torch.atan2(across, -down)).abs()
    assert float(angle.max()) < 36 and 0.17 < float((angle > 5.5).float().mean()) < 0.26


@pytest.mark.parametrize("angle", [0.0, 0.4])
def test_frames_say_where_the_face_is(angle: float) -> None:
    """What is cut out by a frame is varied as the same square cut out before."""
    wide = F.interpolate(
        torch.rand(6, 1, 12, 12, generator=torch.Generator().manual_seed(0)) * 255, size=96, mode="bicubic"
    )
    cos, sin = 0.5 * torch.cos(torch.tensor(angle)), 0.5 * torch.sin(torch.tensor(angle))
    frame = torch.stack([cos, -sin, torch.tensor(0.1), sin, cos, torch.tensor(-0.05)]).view(1, 2, 3).expand(6, 2, 3)
    cut = F.grid_sample(wide, F.affine_grid(frame, [6, 1, 48, 48], align_corners=False), align_corners=False)
    both = []
    for pictures, frames in ((cut, None), (wide, frame)):
        moving = replace(STILL, angle=10, scale=0.1)
        both.append(moving(pictures, torch.Generator().manual_seed(5), side=48, frames=frames))
    inside = (both[0] - both[1])[:, :, 12:-12, 12:-12].abs()
    assert float(inside.mean()) < 2 and float((both[0] - cut).abs().mean()) > 5
