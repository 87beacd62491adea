import torch

from training.augment import Augmentation


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
    still = Augmentation(angle=0, scale=0, shift=0, light=0, blur=0, erase=0)
    varied = still(faces(32), torch.Generator().manual_seed(0))
    ramp = faces(1)[0]
    flipped = sum(bool(torch.allclose(picture, ramp.flip(-1), atol=0.01)) for picture in varied)
    kept = sum(bool(torch.allclose(picture, ramp, atol=0.01)) for picture in varied)
    assert flipped + kept == 32 and flipped > 5 and kept > 5


def test_erasing_is_local() -> None:
    erase = Augmentation(angle=0, scale=0, shift=0, light=0, blur=0, erase=1)
    black = torch.zeros(64, 1, 48, 48)
    changed = (erase(black, torch.Generator().manual_seed(1)) != 0).float().mean((1, 2, 3))
    assert changed.max() <= 0.27 and (changed > 0).sum() > 50
