from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from models.card import Card
from models.network import Network
from models.versions import Version
from models.weights import shape_of
from tests.training.base.train_small import ALONE, CHECKPOINT, LABELS, RECIPE, small_map
from training.augment import GENTLE
from training.base.base_recipe import BaseRecipe
from training.base.base_training import BaseTraining
from training.base.base_views import _frames, epoch_order
from training.base.checkpoint import BadCheckpoint, read_checkpoint, stable_path
from training.base.face_map import FaceMap
from training.base.teachers import Teacher
from training.base.training_loop import train


@pytest.fixture
def faces(tmp_path: Path) -> FaceMap:
    return small_map(tmp_path / "faces")


def trained(faces: FaceMap, path: Path, recipe: BaseRecipe = RECIPE, steps: int = 4) -> list[float]:
    run = BaseTraining(recipe, faces, ALONE, path)
    losses = [run.train_step() for _ in range(steps)]
    run.save()
    return losses


def test_a_few_steps_give_the_same_losses_twice(faces: FaceMap, tmp_path: Path) -> None:
    torch.manual_seed(1)
    once = trained(faces, tmp_path / "a.safetensors")
    torch.manual_seed(2)  # whatever else draws random numbers
    assert trained(faces, tmp_path / "b.safetensors") == once
    assert trained(faces, tmp_path / "c.safetensors", replace(RECIPE, seed=1)) != once


def test_a_run_goes_on_from_any_step_as_if_nothing_had_happened(faces: FaceMap, tmp_path: Path) -> None:
    whole = trained(faces, tmp_path / "whole.safetensors", steps=7)
    parts = [loss for _ in range(7) for loss in trained(faces, tmp_path / "parts.safetensors", steps=1)]
    assert parts == pytest.approx(whole, rel=1e-6)


def test_the_parts_of_a_batch_decide_its_statistics_and_nothing_else_does(faces: FaceMap, tmp_path: Path) -> None:
    """Running statistics move towards the mean of the parts', not of the last one alone."""
    run = BaseTraining(RECIPE, faces, ALONE, tmp_path / CHECKPOINT)
    norm = run.network.first_stages[0][0].norm
    batches: list[torch.Tensor] = []
    norm.register_forward_hook(
        lambda module, inputs, output: batches.append(inputs[0].float().mean((0, 2, 3)).detach())
    )
    run.train_step()
    assert len(batches) == 4
    torch.testing.assert_close(norm.running_mean, 0.1 * torch.stack(batches).mean(0), rtol=1e-2, atol=1e-3)


def test_the_rate_rises_stays_and_falls() -> None:
    recipe = BaseRecipe(epochs=100, cool_down=20, warm_up=2, learning_rate=0.1)
    assert recipe.rate(0) < 0.01 and recipe.rate(1) == pytest.approx(0.0525)
    assert recipe.rate(2) == recipe.rate(50) == recipe.rate(80) == 0.1
    assert recipe.rate(85) == pytest.approx(0.075) and recipe.rate(100) == pytest.approx(1e-4)
    assert replace(recipe, epochs=200).rate(80) == 0.1


def test_a_finished_run_is_prolonged_from_before_its_cool_down(faces: FaceMap, tmp_path: Path) -> None:
    path = tmp_path / CHECKPOINT
    train(BaseTraining(RECIPE, faces, ALONE, path))
    assert BaseTraining(RECIPE, faces, ALONE, path).done
    longer = BaseTraining(replace(RECIPE, epochs=5), faces, ALONE, path)
    assert longer.step == 8 and not longer.done
    train(longer)
    train(BaseTraining(replace(RECIPE, epochs=5), faces, ALONE, tmp_path / "whole.safetensors"))
    one, other = (read_checkpoint(each) for each in (path, tmp_path / "whole.safetensors"))
    for name, tensor in other.average.items():
        torch.testing.assert_close(one.average[name], tensor, msg=name)
    with pytest.raises(BadCheckpoint, match=r"has run 4 epochs at the full rate; .* needs --epochs 5 or more"):
        BaseTraining(RECIPE, faces, ALONE, path)
    stable_path(path).unlink()
    with pytest.raises(BadCheckpoint, match=r"has cooled down; c\.stable\.safetensors to prolong it from is missing"):
        BaseTraining(replace(RECIPE, epochs=9), faces, ALONE, path)


def test_a_checkpoint_of_another_run_is_refused(faces: FaceMap, tmp_path: Path) -> None:
    path = tmp_path / CHECKPOINT
    trained(faces, path, steps=1)
    for recipe, said in (
        (replace(RECIPE, seed=3), r"another seed \(0\)"),
        (replace(RECIPE, part=16), r"another part \(8\)"),
        (replace(RECIPE, augmentation=replace(RECIPE.augmentation, angle=1)), "another augmentation"),
    ):
        with pytest.raises(BadCheckpoint, match=said):
            BaseTraining(recipe, faces, ALONE, path)
    with pytest.raises(BadCheckpoint, match="other faces"):
        BaseTraining(RECIPE, replace(faces, labels=("a", "b", "c")), ALONE, path)
    with pytest.raises(BadCheckpoint, match="with 0 teachers, or others"):
        BaseTraining(RECIPE, faces, ALONE, path, [sure_of_the_third()])
    assert BaseTraining(replace(RECIPE, epochs=7, cool_down=2), faces, ALONE, path).step == 1


@pytest.mark.parametrize("content", [b"", b"nothing", None])
def test_what_is_no_checkpoint(faces: FaceMap, tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / CHECKPOINT
    trained(faces, path, steps=1)
    path.write_bytes(path.read_bytes()[:-9] if content is None else content)
    with pytest.raises(BadCheckpoint, match="no checkpoint to go on from"):
        BaseTraining(RECIPE, faces, ALONE, path)


def test_an_epoch_has_every_face_once() -> None:
    order = epoch_order(torch.ones(140), 32, seed=0, epoch=3)
    assert len(order) == 128 == len(set(order.tolist()))
    assert order.tolist() != epoch_order(torch.ones(140), 32, seed=0, epoch=4).tolist()
    assert sorted(set(epoch_order(torch.ones(5), 32, seed=0, epoch=0).tolist())) == [0, 1, 2, 3, 4]


def test_a_face_of_three_times_the_weight_comes_three_times() -> None:
    order = epoch_order(torch.tensor([3.0] * 10 + [1.0] * 98), 32, seed=0, epoch=0)
    counts = np.bincount(order, minlength=108)
    assert set(counts[:10].tolist()) <= {2, 3} and set(counts[10:].tolist()) <= {0, 1} and counts.sum() == 96


def test_rare_labels_are_drawn_more_often_but_not_thought_more_frequent(faces: FaceMap, tmp_path: Path) -> None:
    """In pictures that show nothing there is only to learn how often each label comes."""
    labels = np.array([2 if row % 10 == 0 else row % 2 for row in range(len(faces))])
    blank = replace(faces, crops=np.full_like(faces.crops, 128), targets=np.eye(3, dtype=np.float32)[labels])
    plain = replace(GENTLE, light=0)
    recipe = replace(RECIPE, epochs=15, cool_down=5, part=32, learning_rate=0.2, evenness=1, augmentation=plain)
    run = BaseTraining(recipe, blank, ALONE, tmp_path / CHECKPOINT)
    drawn = np.bincount(labels[epoch_order(run.weights, 32, seed=0, epoch=0)])
    assert np.bincount(labels).min() == 14 and drawn.min() >= 32
    while not run.done:
        run.train_step()
    said = torch.softmax(run.average.fold()(torch.full((1, 1, 24, 24), 128.0)), 1)[0]
    np.testing.assert_allclose(said.detach(), np.bincount(labels) / len(labels), atol=0.05)


@pytest.mark.parametrize("same_view", [0.0, 1.0])
def test_raters_and_teachers_count_by_their_shares(faces: FaceMap, tmp_path: Path, same_view: float) -> None:
    """In pictures that show nothing there is only to learn what was said of them: the raters say label 0, the teacher
    label 1 of a face as it is, and label 2 of a view of it."""
    blank = replace(faces, crops=np.full_like(faces.crops, 128), targets=np.eye(3, dtype=np.float32)[[0] * len(faces)])
    blank = replace(blank, taught=np.eye(3, dtype=np.float32)[[1] * len(faces)])
    plain = replace(GENTLE, light=0)
    recipe = replace(RECIPE, epochs=15, cool_down=5, part=32, learning_rate=0.2, augmentation=plain, teachers=0.25)
    run = BaseTraining(replace(recipe, same_view=same_view), blank, ALONE, tmp_path / CHECKPOINT, [sure_of_the_third()])
    while not run.done:
        run.train_step()
    said = torch.softmax(run.average.fold()(torch.full((1, 1, 24, 24), 128.0)), 1)[0]
    np.testing.assert_allclose(said.detach(), [0.75, 0.25 * (1 - same_view), 0.25 * same_view], atol=0.05)


def sure_of_the_third() -> Teacher:
    network = Network(RECIPE.network(3, 24)).eval()
    with torch.no_grad():
        network.head.weight.zero_()
        network.head.bias.copy_(torch.tensor([0.0, 0.0, 20.0]))
    card = Card(network=shape_of(network), labels=LABELS, temperature=1.0)
    return Teacher(Version(0, Path("sure"), card), network, "0" * 64)


def test_views_are_cut_by_points_for_a_share_of_the_faces() -> None:
    squares = torch.tensor([[30.0, 20.0, 24.0, 0.0]] * 1000 + [[torch.nan] * 4])
    frames = _frames(squares, 48, 0.5, torch.Generator().manual_seed(0))
    whole = (frames == torch.tensor([[1.0, 0, 0], [0, 1, 0]])).flatten(1).all(1)
    assert bool(whole[-1]) and 450 < int(whole.sum()) < 550
    torch.testing.assert_close(frames[~whole][0], torch.tensor([[0.5, 0, 0.25], [0, 0.5, -1 / 6]]))
