"""Export a network to Core AI, Apple's successor of Core ML (iOS 27), and prove that it answers as PyTorch does.

It is made and run by `coreai-torch` and `coreai-core`, betas that the extra `mien[coreai]` brings.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from importlib import metadata
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from models.card import CORE_AI, Proof
from models.network import Network
from training.export.classifier import Classifier
from training.export.model_names import INPUT_NAME, PROBABILITIES_NAME
from training.export.proof import ProofFailed, Reference, compare, size_of
from training.export.quiet import quiet

ASSET = "Mien.aimodel"
FUNCTION = "main"
FACES = 24
"""That the proof compares, and edge cases: off a Mac the runtime needs a third of a second for each."""
LABELS = "labels"


def write_asset(
    asset: Path, network: Network, labels: Sequence[str], temperature: float, facts: Mapping[str, str] | None = None
) -> None:
    """Write `asset` (a new folder, `….aimodel`): a program in single precision with the function `main`.

    Input `face`, float32 (1, 1, size, size), grey pixels 0…255; output `probabilities`, float32 (1, C). Its metadata
    has `labels`, and of `facts` `author`, `license` and `description` in fields of their own, the rest as it is.
    """
    with quiet():
        from coreai.runtime import AIModelAssetMetadata
        from coreai_torch import TorchConverter, get_decomp_table

        side = network.config.size
        classifier = Classifier(network.cpu(), temperature).eval()
        program = torch.export.export(classifier, (torch.zeros(1, 1, side, side),))
        converter = TorchConverter(mode=TorchConverter.Mode.RELEASE).add_exported_program(
            program.run_decompositions(get_decomp_table()),
            input_names=[INPUT_NAME],
            output_names=[PROBABILITIES_NAME],
            entrypoint_name=FUNCTION,
        )
        about, rest = AIModelAssetMetadata(), dict(facts or {})
        about.author = rest.pop("author", "Made with Mien")
        about.license = rest.pop("license", "")
        about.model_description = rest.pop("description", "Names the facial expression on a face crop.")
        about.set_custom(LABELS, list(labels))
        for name, value in rest.items():
            about.set_custom(name, value)
        converter.to_coreai().save_asset(asset, about)


def prove_asset(asset: Path, labels: Sequence[str], expected: Reference) -> Proof:
    """Read `asset` back from disk, run it by Core AI's runtime on the pictures of `expected`, compare with PyTorch.

    Raises:
        ProofFailed: a probability differs by more than 0.0001, any label does, or the labels of the asset are others.
    """
    found = json.loads((asset / "metadata.json").read_text("utf-8"))["creatorDefinedMetadata"][LABELS]
    if found != list(labels):
        raise ProofFailed(f"The asset's labels are {', '.join(found)}; the model's are {', '.join(labels)}.")
    with quiet():
        answers = asyncio.run(_answers(asset, expected.pictures.float().numpy()))
    runner = f"coreai-core {metadata.version('coreai-core')}"
    return compare(CORE_AI, runner, answers, expected, size_of(asset))


async def _answers(asset: Path, pictures: NDArray[np.float32]) -> NDArray[np.float32]:
    """Probabilities (N, C) of `pictures` (N, 1, size, size), one after the other."""
    from coreai.authoring import AIModelAsset
    from coreai.runtime import NDArray as Array

    async with AIModelAsset.load(asset).executable() as model:
        function = model.load_function(FUNCTION)
        given = ({INPUT_NAME: Array(np.ascontiguousarray(picture[None]))} for picture in pictures)
        rows = [(await function(each))[PROBABILITIES_NAME].numpy().copy() for each in given]
    return np.concatenate(rows)
