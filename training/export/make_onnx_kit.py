"""`python -m training.export.make_onnx_kit`: the ONNX kit of a version, proved and packed in a process of its own.

`training.export.conversion.convert_to_onnx` asks it.
"""

from __future__ import annotations

import sys

from models.card import Proof
from models.home import Home
from models.onnx_model import load_model
from models.versions import MODEL, Version, Versions
from training.export.conversion import OnnxKitRequest, PackageAnswer
from training.export.onnx_half import half_precision
from training.export.onnx_kit import write_onnx_kit
from training.export.proved_onnx import kept_proofs
from training.module_process import serve_request


def answer(request: OnnxKitRequest) -> PackageAnswer:
    home = Home(request.home)
    version = Versions(home.versions).get(request.version)
    load_model(version, "cpu")  # what is packed is known to load
    model = (version.path / MODEL).read_bytes()
    half = half_precision(model)
    proofs = kept_proofs(version, model, half) or _proved(home, version, half)
    kit = write_onnx_kit(request.path, version, half, proofs)
    return PackageAnswer(bytes=kit.bytes, proofs=kit.proofs)


def _proved(home: Home, version: Version, half: bytes) -> tuple[Proof, Proof]:
    from training.export.prove_onnx_models import prove_now  # PyTorch takes seconds to load

    return prove_now(home, version, half)


if __name__ == "__main__":
    sys.exit(serve_request(OnnxKitRequest, answer))
