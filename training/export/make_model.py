"""`python -m training.export.make_model`: the ONNX model of a version that has none, in a process of its own.

`training.export.onnx_migration.add_onnx` asks it.
"""

from __future__ import annotations

import sys

import torch

from models.errors import disk_error
from models.home import Home
from models.versions import MODEL, Version, Versions
from models.weights import load_network
from training.export.onnx_export import prove_onnx, write_onnx
from training.export.onnx_migration import ModelAnswer, ModelRequest
from training.export.proof import reference
from training.module_process import serve_request


def answer(request: ModelRequest) -> ModelAnswer:
    versions = Versions(Home(request.home).versions)
    version = versions.get(request.version)
    network = load_network(version)
    try:
        with versions.unfinished() as folder:
            write_onnx(folder / MODEL, network, version.labels, version.temperature)
            made = Version(version.number, folder, version.card)
            proof = prove_onnx(made, reference(network, version.temperature, torch.zeros(0)))
            versions.add_model(version.number, folder / MODEL, proof)
    except OSError as error:
        raise disk_error(error, f"The ONNX model of version {version.number} cannot be written") from error
    return ModelAnswer(proof=proof)


if __name__ == "__main__":
    sys.exit(serve_request(ModelRequest, answer))
