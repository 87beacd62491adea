"""`python -m training.export.make_onnx_kit`: the ONNX kit of a version, proved and packed in a process of its own.

`training.export.conversion.convert_to_onnx` asks it.
"""

from __future__ import annotations

import sys

import torch

from labeling.store import Store
from models.home import Home
from models.versions import MODEL, Versions
from models.weights import load_network
from training.dataset import proof_faces
from training.export.conversion import OnnxKitRequest, PackageAnswer
from training.export.onnx_export import prove_onnx
from training.export.onnx_half import half_precision
from training.export.onnx_half_proof import prove_half
from training.export.onnx_kit import write_onnx_kit
from training.module_process import serve_request


def answer(request: OnnxKitRequest) -> PackageAnswer:
    home = Home(request.home)
    version = Versions(home.versions).get(request.version)
    network = load_network(version)
    store = Store(home.database_url)
    try:
        faces = torch.from_numpy(proof_faces(store, version.card.network.size))
    finally:
        store.close()
    whole = prove_onnx(version, network, faces)
    half = half_precision((version.path / MODEL).read_bytes())
    proofs = [whole, prove_half(half, network, version.temperature, faces)]
    kit = write_onnx_kit(request.path, version, half, proofs)
    return PackageAnswer(bytes=kit.bytes, proofs=kit.proofs)


if __name__ == "__main__":
    sys.exit(serve_request(OnnxKitRequest, answer))
