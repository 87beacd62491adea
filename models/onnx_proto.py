"""The parts of an ONNX file that Mien looks at or changes, read by protobuf itself: a server never imports `onnx`.

The numbers are those of https://github.com/onnx/onnx/blob/main/onnx/onnx.proto; whatever else a file has is kept when
it is written again.
"""

from __future__ import annotations

from typing import Any

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from google.protobuf.message import DecodeError

INTEGER, TEXT = "int64", "string"
EXTERNAL = 1
"""`data_location` of a tensor whose data lies in another file."""

Messages = dict[str, dict[str, tuple[int, str]]]
"""For each message its fields: number and type, a `*` before what is repeated."""

MESSAGES: Messages = {
    "Model": {
        "graph": (7, "Graph"),
        "opset_import": (8, "*Opset"),
        "metadata_props": (14, "*Property"),
        "functions": (25, "*Opset"),
    },
    "Opset": {"domain": (1, TEXT), "version": (2, INTEGER)},
    "Property": {"key": (1, TEXT), "value": (2, TEXT)},
    "Graph": {
        "node": (1, "*Node"),
        "initializer": (5, "*Tensor"),
        "input": (11, "*Value"),
        "output": (12, "*Value"),
        "value_info": (13, "*Value"),
        "sparse_initializer": (15, "*Sparse"),
    },
    "Node": {"op_type": (4, TEXT), "attribute": (5, "*Attribute"), "domain": (7, TEXT)},
    "Attribute": {
        "t": (5, "Tensor"),
        "g": (6, "Graph"),
        "tensors": (10, "*Tensor"),
        "graphs": (11, "*Graph"),
        "sparse_tensor": (22, "Sparse"),
        "sparse_tensors": (23, "*Sparse"),
    },
    "Sparse": {"values": (1, "Tensor")},
    "Tensor": {"dims": (1, "*" + INTEGER), "external_data": (13, "*Property"), "data_location": (14, INTEGER)},
    "Value": {"name": (1, TEXT), "type": (2, "Type")},
    "Type": {"tensor_type": (1, "TensorType")},
    "TensorType": {"elem_type": (1, INTEGER), "shape": (2, "Shape")},
    "Shape": {"dim": (1, "*Dimension")},
    "Dimension": {"dim_value": (1, INTEGER), "dim_param": (2, TEXT)},
}


def parse(data: bytes) -> Any:
    """The `Model` in an ONNX file. Raises ValueError where the bytes are no protobuf of that kind."""
    try:
        return _model.FromString(data)
    except (DecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"no ONNX file ({error})") from error


def message_class(name: str, package: str, messages: Messages) -> Any:
    """The class of the message `name` among these, which live in a `package` of their own."""
    file = descriptor_pb2.FileDescriptorProto(name=f"{package}.proto", package=package, syntax="proto2")
    kinds = descriptor_pb2.FieldDescriptorProto
    for message_name, fields in messages.items():
        message = file.message_type.add(name=message_name)
        for field_name, (number, type_name) in fields.items():
            field = message.field.add(name=field_name, number=number)
            field.label = kinds.LABEL_REPEATED if type_name.startswith("*") else kinds.LABEL_OPTIONAL
            type_name = type_name.removeprefix("*")
            if type_name in (INTEGER, TEXT):
                field.type = kinds.TYPE_INT64 if type_name == INTEGER else kinds.TYPE_STRING
            else:
                field.type, field.type_name = kinds.TYPE_MESSAGE, f".{package}.{type_name}"
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName(f"{package}.{name}"))


_model = message_class("Model", "mien_onnx", MESSAGES)
