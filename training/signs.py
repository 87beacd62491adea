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

from collections.abc import Callable, Iterator, Mapping, Sequence
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
OWN = 0.5
"""The share of the other faces' weight that the person's have."""
PENALTY = 0.03
"""On the regression's squared weights."""
STEPS = 40
RARE, OWN_RARE = 0.99, 0.95
KNOWN_MARGIN, OWN_MARGIN = 1.55, 1.3
"""A sign is plain at so many times what such a share stays below of known faces, and of the person's others."""
FAINT = 0.6
"""From this share of plain on a sign counts at all."""
HUSHED = 1.5
"""By how much the logit of a label that has a sign is lowered: the sign knows better than what else was learned."""
TELLING = 0.3
"""The share of a label's images, not fitted to, that must be above what nearly all other faces stay below."""

Patch = Sequence[tuple[int, int]]


@dataclass(frozen=True)
class Sign:
    """What the label in `row` shows in a patch of the map of cell means.

    At its cells (y, x) `weights` (K, F) of what is compared, added up and less `offset`, make a number that is above
    `plain` on hardly any other face. `found` is the share of the label's images that stood out without being fitted to.
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

    def parted(self) -> Iterator[tuple[PatchFeatures, Tensor, Tensor]]:
        """In `FOLDS` parts: without some of the person's images, these of the label (n, D), and these others (n, D)."""
        mine, other = (torch.arange(count) * FOLDS // max(1, count) for count in (self.mine.shape[1], len(self.other)))
        for fold in range(FOLDS):
            rest = replace(self, mine=self.mine[:, mine != fold], other=self.other[other != fold])
            yield rest, self.mine[0, mine == fold], self.other[other == fold]


def find_signs(
    network: Network,
    labels: Mapping[str, int],
    wide: Tensor,
    pixels: Tensor,
    classes: Tensor,
    spots: ReplaySpots | None,
    seed: int,
    looking: Callable[[str], None] = lambda label: None,
) -> list[Sign]:
    """The signs of those of `labels`, by their rows, that have one; without `spots` none has.

    The person's crops are `pixels` (N, 1, S, S), `wide` as `DataSet` has them, and `classes` (N,). `looking` is called
    before each label that has images enough; what it raises stops the search.
    """
    if not (spots and labels):
        return []
    generator, known = torch.Generator().manual_seed(seed), spots.means()
    found = []
    for label, row in labels.items():
        mine, other = (each.nonzero().flatten() for each in (classes == row, classes != row))
        mine, other = mine[spread(len(mine), LOOKED_AT)], other[spread(len(other), LOOKED_AT)]
        if len(mine) < FEWEST:
            continue
        looking(label)
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
    views = torch.stack([compared(view, mirror) for view in examples.mine])
    others, known = compared(examples.other, mirror), compared(examples.known, mirror)
    seen = max((_features(patch, views, others, known) for patch in patches(height, width)), key=_telling)
    weights, mine, other = _fit(seen), [], []
    for rest, unseen, unseen_other in seen.parted():
        without = _fit(rest)
        mine.append(unseen @ without)
        other.append(unseen_other @ without)
    rare = float(torch.quantile(seen.known @ weights, RARE))
    own = OWN_MARGIN * float(torch.quantile(torch.cat(other), OWN_RARE)) if len(seen.other) else 0.0
    found = float((torch.cat(mine) > max(rare, own)).double().mean())
    if found < TELLING:
        return None
    plain = max(KNOWN_MARGIN * rare, own)
    of_cells = (weights.view(len(seen.patch), 1, -1) @ seen.white)[:, 0]
    offset = float((of_cells * seen.centre[:, 0]).sum())
    return Sign(row, seen.patch, of_cells.float(), offset, plain, found)


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
    """How far a discriminant puts images that it was not worked out on above other faces, in standard deviations."""
    far = []
    for rest, mine, other in seen.parted():
        middle = rest.other.mean(0) / 2 if len(rest.other) else torch.zeros(())
        direction = F.normalize(rest.mine.mean((0, 1)) - middle, dim=0)
        others = float((other @ direction).mean()) if len(other) else 0.0
        far.append(float((mine @ direction).mean()) - max(0.0, others))
    return sum(far) / len(far)


def _fit(seen: PatchFeatures) -> Tensor:
    """Weights (D,) of a logistic regression; the label's images and other faces count half each."""
    weights = torch.zeros(seen.known.shape[1], dtype=seen.known.dtype, requires_grad=True)
    bias = torch.zeros((), dtype=seen.known.dtype, requires_grad=True)
    own = OWN if len(seen.other) else 0.0
    optimizer = torch.optim.LBFGS([weights, bias], max_iter=STEPS, line_search_fn="strong_wolfe")

    def loss() -> Tensor:
        optimizer.zero_grad()
        wrong = F.softplus(-(seen.mine @ weights + bias)).mean()
        wrong = wrong + (1 - own) * F.softplus(seen.known @ weights + bias).mean()
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
