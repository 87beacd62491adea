"""Export a network to Core ML, and prove that the package answers as PyTorch does."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from models.card import CORE_ML, Proof
from models.crop import DOWN, SIDE
from models.network import Network
from training.export.mil_evaluator import Program, has_core_ml, predict_with_core_ml
from training.export.ml_program import ml_program
from training.export.model_names import INPUT_NAME, LABEL_NAME, PROBABILITIES_NAME
from training.export.palette import eight_bit_palette
from training.export.proof import ProofFailed, Reference, compare, size_of
from training.export.quiet import quiet

LARGE_LAYER = 100_000
"""Weights from which on a layer is palettised. The first stages have fewer, and what is rounded there grows on the way:
with all layers palettised, probabilities of the base model differ by 0.037, so by 0.008."""


def write_package(
    package: Path,
    network: Network,
    labels: Sequence[str],
    temperature: float,
    facts: Mapping[str, str] | None = None,
    *,
    palettize: bool = False,
) -> None:
    """Write `package` (a new `.mlpackage`): an ML program in half precision, iOS 16 and later.

    Input `face`, a grey image; outputs `label` and `probabilities`, which Vision turns into
    `VNClassificationObservation`s. `facts` become the package's metadata: `version`, `author`, `license` and
    `description` have fields of their own, the rest is kept as it is; without `license` none is claimed. `palettize`
    stores 8-bit weights (coremltools.optimize) in every layer that is large, which leaves little more than half the
    size.
    """
    with quiet():
        import coremltools as ct

        model = ct.convert(
            ml_program(network, temperature),
            classifier_config=ct.ClassifierConfig(list(labels), predicted_feature_name=LABEL_NAME),
            convert_to="mlprogram",
            compute_precision=ct.precision.FLOAT16,
            minimum_deployment_target=ct.target.iOS16,
            skip_model_load=True,
        )
        if palettize:
            import coremltools.optimize.coreml as optimize

            palette = optimize.OpPalettizerConfig(
                mode="custom", lut_function=eight_bit_palette, weight_threshold=LARGE_LAYER
            )
            model = optimize.palettize_weights(model, optimize.OptimizationConfig(palette))
        spec = model.get_spec()
        ct.utils.rename_feature(spec, spec.description.predictedProbabilitiesName, PROBABILITIES_NAME)
        model = ct.models.MLModel(spec, weights_dir=model.weights_dir, skip_model_load=True)
        _describe(model, labels, dict(facts or {}))
        shutil.rmtree(package, ignore_errors=True)
        model.save(str(package))
        (package / "executorch_debug_handle_mapping.json").unlink(missing_ok=True)


def prove(package: Path, labels: Sequence[str], expected: Reference) -> Proof:
    """Read `package` back from disk, run it on the pictures of `expected`, compare with PyTorch.

    On macOS Core ML itself runs it, elsewhere Mien's evaluator.

    Raises:
        ProofFailed: a probability differs by more than 0.02, fewer than 99 % of the labels agree, or the labels of
            the package are others.
    """
    with quiet():
        program = Program(package)
    if program.labels != tuple(labels):
        raise ProofFailed(f"The package's labels are {', '.join(program.labels)}; the model's are {', '.join(labels)}.")
    with quiet():
        if has_core_ml():
            runner, answers = "Core ML", predict_with_core_ml(package, list(expected.pictures[:, 0].numpy()))
        else:
            runner, answers = "Mien's evaluator of ML programs", program.predict(expected.pictures)
    return compare(CORE_ML, runner, answers, expected, size_of(package))


def _describe(model: Any, labels: Sequence[str], facts: dict[str, str]) -> None:
    model.author = facts.pop("author", "Made with Mien")
    model.license = facts.pop("license", "")
    model.version = facts.pop("version", "0")
    model.short_description = facts.pop("description", "Names the facial expression on a face crop.")
    side = model.get_spec().description.input[0].type.imageType.width
    model.input_description[INPUT_NAME] = (
        f"A face, grey, {side} × {side} pixels: a square around eyes and mouth, turned upright, its side "
        f"{SIDE} × √(across² + down²) of the ways from eye to eye and from there to the mouth, its centre {DOWN} "
        "of the way down, edge pixels repeated where it leaves the picture."
    )
    model.output_description[LABEL_NAME] = "The most probable expression."
    model.output_description[PROBABILITIES_NAME] = "The probability of each expression; they add up to 1."
    model.user_defined_metadata["labels"] = ",".join(labels)
    for name, value in facts.items():
        model.user_defined_metadata[name] = value
