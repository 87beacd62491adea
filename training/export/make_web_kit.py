"""`python -m training.export.make_web_kit`: the web kit of a version, packed in a process of its own.

`training.export.conversion.convert_to_web` asks it.
"""

from __future__ import annotations

import sys

from models.home import Home
from models.onnx_model import load_model
from models.versions import MODEL, Versions
from training.export.conversion import PackageAnswer, WebKitRequest
from training.export.kit_zip import write_kit
from training.export.onnx_half import half_precision, sharing_weights
from training.export.web_kit import web_files
from training.export.web_settings import CLASSIFIER
from training.module_process import serve_request


def answer(request: WebKitRequest) -> PackageAnswer:
    version = Versions(Home(request.home).versions).get(request.version)
    session = load_model(version, "cpu")
    model = (version.path / MODEL).read_bytes()
    half = sharing_weights(half_precision(model), model, CLASSIFIER)
    files = web_files(version, session, model, half, request.looks)
    return PackageAnswer(bytes=write_kit(request.path, list(files)), proofs=())


if __name__ == "__main__":
    sys.exit(serve_request(WebKitRequest, answer))
