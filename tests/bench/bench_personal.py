"""What a person's own faces teach, and what is forgotten for them: accuracy over the number of images.

- "photographs": `wild.zip`, real people who are not FER+'s. So many faces of few people are taught, and all faces of
  all other people are tested, over several draws. "five" leaves out disgust, which people hardly recognise in them.
- "takes": five images or fewer of each expression of one person are taught, the person's other pictures are tested.
- "turned": FER+'s faces upside down, as `tests.bench train` has them: 200 are taught, other people's are tested.
- "wink": an eye painted shut on 20 strangers' faces is a label of one's own; others' painted faces are tested.

What is forgotten is measured on FER+'s PrivateTest, for the wink on faces cut by eyes and mouth as well. What a wink
costs is told and not held against the limit that the others have: a ninth label takes some faces from the eight.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from models.network import Network
from models.versions import Versions
from models.weights import load_network
from tests.bench import personal_faces
from tests.bench.bench_train import DATA, unseen
from tests.bench.learning_picture import learning_picture
from tests.bench.other_recipes import tune_in_place
from tests.bench.personal_faces import FIVE, SIX, Faces
from tests.bench.targets import machine, verdict
from training.base import ferplus, replay
from training.base.ferplus import EXPRESSIONS
from training.finetune import FinetuneRecipe, finetune
from training.metrics import predict_logits

WILD = DATA.with_name("wild.zip")
PICTURE = Path(__file__).parents[2] / "training" / "learning.svg"
COUNTS = (20, 70, 220)
TARGETS: dict[str, tuple[str, float]] = {
    "five_gain_points": ("at least", 20),
    "turned_gain_points": ("at least", 20),
    "takes_gain_points": ("at least", 15),
    "takes_slowest_s": ("at most", 10),
    "wink_recall_percent": ("at least", 50),
    "worst_ferplus_loss_points": ("at most", 1),
}
WINK = "wink"


@dataclass(frozen=True)
class Bench:
    """The base model and what every part of the measurement needs of it."""

    base: Network
    kept: replay.Replay
    private: ferplus.FerplusFaces

    def right(self, network: Network, labels: Sequence[str], faces: Faces) -> float:
        """Percent of faces that `network` names as they are labelled."""
        said = predict_logits(network, torch.from_numpy(faces.crops)).argmax(1).numpy()
        return 100 * float(np.mean(np.array(labels)[said] == faces.labels))

    def forgotten(self, network: Network, labels: Sequence[str]) -> float:
        """Points of accuracy that `network` has less than the base model on every other face of PrivateTest."""
        faces = personal_faces.whole(self.private.images[::2], [EXPRESSIONS[n] for n in self.private.classes[::2]])
        return self.right(self.base, EXPRESSIONS, faces) - self.right(network, labels, faces)

    def taught(self, faces: Faces, recipe: str, labels: tuple[str, ...] = EXPRESSIONS, seed: int = 0) -> Network:
        """The base model after `faces`, by a recipe: "head only", "last stage", or "Mien's"."""
        if recipe == "Mien's":
            data = faces.data_set(labels)
            return finetune(self.base, EXPRESSIONS, data, self.kept, FinetuneRecipe(seed=seed)).network
        return tune_in_place(self.base, EXPRESSIONS, faces.data_set(labels, 0), self.kept, recipe == "head only")


def measure(arguments: list[str]) -> dict[str, Any]:
    parser = argparse.ArgumentParser(prog="python -m tests.bench personal")
    parser.add_argument("--data", type=Path, default=DATA, help="ferplus.npz, or fer2013.csv (default: %(default)s)")
    parser.add_argument("--wild", type=Path, default=WILD, help="wild.zip (default: %(default)s)")
    parser.add_argument("--seeds", type=int, default=2, help="draws of the people who teach (%(default)s)")
    parser.add_argument("--only", choices=("photographs", "takes", "turned", "wink"), help="one part alone")
    parser.add_argument("--picture", type=Path, default=PICTURE, help="where the curve goes (%(default)s)")
    chosen = parser.parse_args(arguments)
    for path in (chosen.data, chosen.wild):
        if not path.is_file():
            parser.exit(1, f"{path} is missing: name the file with --data or --wild.\n")
    before, began = machine(), time.monotonic()
    base = load_network(Versions(Path()).get(0))
    bench = Bench(base, replay.load(base), ferplus.load(chosen.data, "PrivateTest"))
    pool = unseen(chosen.data)
    fresh = personal_faces.whole(pool.images, [EXPRESSIONS[n] for n in pool.classes])
    figures: dict[str, float] = {}
    if chosen.only in (None, "photographs", "takes"):
        wild = personal_faces.photographed(chosen.wild)
        if chosen.only != "takes":
            figures |= photographs(bench, wild, chosen.seeds, chosen.picture)
        if chosen.only != "photographs":
            figures |= takes(bench, wild)
    if chosen.only in (None, "turned"):
        figures |= turned(bench, fresh)
    if chosen.only in (None, "wink"):
        figures |= wink(bench, pool, chosen.seeds)
    lost = [value for name, value in figures.items() if name.endswith("ferplus_loss_points")]
    figures |= {"worst_ferplus_loss_points": max(lost, default=0.0), "seconds": time.monotonic() - began}
    rounded = {key: round(value, 2) for key, value in figures.items()}
    targets = {name: verdict(name, figures, TARGETS) for name in TARGETS if name in figures}
    return {"machine": before, "figures": rounded, "targets": targets}


def photographs(bench: Bench, wild: Faces, seeds: int, picture: Path) -> dict[str, float]:
    """Strangers' photographs over the number of images taught; the picture is drawn of the five expressions."""
    figures: dict[str, float] = {}
    curves: dict[str, list[tuple[int, float]]] = {"head only": [], "last stage": [], "Mien's": []}
    draws = {seed: personal_faces.strangers(wild, FIVE, COUNTS[-1], seed) for seed in range(seeds)}
    base = float(np.mean([bench.right(bench.base, EXPRESSIONS, others) for _, others in draws.values()]))
    for count in COUNTS:
        for recipe, curve in curves.items():
            rights, losses = [], []
            for seed, (teachers, others) in draws.items():
                network = bench.taught(_fewer(teachers, count), recipe, seed=seed)
                rights.append(bench.right(network, EXPRESSIONS, others))
                if count == COUNTS[-1]:
                    losses.append(bench.forgotten(network, EXPRESSIONS))
            curve.append((count, float(np.mean(rights))))
            if losses and recipe == "Mien's":
                figures["five_ferplus_loss_points"] = float(np.mean(losses))
            elif losses:
                figures[f"five_{recipe.replace(' ', '_')}_forgets_points"] = float(np.mean(losses))
    picture.write_text(learning_picture(curves, base), "utf-8")
    teachers, others = draws[0]
    figures |= {"five_taught": len(teachers), "five_teachers": len(set(teachers.people)), "five_tested": len(others)}
    figures |= {"five_before_percent": base, "five_after_percent": curves["Mien's"][-1][1]}
    for recipe, curve in curves.items():
        for count, right in curve:
            figures[f"five_{recipe.replace(' ', '_')}_{count}_percent"] = right
    figures["five_gain_points"] = figures["five_after_percent"] - base
    teachers, others = personal_faces.strangers(wild, SIX, COUNTS[-1], 0)
    network = bench.taught(teachers, "Mien's")
    before, after = (bench.right(each, EXPRESSIONS, others) for each in (bench.base, network))
    return figures | {"six_before_percent": before, "six_after_percent": after, "six_gain_points": after - before}


def _fewer(faces: Faces, count: int) -> Faces:
    """As many of each label, `count` in all."""
    labels = sorted(set(faces.labels))
    rows = [np.flatnonzero(faces.labels == label)[: -(-count // len(labels))] for label in labels]
    return faces.rows(np.sort(np.concatenate(rows)))


def takes(bench: Bench, wild: Faces, people: int = 5) -> dict[str, float]:
    """Few pictures of one person, tested on the person's other pictures; each person counts alike."""
    before, after, seconds = [], [], []
    for taught, others in list(personal_faces.takes_of(wild))[:people]:
        began = time.monotonic()
        network = bench.taught(taught, "Mien's")
        seconds.append(time.monotonic() - began)
        before.append(bench.right(bench.base, EXPRESSIONS, others))
        after.append(bench.right(network, EXPRESSIONS, others))
    return {
        "takes_people": len(before),
        "takes_before_percent": float(np.mean(before)),
        "takes_after_percent": float(np.mean(after)),
        "takes_gain_points": float(np.mean(after) - np.mean(before)),
        "takes_slowest_s": max(seconds),
    }


def turned(bench: Bench, fresh: Faces) -> dict[str, float]:
    """200 faces upside down, over the eight expressions; a thousand of other people are tested."""
    names = [EXPRESSIONS[n] for n in bench.private.classes[:1000]]
    others = personal_faces.upside_down(personal_faces.whole(bench.private.images[:1000], names))
    network = bench.taught(personal_faces.upside_down(personal_faces.evenly(fresh, 200)), "Mien's")
    before, after = (bench.right(each, EXPRESSIONS, others) for each in (bench.base, network))
    return {
        "turned_before_percent": before,
        "turned_after_percent": after,
        "turned_gain_points": after - before,
        "turned_ferplus_loss_points": bench.forgotten(network, EXPRESSIONS),
    }


def wink(bench: Bench, pool: ferplus.FerplusFaces, seeds: int, images: int = 20) -> dict[str, float]:
    """So many faces each of neutral, happiness and a painted wink, cut by eyes and mouth; means of several draws."""
    labels, names = (*EXPRESSIONS, WINK), np.array([EXPRESSIONS[n] for n in pool.classes])
    plain_rows = np.flatnonzero(np.isin(bench.private.classes, [0, 1]))[:400]
    tested = _winking(bench.private.images[plain_rows[:200]], 1)
    unpainted = personal_faces.by_points(bench.private.images[plain_rows[200:]], [WINK] * len(plain_rows[200:]))
    cut = personal_faces.by_points(
        bench.private.images[::2], [EXPRESSIONS[number] for number in bench.private.classes[::2]]
    )
    draws = []
    for seed in range(seeds):
        order = np.random.default_rng(seed)
        rows = np.stack([order.permutation(np.flatnonzero(names == label))[:100] for label in ("neutral", "happiness")])
        plain, under = rows[:, :images].flatten(), rows[:, images : images + images // 2].flatten()
        taught = [personal_faces.by_points(pool.images[plain], names[plain]), _winking(pool.images[under], seed)]
        network = bench.taught(personal_faces.join([taught[0], _renamed(taught[1])]), "Mien's", labels, seed)
        draws.append(
            {
                "wink_images": float(len(under)),
                "wink_recall_percent": bench.right(network, labels, tested),
                "wink_false_alarms_percent": bench.right(network, labels, unpainted),
                "wink_forgets_whole_points": bench.forgotten(network, labels),
                "wink_forgets_points": bench.right(bench.base, EXPRESSIONS, cut) - bench.right(network, labels, cut),
            }
        )
    return {name: float(np.mean([draw[name] for draw in draws])) for name in draws[0]}


def _winking(images: NDArray[np.uint8], seed: int) -> Faces:
    return personal_faces.by_points(personal_faces.winking(images, seed), [WINK] * len(images))


def _renamed(faces: Faces) -> Faces:
    """The same faces as other people's than those of another set."""
    return Faces(faces.crops, faces.wide, faces.labels, np.array([f"again {person}" for person in faces.people]))
