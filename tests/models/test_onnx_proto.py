import onnx
import pytest

from models.onnx_proto import EXTERNAL, parse
from models.versions import BASE_FOLDER, MODEL

DATA = (BASE_FOLDER / MODEL).read_bytes()


def test_it_reads_what_onnx_reads() -> None:
    model, known = parse(DATA), onnx.load_from_string(DATA)
    assert [node.op_type for node in model.graph.node] == [node.op_type for node in known.graph.node]
    assert [list(each.dims) for each in model.graph.initializer] == [
        list(each.dims) for each in known.graph.initializer
    ]
    assert {entry.key: entry.value for entry in model.metadata_props} == {"labels": known.metadata_props[0].value}
    assert [entry.version for entry in model.opset_import] == [entry.version for entry in known.opset_import]
    (shape,) = (value.type.tensor_type.shape for value in model.graph.input)
    assert [dim.dim_value or dim.dim_param for dim in shape.dim] == ["N", 1, 48, 48]
    assert EXTERNAL == onnx.TensorProto.EXTERNAL


def test_what_it_does_not_know_is_kept() -> None:
    model = parse(DATA)
    batch = model.graph.input[0].type.tensor_type.shape.dim[0]
    batch.ClearField("dim_param")
    batch.dim_value = 3
    again = onnx.load_from_string(model.SerializeToString())
    known = onnx.load_from_string(DATA)
    assert again.graph.input[0].type.tensor_type.shape.dim[0].dim_value == 3
    known.graph.input[0].CopyFrom(again.graph.input[0])
    assert again == known


@pytest.mark.parametrize("data", [DATA[:1000], b"\xff" * 50, b"<html>"])
def test_no_onnx(data: bytes) -> None:
    with pytest.raises(ValueError, match="no ONNX file"):
        parse(data)
