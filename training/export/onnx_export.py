"""Export a network to ONNX for everything that is not Apple's, and prove it in OpenCV's own ONNX runtime."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import torch
from torch import Tensor

from models.card import Proof
from models.network import Network
from training.export.classifier import INPUT_NAME, PROBABILITIES_NAME, Classifier
from training.export.proof import PROOF_FACES, ProofFailed, compare, proof_pictures
from training.export.quiet import quiet


def write_onnx(path: Path, network: Network, labels: Sequence[str], temperature: float) -> None:
    """Write `path`: input `face` float32 (1, 1, size, size) grey 0…255, output `probabilities` (1, C).

    The labels are in the file's metadata, as one line each.
    """
    import onnx

    side = network.config.size
    example = torch.zeros(1, 1, side, side)
    with quiet():
        program = torch.onnx.export(
            Classifier(network.cpu(), temperature).eval(),
            (example,),
            dynamo=True,
            verbose=False,
            input_names=[INPUT_NAME],
            output_names=[PROBABILITIES_NAME],
        )
    assert program is not None
    model = program.model_proto
    model.producer_name = "Mien"
    onnx.helper.set_model_props(model, {"labels": "\n".join(labels)})
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, str(path))


def prove_onnx(
    path: Path, network: Network, labels: Sequence[str], temperature: float, faces: Tensor, count: int = PROOF_FACES
) -> Proof:
    """As `training.export.coreml.prove`, for an ONNX file.

    Raises:
        ProofFailed: it cannot be read, or does not answer as PyTorch does.
    """
    import onnx

    properties = {entry.key: entry.value for entry in onnx.load(str(path)).metadata_props}
    if properties.get("labels", "").split("\n") != list(labels):
        raise ProofFailed(f"The labels in {path.name} are not the model's.")
    pictures = proof_pictures(faces, network.config.size, count)
    try:
        runtime = cv2.dnn.readNetFromONNX(str(path))
        answers = np.concatenate([_answer(runtime, face) for face in pictures])
    except cv2.error as error:
        raise ProofFailed(f"{path.name} does not run in OpenCV ({error.err}).") from error
    runner = f"OpenCV {cv2.__version__}"
    return compare("ONNX", runner, answers, network, temperature, pictures, path.stat().st_size)


def _answer(runtime: cv2.dnn.Net, face: Tensor) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    runtime.setInput(face[None].float().numpy(), INPUT_NAME)
    return np.asarray(runtime.forward(), np.float32)
