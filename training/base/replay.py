"""Latent replay: what keeps a fine-tuned model from forgetting what the base model knows.

`models/base/replay.safetensors` holds activations of the base network's trunk on some of its training faces, in their
natural class mix, and what the faces show; no images. Fine-tuning leaves the trunk as it is, so the stored activations
stay true (Pellegrini et al., 2020, https://arxiv.org/abs/1912.01100). Faces of FER+'s PublicTest, which the base model
was not trained on, are kept aside in it for the base check. It holds small spots of other faces, too, as they look
early in the network (`training.base.replay_spots`).

    python -m training.base.replay --data ferplus.npz
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

from models.errors import MienError
from models.network import Network
from models.versions import BASE_FOLDER, Versions
from models.weights import load_network
from training.base import ferplus
from training.base.activation_codes import codes_of, decode, encode, packed, unpacked
from training.base.replay_spots import FACES as SPOTTED
from training.base.replay_spots import ReplaySpots, build_spots
from training.spread import spread

REPLAY_PATH = BASE_FOLDER / "replay.safetensors"
MAX_BYTES = 9_000_000
FACES, CHECKED = 3200, 1000


class BadReplay(MienError):
    """The replay file is missing, damaged, or belongs to other base weights."""


@dataclass(frozen=True)
class Replay:
    """Activations (N, C, h, w) in some bits, target probabilities (N, 8); `check` (N,) marks those kept aside.

    `spots` are of other faces; a network that is too shallow for signs has none.
    """

    labels: tuple[str, ...]
    codes: Tensor
    scale: Tensor
    targets: Tensor
    check: Tensor
    spots: ReplaySpots | None = None

    def activations(self, rows: Tensor) -> Tensor:
        """Activations of some rows, float (n, C, h, w)."""
        return decode(self.codes[rows], self.scale)

    def as_stored(self, activations: Tensor) -> Tensor:
        """Activations (N, C, h, w) as precise as those of the replay are."""
        return decode(codes_of(activations, self.scale), self.scale)

    def for_labels(self, labels: tuple[str, ...]) -> Replay:
        """Targets in the columns of `labels`; a face whose expression is not among them is left out."""
        columns = [self.labels.index(label) if label in self.labels else -1 for label in labels]
        padded = F.pad(self.targets, [0, 1])
        targets = padded[:, columns]
        known = targets.sum(1)
        keep = known > 0.5
        kept = targets[keep] / known[keep, None]
        return Replay(labels, self.codes[keep], self.scale, kept, self.check[keep], self.spots)


def fingerprint(network: Network) -> str:
    """A hash of the trunk's weights in half precision: whose activations these are."""
    digest = hashlib.sha256()
    trunk = nn.ModuleList([network.first_stages, network.last_stage[0]])
    for name, tensor in sorted(trunk.state_dict().items()):
        digest.update(name.encode() + tensor.half().numpy().tobytes())
    return digest.hexdigest()


def save(replay: Replay, path: Path, network: Network) -> None:
    """Write `replay`. Raises BadReplay: the file would be too large."""
    tensors = {
        "codes": packed(replay.codes),
        "scale": replay.scale.half(),
        "targets": (replay.targets * 255).round().to(torch.uint8),
        "check": replay.check.to(torch.uint8),
    }
    if replay.spots:
        tensors |= replay.spots.as_tensors()
    facts = {
        "shape": json.dumps(list(replay.codes.shape)),
        "labels": json.dumps(replay.labels),
        "trunk": fingerprint(network),
    }
    partial = path.with_suffix(".partial")
    save_file(tensors, partial, facts)
    if partial.stat().st_size > MAX_BYTES:
        partial.unlink()
        raise BadReplay(f"{path.name} would be larger than {MAX_BYTES / 1e6:.0f} MB; take fewer faces.")
    partial.replace(path)


def load(network: Network, path: Path = REPLAY_PATH) -> Replay:
    """The replay that belongs to `network`'s trunk.

    Raises:
        BadReplay: it is missing, damaged, or was made with other base weights.
    """
    try:
        with safe_open(path, "pt") as file:
            facts = file.metadata()
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        codes, spots = unpacked(tensors["codes"], json.loads(facts["shape"])), ReplaySpots.of(tensors)
        targets, scale, check = tensors["targets"].float(), tensors["scale"].float(), tensors["check"].bool()
        labels, trunk = tuple(json.loads(facts["labels"])), facts["trunk"]
    except (OSError, SafetensorError, zlib.error, KeyError, TypeError, ValueError, RuntimeError) as error:
        raise BadReplay(f"{path} is missing or damaged ({error}). Install Mien again.") from error
    if trunk != fingerprint(network):
        raise BadReplay(
            f"{path} was made with other base weights; make it anew with python -m training.base.replay --data FILE."
        )
    return Replay(labels, codes, scale, targets / targets.sum(1, keepdim=True), check, spots)


def picked(
    training: int, validation: int, faces: int = FACES, checked: int = CHECKED, seed: int = 0
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows of so many training and validation faces that `build` takes to train on and to check on."""
    generator = torch.Generator().manual_seed(seed)
    mine = torch.randperm(training, generator=generator)[:faces].sort().values
    return mine.numpy(), torch.randperm(validation, generator=generator)[:checked].sort().values.numpy()


@torch.inference_mode()
def build(network: Network, data: Path, faces: int = FACES, checked: int = CHECKED, seed: int = 0) -> Replay:
    """Replay of `network` on random faces of FER+: the natural class mix comes by itself.

    What a face shows is, half each, what FER+'s raters say and what the network says.
    """
    training, validation = ferplus.load(data, "Training"), ferplus.load(data, "PublicTest")
    parts = []
    for source, rows in zip(
        (training, validation), picked(len(training), len(validation), faces, checked, seed), strict=True
    ):
        pixels = torch.from_numpy(source.images[rows])[:, None].float()
        activations = torch.cat([network.trunk(part) for part in torch.split(pixels, 256)])
        said = torch.softmax(torch.cat([network.tail(part) for part in torch.split(activations, 256)]), 1)
        voted = torch.from_numpy(source.targets[rows])
        truth = F.one_hot(torch.from_numpy(source.classes[rows]), voted.shape[1]).float()
        parts.append((activations, truth if source is validation else (voted + said) / 2))
    codes, scale = encode(torch.cat([activations for activations, _ in parts]))
    check = torch.arange(len(codes)) >= len(parts[0][0])
    targets = torch.cat([targets for _, targets in parts])
    frames = training.images[spread(len(training), SPOTTED)]
    spots = build_spots(network, frames, seed) if network.config.can_have_signs else None
    return Replay(ferplus.EXPRESSIONS, codes, scale, targets, check, spots)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m training.base.replay", description="Make the base model's replay.")
    parser.add_argument("--data", type=Path, required=True, help="ferplus.npz, or fer2013.csv beside fer2013new.csv")
    parser.add_argument("--out", type=Path, default=REPLAY_PATH)
    parser.add_argument("--faces", type=int, default=FACES, help="faces to train on (%(default)s)")
    parser.add_argument("--checked", type=int, default=CHECKED, help="faces kept aside for the check (%(default)s)")
    chosen = parser.parse_args()
    try:
        network = load_network(Versions(Path()).get(0))
        save(build(network, chosen.data, chosen.faces, chosen.checked), chosen.out, network)
    except MienError as error:
        print(f"training.base.replay: {error}", file=sys.stderr)
        return 1
    print(f"{chosen.out}: {chosen.faces} faces, {chosen.checked} kept aside, {chosen.out.stat().st_size:,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
