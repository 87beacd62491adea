"""What the Core ML package, its model, its input and its outputs are called."""

from __future__ import annotations

MODEL_NAME = "Mien"
PACKAGE = f"{MODEL_NAME}.mlpackage"
INPUT_NAME = "face"
LABEL_NAME = "label"
PROBABILITIES_NAME = "probabilities"

MODULE = "Mien"
BUNDLED = "MienExpressions"
"""The package's name in an app, and so that of the class that Xcode makes of it: a class named as the module would hide
the module."""
SELF_TEST = "self-test.json"
"""Beside the package in a version's folder: `training.export.self_test`."""
