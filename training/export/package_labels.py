"""The labels of a Core ML package and of the Swift written for it, read back from what goes home, and compared.

The numbers of the messages are those of Core ML's Model.proto and MIL.proto, which coremltools carries; it is not
imported for this, since a server reads packages too.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from google.protobuf.message import DecodeError

from models.onnx_proto import TEXT, Messages, message_class
from models.versions import BadVersion, first_line

SPECIFICATION = "Data/com.apple.CoreML/model.mlmodel"
"""In a package: the model without its weights."""

MESSAGES: Messages = {
    "Model": {"mlProgram": (502, "Program")},
    "Program": {"functions": (2, "*Function")},
    "Function": {"key": (1, TEXT), "value": (2, "FunctionBody")},
    "FunctionBody": {"blocks": (3, "*NamedBlock")},
    "NamedBlock": {"key": (1, TEXT), "value": (2, "Block")},
    "Block": {"operations": (3, "*Operation")},
    "Operation": {"type": (1, TEXT), "inputs": (2, "*Input")},
    "Input": {"key": (1, TEXT), "value": (2, "Argument")},
    "Argument": {"arguments": (1, "*Binding")},
    "Binding": {"value": (2, "Value")},
    "Value": {"immediateValue": (3, "Immediate")},
    "Immediate": {"tensor": (1, "Tensor"), "list": (3, "List")},
    "Tensor": {"strings": (4, "Strings")},
    "Strings": {"values": (1, "*" + TEXT)},
    "List": {"values": (1, "*Value")},
}
CoreMLModel = message_class("Model", "mien_core_ml", MESSAGES)

_CASE = re.compile(r'^    case \S+ = "((?:[^"\\]|\\.)*)"$', re.MULTILINE)
_ESCAPE = re.compile(r"\\(?:u\{([0-9a-f]+)\}|(.))")


def package_labels(package: Mapping[str, bytes]) -> tuple[str, ...]:
    """The class labels of a Core ML package, in the order of its probabilities; `package`: its files by path inside.

    Raises:
        BadVersion: it is no package of a classifier.
    """
    try:
        model = CoreMLModel.FromString(package[SPECIFICATION])
    except (KeyError, DecodeError, UnicodeDecodeError) as error:
        raise BadVersion(f"The Core ML model is damaged ({first_line(error)}).") from error
    found = [
        tuple(each.immediateValue.tensor.strings.values[0] for each in binding.value.immediateValue.list.values)
        for operation in _operations(model)
        if operation.type == "classify"
        for named in operation.inputs
        if named.key == "classes"
        for binding in named.value.arguments
    ]
    if len(found) != 1:
        raise BadVersion("The Core ML model is damaged: it has no classes.")
    return found[0]


def _operations(model: Any) -> list[Any]:
    blocks = [block.value for function in model.mlProgram.functions for block in function.value.blocks]
    return [operation for block in blocks for operation in block.operations]


def swift_labels(source: str) -> tuple[str, ...]:
    """The labels of `ExpressionLabel.swift`, in the order of its cases."""
    return tuple(
        _ESCAPE.sub(lambda found: chr(int(found[1], 16)) if found[1] else found[2], literal)
        for literal in _CASE.findall(source)
    )


def check_labels(package: Mapping[str, bytes], source: str) -> tuple[str, ...]:
    """The labels that a package and its `ExpressionLabel.swift` both have, in the same order.

    Raises:
        BadVersion: they differ, or the package is damaged.
    """
    model, code = package_labels(package), swift_labels(source)
    if model != code:
        raise BadVersion(f"The Core ML model names {', '.join(model)}; ExpressionLabel.swift {', '.join(code)}.")
    return model
