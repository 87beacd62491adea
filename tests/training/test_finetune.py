from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from labeling.stored_faces import TrainingFace
from models.network import Network
from models.sign_detector import cell_means
from models.versions import Versions
from models.weights import load_network, rounded
from tests.training.conftest import LABELS, changed
from tests.training.signed_faces import SIGNS, crop_of
from training.base import replay
from training.base.activation_codes import encode
from training.base.ferplus import EXPRESSIONS
from training.base.replay import Replay
from training.base.replay_spots import ReplaySpots
from training.dataset import DataSet, prepare
from training.finetune import EpochProgress, FinetuneRecipe, FinetuneResult, finetune
from training.metrics import measure, predict_logits
from training.signs import without_signs

QUICK = FinetuneRecipe(views=120, min_passes=3, openings=(0.0, 2.0))


def data_set(labels: tuple[str, ...], count: int = 12, sessions: int = 6) -> DataSet:
    """`count` portraits of each sign among `labels`."""
    faces = []
    for sign in [sign for sign in SIGNS if sign in labels]:
        for number in range(count):
            crop = crop_of(sign, number)
            session = f"{sign} {number % sessions}"
            faces.append(TrainingFace(len(faces) + 1, crop.sha256, sign, None, session, crop.data, crop.box))
    return prepare(faces, labels, EXPRESSIONS)


@pytest.fixture(scope="module")
def data() -> DataSet:
    return data_set(("happiness", "wink", "shout"))


@pytest.fixture(scope="module")
def small_replay(network: Network) -> Replay:
    """Of the small network: 40 faces of noise, 12 kept aside."""
    coarse = torch.rand(52, 1, 6, 6, generator=torch.Generator().manual_seed(3)) * 255
    with torch.inference_mode():
        activations = network.trunk(torch.nn.functional.interpolate(coarse, (48, 48), mode="bilinear"))
        targets = torch.softmax(network.tail(activations), 1)
    return Replay(LABELS, *encode(activations), targets, torch.arange(52) >= 40)


def tune(network: Network, data: DataSet, kept: Replay, seed: int = 0) -> FinetuneResult:
    return finetune(network, LABELS, data, kept, FinetuneRecipe(**{**vars(QUICK), "seed": seed}))


def test_the_same_seed_gives_the_same_weights(network: Network, data: DataSet, small_replay: Replay) -> None:
    one, again, other = (tune(network, data, small_replay, seed) for seed in (3, 3, 4))
    assert changed(one.network, again.network) == set()
    assert one.temperature == again.temperature and torch.equal(one.answers, again.answers)
    assert "adapter.0.conv.weight" in changed(one.network, other.network)


def test_another_number_of_threads_adds_up_in_another_order_and_no_more(
    network: Network, data: DataSet, small_replay: Replay
) -> None:
    one = tune(network, data, small_replay, 3)
    processors = torch.get_num_threads()
    torch.set_num_threads(2 if processors == 1 else 1)  # a run takes fewer threads while the live view is in use
    try:
        again = tune(network, data, small_replay, 3)
    finally:
        torch.set_num_threads(processors)
    torch.testing.assert_close(one.answers, again.answers, atol=1e-3, rtol=0)


def test_the_adapter_learns_and_what_is_known_stays(network: Network, data: DataSet, small_replay: Replay) -> None:
    before = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    result = tune(network, data, small_replay)
    learned = changed(network, result.network)
    assert {name for name in learned if name.startswith(("first_stages", "last_stage"))} == set()
    known, taught = result.network.pool.weight.chunk(2)
    assert torch.equal(known, network.pool.weight)
    assert (taught - known).norm() / known.norm() > 1e-3
    assert not torch.equal(result.network.adapter[0].conv.weight, network.last_stage[1].conv.weight)
    assert result.network.gate.weight.abs().max() > 0
    assert all(torch.equal(before[name], tensor) for name, tensor in network.state_dict().items()), "start was changed"


def test_the_head_grows_and_shrinks_with_the_labels(network: Network, data: DataSet, small_replay: Replay) -> None:
    assert data.labels == ("happiness", "wink", "shout")
    result = tune(network, data, small_replay)  # it knows happiness and wink; shout is new, neutral goes
    assert result.network.config.classes == 3 and result.answers.shape == (len(data.split.held_out), 3)
    torch.testing.assert_close(result.answers.sum(1), torch.ones(len(data.split.held_out)))
    assert result.held_out is not None and list(result.held_out.recall) == ["happiness", "wink", "shout"]
    fewer = data_set(("wink", "shout"))
    assert tune(network, fewer, small_replay).network.head.weight.shape[0] == 2


def test_a_label_of_ones_own_is_learned_and_the_base_is_kept() -> None:
    base = Versions(Path()).get(0)
    network, kept = load_network(base), with_fewer_checked(replay.load(load_network(base)))
    data = data_set((*EXPRESSIONS, "wink", "shout"), 14, 7)
    steps: list[EpochProgress] = []
    result = finetune(network, base.labels, data, kept, FinetuneRecipe(views=500), steps.append)
    held = data.rows(data.split.held_out)
    assert len(held) == 12
    logits = _columns(predict_logits(network, torch.from_numpy(data.pixels[held])), 10)
    before = measure(logits, torch.from_numpy(data.classes[held]), data.labels)
    after = result.held_out
    assert after is not None and after.accuracy >= before.accuracy + 0.25
    assert before.recall["shout"] == 0 and (after.recall["shout"] or 0) >= 0.75
    assert result.base.faces == int(kept.check.sum())
    assert result.base.accuracy > 0.82, "FER+'s faces are not named by what was taught"

    assert [step.epoch for step in steps] == list(range(1, steps[-1].epochs + 1)) and steps[-1].left == 0
    assert steps[-1].loss < steps[0].loss
    assert result.network.head.weight.shape[0] == 10


def with_fewer_checked(kept: Replay) -> Replay:
    """A quarter of the base check, so that measuring takes less time."""
    rows = torch.cat([(~kept.check).nonzero().flatten(), kept.check.nonzero().flatten()[::4]])
    return replace(kept, codes=kept.codes[rows], targets=kept.targets[rows], check=kept.check[rows])


def _columns(logits: Tensor, count: int) -> Tensor:
    return torch.nn.functional.pad(logits, [0, count - logits.shape[1]], value=-1e4)


def test_what_is_measured_is_what_half_precision_keeps(network: Network, data: DataSet, small_replay: Replay) -> None:
    result = tune(network, data, small_replay)
    assert changed(result.network, rounded(result.network)) == set()
    pixels = torch.from_numpy(data.pixels[data.rows(data.split.held_out)])
    answers = torch.softmax(predict_logits(result.network, pixels) / result.temperature, 1)
    torch.testing.assert_close(answers, result.answers, atol=1e-5, rtol=1e-4)
    assert 0.25 <= result.temperature <= 4


def test_how_sure_it_is_hangs_on_all_base_faces_but_not_on_their_number(
    network: Network, data: DataSet, small_replay: Replay
) -> None:
    """Of a handful of held-out faces, all right, it would be as sure as can be."""
    recipe, checked = replace(QUICK, views=1000), small_replay.check.nonzero().flatten()
    once = finetune(network, LABELS, data, small_replay, recipe)
    assert 0.25 < once.temperature < 4
    for rows, same in ((checked.repeat(5), True), (checked[::2], False)):
        rows = torch.cat([(~small_replay.check).nonzero().flatten(), rows])
        codes, targets, check = (each[rows] for each in (small_replay.codes, small_replay.targets, small_replay.check))
        kept = replace(small_replay, codes=codes, targets=targets, check=check)
        again = finetune(network, LABELS, data, kept, recipe)
        assert (again.temperature == pytest.approx(once.temperature, rel=1e-3)) == same


def test_without_a_held_out_part_nothing_is_claimed(network: Network, small_replay: Replay) -> None:
    data = data_set(("happiness", "wink"), 10, 1)
    data = replace(data, split=replace(data.split, train=data.ids, held_out=()))
    seen: list[EpochProgress] = []
    result = finetune(network, LABELS, data, small_replay, QUICK, seen.append)
    assert result.held_out is None
    assert all(step.accuracy is None for step in seen)


@pytest.fixture(scope="module")
def own_and_spots(network: Network, small_replay: Replay) -> tuple[DataSet, Replay]:
    """A label of one's own, and a replay with spots of portraits that show nothing."""
    data = data_set(("happiness", "shout"), 16, 8)
    crops = torch.from_numpy(np.concatenate([crop[None] for crop in data.pixels[data.classes == 0]]))
    dimmed = torch.cat([crops.float() * (0.7 + 0.02 * step) for step in range(16)])
    with torch.no_grad():
        spots = ReplaySpots(*encode(cell_means(network.early(dimmed))))
    return data, replace(small_replay, spots=spots)


def test_a_small_sign_is_looked_for_and_what_is_measured_has_it(
    network: Network, own_and_spots: tuple[DataSet, Replay]
) -> None:
    data, kept = own_and_spots
    result, without = tune(network, data, kept), tune(network, data, replace(kept, spots=None))
    assert result.network.config.signs == 1 and without.network.config.signs == 0
    assert changed(without_signs(result.network), without.network) == set()
    pixels = torch.from_numpy(data.pixels[data.rows(data.split.held_out)])
    logits = predict_logits(result.network, pixels)
    torch.testing.assert_close(torch.softmax(logits / result.temperature, 1), result.answers, atol=1e-5, rtol=1e-4)
    shout = data.classes[data.rows(data.split.held_out)] == data.labels.index("shout")
    more = (logits - predict_logits(without.network, pixels))[:, data.labels.index("shout")]
    assert float(more[shout].mean()) > 0.5 > 0.1 > float(more[~shout].mean())


def test_signs_are_looked_for_anew_each_time(network: Network, own_and_spots: tuple[DataSet, Replay]) -> None:
    data, kept = own_and_spots
    first = tune(network, data, kept).network
    again = [finetune(start, data.labels, data, kept, QUICK).network for start in (first, without_signs(first))]
    assert again[0].config.signs == 1 and changed(*again) == set()


def test_what_the_reporter_raises_stops_the_training(network: Network, data: DataSet, small_replay: Replay) -> None:
    seen: list[int] = []

    def stop(progress: EpochProgress) -> None:
        seen.append(progress.epoch)
        if progress.epoch == 2:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        finetune(network, LABELS, data, small_replay, QUICK, stop)
    assert seen == [1, 2]


def test_so_does_what_is_raised_when_a_sign_is_looked_for(
    network: Network, own_and_spots: tuple[DataSet, Replay]
) -> None:
    seen: list[str] = []

    def stop(label: str) -> None:
        seen.append(label)
        raise InterruptedError

    with pytest.raises(InterruptedError):
        finetune(network, LABELS, *own_and_spots, QUICK, looking=stop)
    assert seen == ["shout"]


def test_the_rate_rises_and_falls() -> None:
    recipe = FinetuneRecipe()
    rates = [recipe.rate(step / 100) for step in range(101)]
    top = rates.index(max(rates))
    assert rates[:top] == sorted(rates[:top]) and rates[top:] == sorted(rates[top:], reverse=True)
    assert 0 < rates[0] < 0.3 and rates[-1] < 1e-6 and max(rates) <= 1
    assert [recipe.steps(n) for n in (0, 16, 200, 100_000)] == [60, 60, 20 * 7, 6 * 3125]
