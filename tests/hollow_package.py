"""A Core ML package that has class labels and nothing else, and a self-test beside it: made at once, run nowhere."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from pathlib import Path

from models.versions import Version
from training.export.model_names import PACKAGE, SELF_TEST
from training.export.package_labels import SPECIFICATION, CoreMLModel


def write_hollow_package(path: Path, labels: Sequence[str]) -> int:
    """The package in a new folder `path`; its size in bytes."""
    model = CoreMLModel()
    block = model.mlProgram.functions.add(key="main").value.blocks.add(key="CoreML5").value
    operation = block.operations.add(type="classify")
    classes = operation.inputs.add(key="classes").value.arguments.add().value.immediateValue.list
    for label in labels:
        classes.values.add().immediateValue.tensor.strings.values.append(label)
    file = path / SPECIFICATION
    file.parent.mkdir(parents=True)
    return file.write_bytes(model.SerializeToString())


def self_test_of(labels: Sequence[str], side: int = 48) -> str:
    """A sound self-test of one black picture."""
    grey, share = base64.b64encode(bytes(side * side)).decode(), 1 / len(labels)
    picture = {"name": "black", "grey": grey, "probabilities": [share] * len(labels)}
    return json.dumps({"side": side, "allowed": 0.02, "labels": list(labels), "pictures": [picture]})


def add_hollow_package(version: Version) -> int:
    """Into a version's folder, with a self-test; the package's size in bytes, which its proof must have."""
    (version.path / SELF_TEST).write_text(self_test_of(version.labels, version.card.network.size), "utf-8")
    return write_hollow_package(version.path / PACKAGE, version.labels)
