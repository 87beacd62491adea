"""Export a network to Core ML, and prove that the package answers as PyTorch does."""

from __future__ import annotations

import contextlib
import heapq
import logging
import shutil
import warnings
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

from models.card import MAX_DIFFERENCE, MIN_EQUAL_LABELS, Proof
from models.errors import MienError
from models.network import Network
from training.export.mil_evaluator import Program, has_core_ml, predict_with_core_ml

MODEL_NAME = "Mien"
INPUT_NAME = "face"
LABEL_NAME = "label"
PROBABILITIES_NAME = "probabilities"
PROOF_FACES = 200


class ProofFailed(MienError):
    """The exported model does not answer as PyTorch does; the message says by how much."""


class Classifier(nn.Module):
    """What is exported: pixels (N, 1, size, size) 0…255 in, probabilities (N, C) out, temperature applied."""

    def __init__(self, network: Network, temperature: float) -> None:
        super().__init__()
        self.network, self.temperature = network.eval(), temperature

    def forward(self, face: Tensor) -> Tensor:
        return F.softmax(self.network(face) / self.temperature, 1)


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
    `description` have fields of their own, the rest is kept as it is. `palettize` stores 8-bit weights
    (coremltools.optimize), half the size.
    """
    with quiet():
        import coremltools as ct

        side = network.config.size
        example = torch.zeros(1, 1, side, side)
        program = torch.export.export(Classifier(network.cpu(), temperature).eval(), (example,))
        model = ct.convert(
            program.run_decompositions({}),
            inputs=[ct.ImageType(INPUT_NAME, example.shape, color_layout=ct.colorlayout.GRAYSCALE)],
            classifier_config=ct.ClassifierConfig(list(labels), predicted_feature_name=LABEL_NAME),
            convert_to="mlprogram",
            compute_precision=ct.precision.FLOAT16,
            minimum_deployment_target=ct.target.iOS16,
        )
        if palettize:
            import coremltools.optimize.coreml as optimize

            palette = optimize.OpPalettizerConfig(mode="custom", lut_function=eight_bit_palette)
            model = optimize.palettize_weights(model, optimize.OptimizationConfig(palette))
        spec = model.get_spec()
        ct.utils.rename_feature(spec, spec.description.predictedProbabilitiesName, PROBABILITIES_NAME)
        model = ct.models.MLModel(spec, weights_dir=model.weights_dir, skip_model_load=True)
        _describe(model, labels, dict(facts or {}))
        shutil.rmtree(package, ignore_errors=True)
        model.save(str(package))
        (package / "executorch_debug_handle_mapping.json").unlink(missing_ok=True)


def prove(
    package: Path, network: Network, labels: Sequence[str], temperature: float, faces: Tensor, count: int = PROOF_FACES
) -> Proof:
    """Read `package` back from disk, run it on `count` pictures of `faces` and on edge cases, compare with PyTorch.

    `faces`: grey pixels (N, 1, size, size), 0…255. On macOS Core ML itself runs it, elsewhere Mien's evaluator.

    Raises:
        ProofFailed: a probability differs by more than 0.02, fewer than 99 % of the labels agree, or the labels of
            the package are others.
    """
    with quiet():
        found = Program(package).labels
    if found != tuple(labels):
        raise ProofFailed(f"The package's labels are {', '.join(found)}; the model's are {', '.join(labels)}.")
    pictures = proof_pictures(faces, network.config.size, count)
    with quiet():
        if has_core_ml():
            runner, answers = "Core ML", predict_with_core_ml(package, list(pictures[:, 0].numpy()))
        else:
            runner, answers = "Mien's evaluator of ML programs", Program(package).predict(pictures)
    return compare("Core ML", runner, answers, network, temperature, pictures, size_of(package))


def proof_pictures(faces: Tensor, side: int, count: int) -> Tensor:
    """`count` grey pictures (count, 1, side, side) uint8 from `faces`, and edge cases after them.

    Faces are taken spread evenly; when there are too few, they come again mirrored and dimmed, and where there is none,
    soft random blotches stand in. The edge cases are black, white, grey, a ramp, and two kinds of noise.
    """
    generator = torch.Generator().manual_seed(0)
    flat = torch.stack([torch.full((1, side, side), value, dtype=torch.uint8) for value in (0, 255, 128)])
    ramp = torch.linspace(0, 255, side).round().to(torch.uint8).expand(1, 1, side, side)
    noise = torch.randint(0, 256, (2, 1, side, side), generator=generator, dtype=torch.uint8)
    speckle = 255 * torch.randint(0, 2, (2, 1, side, side), generator=generator, dtype=torch.uint8)
    edge_cases = torch.cat([flat, ramp, noise, speckle])
    if len(faces) == 0:
        faces = torch.cat([_blotches(count // 4, grid, side, generator) for grid in (4, 6, 9, 14)])
    faces = faces[spread(len(faces), count)]
    rounds = -(-count // len(faces))
    varied = [(faces.flip(3) if turn % 2 else faces).float() * 0.85**turn for turn in range(rounds)]
    pool = torch.cat(varied).round().clamp(0, 255).to(torch.uint8)
    return torch.cat([pool[:count], edge_cases])


def spread(length: int, count: int) -> NDArray[np.int64]:
    """`count` of the numbers below `length`, spread evenly; all of them where there are no more."""
    numbers = torch.arange(length) if length <= count else torch.linspace(0, length - 1, count).round().long()
    return numbers.numpy()


def _blotches(count: int, grid: int, side: int, generator: torch.Generator) -> Tensor:
    """Random light and shade, as coarse as `grid` points a side: (count, 1, side, side) uint8."""
    points = 255 * torch.rand(count, 1, grid, grid, generator=generator)
    return F.interpolate(points, size=(side, side), mode="bicubic").round().clamp(0, 255).to(torch.uint8)


def compare(
    form: str,
    runner: str,
    answers: NDArray[np.float32],
    network: Network,
    temperature: float,
    pictures: Tensor,
    size: int,
) -> Proof:
    """The proof for `answers` (N, C) that an exported model gave for `pictures`.

    Raises:
        ProofFailed: see `prove`.
    """
    with torch.inference_mode():
        expected = Classifier(network.cpu(), temperature)(pictures.float()).numpy()
    if answers.shape != expected.shape or not np.isfinite(answers).all():
        raise ProofFailed(f"The {form} model does not give {expected.shape[1]} finite probabilities for each face.")
    equal = answers.argmax(1) == expected.argmax(1)
    proof = Proof(
        format=form,
        runner=runner,
        faces=len(pictures),
        max_difference=float(np.abs(answers - expected).max()),
        equal_labels=float(equal.mean()),
        bytes=size,
    )
    if not proof.holds:
        raise ProofFailed(
            f"The exported model was refused, since it does not answer as the trained one does. {proof}; "
            f"allowed: {MAX_DIFFERENCE} and {100 * MIN_EQUAL_LABELS:.0f} %."
        )
    return proof


def eight_bit_palette(weights: NDArray[Any], rounds: int = 30) -> tuple[NDArray[Any], NDArray[np.uint8]]:
    """The 256 values that stand for `weights` with the least square error (1-D k-means), and each weight's position.

    coremltools' own k-means needs scikit-learn and takes ten times as long.
    """
    flat = weights.flatten().astype(np.float64)
    ordered = np.sort(flat)
    sums, squares = (np.concatenate([[0.0], np.cumsum(ordered**power)]) for power in (1, 2))

    def part(start: int, end: int) -> tuple[float, float, int, int]:
        total = sums[end] - sums[start]
        error = squares[end] - squares[start] - total**2 / (end - start)
        return -error, total / (end - start), start, end

    parts = [part(0, len(ordered))]
    while len(parts) < 256 and parts[0][0] < -1e-12:  # split the part with the greatest error at its mean
        _, mean, start, end = heapq.heappop(parts)
        middle = min(max(int(np.searchsorted(ordered, mean, "right")), start + 1), end - 1)
        heapq.heappush(parts, part(start, middle))
        heapq.heappush(parts, part(middle, end))
    palette = np.sort([mean for _, mean, _, _ in parts] + [ordered[-1]] * (256 - len(parts)))
    for _ in range(rounds):
        edges = np.searchsorted(ordered, (palette[1:] + palette[:-1]) / 2)
        bounds = np.concatenate([[0], edges, [len(ordered)]])
        counts = np.diff(bounds)
        palette = np.where(counts, np.diff(sums[bounds]) / np.maximum(counts, 1), palette)
    indices = np.searchsorted((palette[1:] + palette[:-1]) / 2, flat).astype(np.uint8)
    return palette.astype(weights.dtype), indices


def size_of(path: Path) -> int:
    """Bytes of a file, or of all files in a folder."""
    return sum(each.stat().st_size for each in [path, *path.rglob("*")] if each.is_file())


def _describe(model: Any, labels: Sequence[str], facts: dict[str, str]) -> None:
    model.author = facts.pop("author", "Made with Mien")
    model.license = facts.pop("license", "MIT")
    model.version = facts.pop("version", "0")
    model.short_description = facts.pop("description", "Names the facial expression on a face crop.")
    side = model.get_spec().description.input[0].type.imageType.width
    model.input_description[INPUT_NAME] = (
        f"A face, grey, {side} × {side} pixels: a square centred on the face's box, its side the box's height, "
        "the edge pixels repeated where it leaves the picture."
    )
    model.output_description[LABEL_NAME] = "The most probable expression."
    model.output_description[PROBABILITIES_NAME] = "The probability of each expression; they add up to 1."
    model.user_defined_metadata["labels"] = ",".join(labels)
    for name, value in facts.items():
        model.user_defined_metadata[name] = value


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Silence coremltools' progress bars, and its warning that a newer PyTorch is untested: the proof tests it."""
    import tqdm

    loggers = [logging.getLogger(name) for name in ("coremltools", "torch.onnx")]
    levels = [logger.level for logger in loggers]
    plain_init = tqdm.tqdm.__init__

    def silent_init(self: Any, *arguments: Any, **options: Any) -> None:
        plain_init(self, *arguments, **(options | {"disable": True}))

    try:
        for logger in loggers:
            logger.setLevel(logging.CRITICAL)
        tqdm.tqdm.__init__ = silent_init  # type: ignore[method-assign]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        tqdm.tqdm.__init__ = plain_init  # type: ignore[method-assign]
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)
