"""Small signs: what a label of one's own shows at one spot of the face, such as an eye that winks.

The last map has six cells to a side and was trained to see expressions; from twenty images no tail learns of it what an
eye alone does. An earlier map shows it, and in crops that are cut by eyes and mouth each spot of a face has its place.
In the cells of each patch, how far a cell and its mirror image differ and what they have together tells the label's
images from the person's other faces and from spots of the base model's own. The patch is the one whose linear
discriminant tells images best that it was not worked out on; there a logistic regression is fitted. Both see features
whitened by the covariance that the base model's faces have, shrunken. What the regression finds above what nearly all
other faces have adds to the label's logit.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import torch
import torch.nn.functional as F
from torch import Tensor

from models.network import Network
from models.sign_detector import cell_means, compared
from training.augment import GENTLE
from training.base.replay_spots import ReplaySpots, patches
from training.dataset import WIDE
from training.spread import spread

FEWEST = 8
"""Images of a label, fewer than which show no sign."""
LOOKED_AT = 200
"""Images of a label, and of the person's others."""
VIEWS = 6
"""Gentle views of each image, besides itself and its mirror image."""
FOLDS = 4
SHRINKAGE = 0.1
"""How much of its own the covariance's diagonal gains."""
OWN = 0.2
"""The share of the other faces' weight that the person's have."""
PENALTY = 0.03
"""On the regression's squared weights."""
STEPS = 40
RARE, MARGIN = 0.99, 1.55
"""A sign is plain at so many times what this share of other faces stays below: their few others reach far."""
FAINT = 0.6
"""From this share of plain on a sign counts at all."""
HUSHED = 2.0
"""By how much the logit of a label that has a sign is lowered: the sign knows better than what else was learned."""
TELLING = 0.4
"""The share of a label's images, not fitted to, that must be above what `RARE` other faces stay below."""

Patch = Sequence[tuple[int, int]]


@dataclass(frozen=True)
class Sign:
    """What the label in `row` shows in a patch of the map of cell means.

    At its cells (y, x) `weights` (K, F) of what is compared, added up and less `offset`, make a number that is above
    `plain` on hardly any other face. `found` is the share of the label's images that only rare other faces exceed, when
    these images were not fitted to.
    """

    row: int
    patch: Patch
    weights: Tensor
    offset: float
    plain: float
    found: float


@dataclass(frozen=True)
class Examples:
    """Cell means: of a label's images in several views (V, N, C, H, W), of the person's other faces and of known ones,
    (N, C, H, W)."""

    mine: Tensor
    other: Tensor
    known: Tensor


@dataclass(frozen=True)
class PatchFeatures:
    """What is compared in a patch, whitened: of a label's images (V, N, D), the person's others and known ones (N, D).

    `white` (K, F, F) makes them of what is compared less `centre` (K, 1, F).
    """

    patch: Patch
    centre: Tensor
    white: Tensor
    mine: Tensor
    other: Tensor
    known: Tensor

    def parted(self) -> Iterator[tuple[Tensor, Tensor]]:
        """Images and the rest of them, in `FOLDS` parts."""
        rows = torch.arange(self.mine.shape[1])
        for fold in rows.chunk(FOLDS):
            yield fold, rows[~torch.isin(rows, fold)]


def find_signs(
    network: Network,
    rows: Sequence[int],
    wide: Tensor,
    pixels: Tensor,
    classes: Tensor,
    spots: ReplaySpots,
    seed: int,
) -> list[Sign]:
    """The signs of the labels `rows` that have one.

    The person's crops are `pixels` (N, 1, S, S), `wide` as `DataSet` has them, and `classes` (N,).
    """
    generator, known = torch.Generator().manual_seed(seed), spots.means()
    found = []
    for row in rows:
        mine, other = (each.nonzero().flatten() for each in (classes == row, classes != row))
        mine, other = mine[spread(len(mine), LOOKED_AT)], other[spread(len(other), LOOKED_AT)]
        if len(mine) < FEWEST:
            continue
        shown = pixels[mine].float()
        gentle = [GENTLE(wide[mine].float(), generator, side=shown.shape[-1], zoom=1 / WIDE) for _ in range(VIEWS)]
        views = torch.stack([_means(network, view) for view in (shown, shown.flip(3), *gentle)])
        sign = find_sign(row, Examples(views, _means(network, pixels[other]), known))
        found += [sign] if sign else []
    return found


def find_sign(row: int, examples: Examples) -> Sign | None:
    """The sign of the label `row`, if it has one."""
    height, width = examples.known.shape[2:]
    mirror = torch.eye(width).flip(1)
    mine = torch.stack([compared(view, mirror) for view in examples.mine])
    other, known = compared(examples.other, mirror), compared(examples.known, mirror)
    seen = max((_features(patch, mine, other, known) for patch in patches(height, width)), key=_telling)
    weights = _fit(seen, seen.mine)
    rare = max(float(torch.quantile(each @ weights, RARE)) for each in (seen.known, seen.other) if len(each))
    unseen = torch.cat([seen.mine[0, fold] @ _fit(seen, seen.mine[:, rest]) for fold, rest in seen.parted()])
    found = float((unseen > rare).double().mean())
    if rare <= 0 or found < TELLING:
        return None
    of_cells = (weights.view(len(seen.patch), 1, -1) @ seen.white)[:, 0]
    offset = float((of_cells * seen.centre[:, 0]).sum())
    return Sign(row, seen.patch, of_cells.float(), offset, MARGIN * rare, found)


@torch.no_grad()
def _means(network: Network, pixels: Tensor) -> Tensor:
    return torch.cat([cell_means(network.early(part.float())) for part in torch.split(pixels, 128)])


@torch.no_grad()
def with_signs(network: Network, signs: Sequence[Sign], logits: Tensor, classes: Tensor) -> Network:
    """A copy of a network without signs that looks for these.

    A sign that is plain adds what half of all other faces would need to be named so: `network` answers some of them,
    which show `classes` (N,), by `logits` (N, C).
    """
    signed = Network(replace(network.config, signs=len(signs)))
    state, features = network.state_dict(), network.config.features
    signed.pool.weight.fill_(1)
    signed.head.weight.zero_()
    signed.pool.weight[:features], signed.head.weight[:, :features] = state.pop("pool.weight"), state.pop("head.weight")
    signed.load_state_dict(state, strict=False)
    spots, place, side = signed.signs.spots, signed.signs.place, network.config.map_side
    assert spots.bias is not None
    spots.weight.zero_()
    cells = spots.kernel_size[0]
    for number, sign in enumerate(signs):
        for (y, x), weights in zip(sign.patch, sign.weights, strict=True):
            spots.weight[number, :, y, x] = weights
            for column in (x, cells - 1 - x):
                place[number, y * side // cells, column * side // cells] += 0.5 / len(sign.patch)
        spots.bias[number] = -sign.offset - FAINT * sign.plain
        other = logits[classes != sign.row]
        lead = torch.median(other.max(1).values - other[:, sign.row])
        signed.head.weight[sign.row, features + number] = lead / ((1 - FAINT) * sign.plain)
        signed.head.bias[sign.row] -= HUSHED
    return signed.requires_grad_(False).eval()


@torch.no_grad()
def without_signs(network: Network) -> Network:
    """A copy of a network that looks for no signs."""
    plain = Network(replace(network.config, signs=0))
    state, features = network.state_dict(), plain.config.features
    state["pool.weight"], state["head.weight"] = state["pool.weight"][:features], state["head.weight"][:, :features]
    plain.load_state_dict({name: state[name] for name in plain.state_dict()})
    hushed = (network.head.weight[:, features:] != 0).any(1)
    plain.head.bias[hushed] += HUSHED
    return plain.requires_grad_(False).eval()


def _features(patch: Patch, mine: Tensor, other: Tensor, known: Tensor) -> PatchFeatures:
    """Of compared cells: `mine` (V, N, F, H, W), the others (N, F, H, W)."""
    views, own, base = _cells(mine, patch), _cells(other, patch), _cells(known, patch)
    centre = base.mean(1, keepdim=True)
    covariance = (base - centre).mT @ (base - centre) / base.shape[1]
    alone = covariance.diagonal(dim1=1, dim2=2)
    covariance = covariance + torch.diag_embed(SHRINKAGE * alone + 1e-3 * alone.mean(1, keepdim=True) + 1e-9)
    white = torch.linalg.inv(torch.linalg.cholesky(covariance))

    def whitened(faces: Tensor) -> Tensor:
        white_faces: Tensor = ((faces - centre) @ white.mT).movedim(0, 1).flatten(1)
        return white_faces

    of_views = whitened(views.flatten(1, 2)).view(*views.shape[1:3], -1)
    return PatchFeatures(patch, centre, white, of_views, whitened(own), whitened(base))


def _telling(seen: PatchFeatures) -> float:
    """How far a discriminant puts images from other faces that it was not worked out on, in standard deviations."""
    others = seen.other.mean(0) / 2 if len(seen.other) else torch.zeros(())
    far = []
    for fold, rest in seen.parted():
        direction = F.normalize(seen.mine[:, rest].mean((0, 1)) - others, dim=0)
        far.append(seen.mine[0, fold] @ direction)
    return float(torch.cat(far).mean())


def _fit(seen: PatchFeatures, mine: Tensor) -> Tensor:
    """Weights (D,) of a logistic regression; `mine` (V, n, D) and other faces count half each."""
    weights = torch.zeros(mine.shape[-1], dtype=mine.dtype, requires_grad=True)
    bias = torch.zeros((), dtype=mine.dtype, requires_grad=True)
    own = OWN if len(seen.other) else 0.0
    optimizer = torch.optim.LBFGS([weights, bias], max_iter=STEPS, line_search_fn="strong_wolfe")

    def loss() -> Tensor:
        optimizer.zero_grad()
        wrong = F.softplus(-(mine @ weights + bias)).mean() + (1 - own) * F.softplus(seen.known @ weights + bias).mean()
        if own:
            wrong = wrong + own * F.softplus(seen.other @ weights + bias).mean()
        total: Tensor = wrong / 2 + PENALTY / 2 * weights.square().sum()
        total.backward()  # type: ignore[no-untyped-call]
        return total

    optimizer.step(loss)  # type: ignore[no-untyped-call]
    return weights.detach()


def _cells(faces: Tensor, patch: Patch) -> Tensor:
    """Compared faces (…, F, H, W) at the K cells of a patch: (K, …, F), in double precision."""
    rows, columns = torch.tensor(patch).T
    return faces[..., rows, columns].movedim(-1, 0).double()
