"""Train the base model: `python -m training.base --data DATA`, DATA being FER+ or a folder of folders by label.

Stopped, the same command goes on; `torchrun --nproc-per-node N -m training.base …` shares the work out to N processes.
"""

from __future__ import annotations

import argparse
import sys
from functools import partial
from pathlib import Path

from models.errors import MienError
from training.base.base_recipe import BaseRecipe
from training.base.base_training import BaseTraining
from training.base.prepare_faces import open_source_of, prepared
from training.base.publish import publish
from training.base.teachers import read_teacher
from training.base.training_loop import train
from training.base.workers import Workers, joined


def main() -> int:
    arguments = _parser().parse_args()
    try:
        with joined() as workers:
            _run(arguments, workers)
    except MienError as error:
        print(f"training.base: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(f"Stopped; the same command goes on from {arguments.checkpoint}.", file=sys.stderr)
        return 130
    return 0


def _run(arguments: argparse.Namespace, workers: Workers) -> None:
    recipe = BaseRecipe(
        widths=tuple(arguments.widths),
        depths=tuple(arguments.depths),
        epochs=arguments.epochs,
        cool_down=arguments.cool_down,
        batch=arguments.batch,
        part=arguments.part,
        seed=arguments.seed,
    )
    recipe.check(workers.count)
    source = open_source_of(arguments.data)
    teachers = [read_teacher(folder, source.labels, source.size) for folder in arguments.teacher]
    checkpoint: Path = arguments.checkpoint
    faces = prepared(source, checkpoint.with_suffix(".faces"), workers, teachers)
    run = BaseTraining(recipe, faces, workers, checkpoint, teachers)
    say = partial(print, flush=True)
    if workers.first:
        say(f"{len(faces):,} faces to learn from, {len(faces.held_crops):,} held out; from epoch {run.epochs:.2f} on.")
        for note in faces.notes:
            say(note)
    train(run, say=say)
    if workers.first:
        output = arguments.output or checkpoint.with_suffix(".model")
        card = publish(run, source, output)
        for part, figures in card.metrics.items():
            say(
                f"{part}: accuracy {figures.accuracy:.4f}, mean recall {figures.mean_recall:.4f}, "
                f"calibration error {figures.calibration_error:.4f}"
            )
        say(f"Weights, ONNX model and card are in {output}.")
    workers.wait()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m training.base", description="Train the base model.")
    add, defaults = parser.add_argument, BaseRecipe()
    add("--data", type=Path, required=True, help="ferplus.npz, fer2013.csv beside fer2013new.csv, or a folder by label")
    add("--checkpoint", type=Path, default=Path("base-checkpoint.safetensors"), help="to go on from (%(default)s)")
    add("--output", type=Path, help="where weights, model and card go (beside the checkpoint, .model)")
    add("--widths", type=int, nargs="+", default=defaults.widths, help="channels of each stage (%(default)s)")
    add("--depths", type=int, nargs="+", default=defaults.depths, help="blocks of each stage (%(default)s)")
    add("--epochs", type=int, default=defaults.epochs, help="in all; more prolong a finished run (%(default)s)")
    add("--cool-down", type=int, default=defaults.cool_down, help="epochs of a falling rate at the end (%(default)s)")
    add("--batch", type=int, default=defaults.batch, help="faces a step learns from (%(default)s)")
    add("--part", type=int, default=defaults.part, help="faces that a worker takes at once (%(default)s)")
    add("--teacher", type=Path, action="append", default=[], help="a version to learn from too; may be repeated")
    add("--seed", type=int, default=defaults.seed)
    return parser


if __name__ == "__main__":
    sys.exit(main())
