"""Signs, found in maps that are made up: noise, and a spot on one side of some faces."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from models.network import Network
from models.sign_detector import cell_means, compared
from tests.training.conftest import changed, map_of, small_adapted_network, small_network, small_signed_network
from training.base.activation_codes import encode
from training.base.replay_spots import ReplaySpots, patches
from training.signs import FAINT, FEWEST, HUSHED, TELLING, Examples, find_sign, find_signs, with_signs, without_signs

SPOT = (4, 4)
"""The cell where it is, or its mirror image."""


def maps(count: int, seed: int) -> Tensor:
    """Cell means (N, 6, 12, 12) of faces that show nothing."""
    return torch.randn(count, 6, 12, 12, generator=torch.Generator().manual_seed(seed)).abs()


def shown(means: Tensor, strength: float = 2.0) -> Tensor:
    """With the spot: on the left of every other face, on the right of the rest."""
    marked, (y, x) = means.clone(), SPOT
    marked[::2, :3, y, x] += strength
    marked[1::2, :3, y, 11 - x] += strength
    return marked


def examples(mine: Tensor, other: Tensor | None = None) -> Examples:
    views = torch.stack([mine, mine.flip(3)])
    return Examples(views, maps(30, 2) if other is None else other, maps(400, 3))


def test_a_spot_is_found_where_it_is_and_tells_faces_apart() -> None:
    sign = find_sign(7, examples(shown(maps(20, 1))))
    assert sign is not None and sign.row == 7 and SPOT in sign.patch and sign.found >= TELLING
    network = small_network(classes=8, widths=(6, 12, 16))
    found = with_signs(network, [sign], torch.eye(8), torch.zeros(8)).signs.find
    others, marked = (found(each).sum((1, 2, 3)) / sign.plain for each in (maps(500, 4), shown(maps(500, 5), 3)))
    assert float((others > 1 - FAINT).float().mean()) < 0.01
    assert float((marked > 1 - FAINT).float().mean()) > 0.6


@pytest.mark.parametrize("seed", range(4))
def test_where_nothing_is_nothing_is_found(seed: int) -> None:
    assert find_sign(7, examples(maps(12, 10 + seed))) is None


def test_what_the_persons_other_faces_have_too_is_no_sign() -> None:
    assert find_sign(7, examples(shown(maps(20, 1)), shown(maps(30, 2)))) is None


@pytest.mark.parametrize("count", [9, 20])
def test_who_the_person_is_is_no_sign(count: int) -> None:
    looks = 2 * torch.rand(6, 12, 12, generator=torch.Generator().manual_seed(8))
    mine, other = (maps(count, seed) + looks for seed in (1, 2))
    assert find_sign(7, examples(mine, other)) is None
    sign = find_sign(7, examples(shown(mine, 6), other))
    assert sign is not None and SPOT in sign.patch


def test_it_is_found_without_other_faces_of_the_person() -> None:
    sign = find_sign(7, examples(shown(maps(20, 1)), maps(0, 2)))
    assert sign is not None and SPOT in sign.patch


def test_a_plain_sign_adds_what_half_of_the_others_lack() -> None:
    sign = find_sign(2, examples(shown(maps(20, 1))))
    assert sign is not None
    network = small_network(widths=(6, 12, 16))
    logits = torch.tensor([[5.0, 0.0, 1.0], [3.0, 0.0, 1.0], [0.0, 7.0, -1.0], [0.0, 0.0, 90.0]])
    signed = with_signs(network, [sign], logits, torch.tensor([0, 0, 1, 2]))
    adds = signed.head.weight[:, -1]
    assert float(adds[2] * (1 - FAINT) * sign.plain) == pytest.approx(4), "of leads 4, 2 and 8"
    assert adds[:2].tolist() == [0, 0]
    assert (network.head.bias - signed.head.bias).tolist() == pytest.approx([0, 0, HUSHED])
    means = shown(maps(40, 6))
    seen = compared(means, torch.eye(12).flip(1))
    cells = zip(sign.patch, sign.weights, strict=True)
    score = torch.stack([seen[:, :, y, x] @ weights for (y, x), weights in cells]).sum(0) - sign.offset
    found = signed.signs.find(means).sum((1, 2, 3))
    torch.testing.assert_close(found, torch.relu(score - FAINT * sign.plain), atol=1e-3, rtol=1e-3)


def test_a_network_without_its_signs_is_what_it_was(faces: Tensor) -> None:
    plain, signed = small_adapted_network(), small_signed_network()
    again = without_signs(signed)
    assert again.config == plain.config and changed(plain, again) == set()
    with torch.inference_mode():
        logits, before = signed(faces.float()), plain(faces.float())
        found = map_of(signed, faces.float())[:, -2:].sum((2, 3))
    added = found @ signed.head.weight[:, -2:].T - torch.tensor([0, HUSHED, HUSHED])
    torch.testing.assert_close(logits - before, added, atol=1e-3, rtol=1e-3)
    assert 0 < int((found > 0).sum()) < found.numel(), "some faces show them"


def test_of_a_network_with_a_persons_crops(faces: Tensor) -> None:
    """Enough images of a label, and what marks them is on the pictures themselves."""
    network: Network = small_network(first_stride=1, widths=(8, 12, 16))
    noise = torch.rand(440, 1, 12, 12, generator=torch.Generator().manual_seed(0))
    pixels = torch.nn.functional.interpolate(80 + 60 * noise, (48, 48), mode="bilinear")
    with torch.no_grad():
        spots = ReplaySpots(*encode(cell_means(network.early(pixels[40:]))))
    mine = pixels[:40].clone()
    mine[:20, :, 16:22, 12:20] = 255
    wide = torch.nn.functional.pad(mine, [14, 15, 14, 15], "replicate")
    classes = torch.arange(40) // 20
    looked: list[str] = []
    (sign,) = find_signs(network, {"shout": 0}, wide, mine, classes, spots, 0, looked.append)
    assert looked == ["shout"]
    middle = torch.tensor(sign.patch).float().mean(0) * 48 / 24
    assert sign.row == 0 and 14 < middle[0] < 26 and 8 < middle[1] < 24
    few = torch.cat([torch.arange(FEWEST - 1), torch.arange(20, 40)])
    assert find_signs(network, {"shout": 0}, wide[few], mine[few], classes[few], spots, 0, looked.append) == []
    assert find_signs(network, {"shout": 0}, wide, mine, classes, None, 0, looked.append) == []
    assert looked == ["shout"], "nothing is said to be looked for that is not"


def test_patches_are_every_cell_of_the_left_half_once() -> None:
    for height, width in ((12, 12), (6, 6), (5, 10)):
        cells = [cell for patch in patches(height, width) for cell in patch]
        assert sorted(cells) == [(y, x) for y in range(height) for x in range(width // 2)]
