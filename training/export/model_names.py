"""What the Core ML package, its model, its input and its outputs are called."""

from __future__ import annotations

MODEL_NAME = "Mien"
PACKAGE = f"{MODEL_NAME}.mlpackage"
INPUT_NAME = "face"
LABEL_NAME = "label"
PROBABILITIES_NAME = "probabilities"
