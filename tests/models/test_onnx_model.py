"""A version's ONNX file is loaded, or refused with a sentence that names it: damaged, foreign, hostile."""

from __future__ import annotations

import pickle
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import helper, numpy_helper

from models.onnx_model import MAX_BYTES, NoModel, load_model
from models.versions import BASE_FOLDER, MODEL, BadVersion, Version, Versions
from models.yunet import yunet_weights
from tests.made_versions import copy_base

BASE_MODEL = onnx.load(BASE_FOLDER / MODEL)


@pytest.fixture
def version(tmp_path: Path) -> Version:
    return copy_base(Versions(tmp_path / "versions"), 1)


def changed(change: Callable[[Any], object]) -> bytes:
    """The base model's file after `change`."""
    model = onnx.ModelProto()
    model.CopyFrom(BASE_MODEL)
    change(model)
    return model.SerializeToString()


def external(model: Any) -> None:
    tensor = model.graph.initializer[0]
    tensor.ClearField("raw_data")
    tensor.data_location = onnx.TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value="../../../etc/passwd")


def external_in_a_node(model: Any) -> None:
    tensor = onnx.TensorProto(data_type=1, dims=[4], data_location=onnx.TensorProto.EXTERNAL)
    tensor.external_data.add(key="location", value="weights.bin")
    model.graph.node.append(helper.make_node("Cast", ["face"], ["unused"], to=1, value=tensor))


def graph_within(model: Any) -> None:
    inner = helper.make_graph([], "inner", [], [])
    model.graph.node.append(helper.make_node("Cast", ["face"], ["unused"], to=1, body=inner))


def sparse(model: Any) -> None:
    values = numpy_helper.from_array(np.ones(1, np.float32), "more")
    places = numpy_helper.from_array(np.zeros((1, 1), np.int64), "more places")
    model.graph.sparse_initializer.append(helper.make_sparse_tensor(values, places, [4]))


def sparse_in_a_node(model: Any) -> None:
    sparse(model)
    tensor = model.graph.sparse_initializer.pop()
    model.graph.node.append(helper.make_node("Cast", ["face"], ["unused"], to=1, value=tensor))


def not_numbers(model: Any) -> None:
    head = next(tensor for tensor in model.graph.initializer if list(tensor.dims) == [8])
    head.CopyFrom(numpy_helper.from_array(np.full(8, np.nan, np.float16), head.name))


def other_input(model: Any) -> None:
    model.graph.input[0].name = "picture"
    for node in model.graph.node:
        node.input[:] = ["picture" if name == "face" else name for name in node.input]


def other_operator(domain: str, name: str) -> Callable[[Any], object]:
    return lambda model: model.graph.node.append(helper.make_node(name, ["face"], ["unused"], domain=domain))


def functions(model: Any) -> None:
    model.functions.append(helper.make_function("mine", "F", ["x"], ["y"], [], []))


BAD: dict[str, tuple[Callable[[], bytes], str]] = {
    "nothing": (lambda: b"", "names other labels"),
    "no ONNX": (lambda: b"\x89PNG\r\n\x1a\n" * 100, "is damaged"),
    "pickle": (lambda: pickle.dumps({"a": [1, 2]}), "is damaged|names other labels"),
    "cut off": (lambda: BASE_MODEL.SerializeToString()[:-1000], "is damaged"),
    "another network": (lambda: yunet_weights().read_bytes(), "is no model of Mien's: it has the operator"),
    "data in another file": (lambda: changed(external), "it has data in another file"),
    "data in another file, in a node": (lambda: changed(external_in_a_node), "it has data in another file"),
    "an operator of another domain": (
        lambda: changed(other_operator("com.microsoft", "Gelu")),
        r"it has the operator com\.microsoft\.Gelu",
    ),
    "an operator that nobody has": (lambda: changed(other_operator("", "Whatever")), "it has the operator Whatever"),
    "a loop": (lambda: changed(other_operator("", "Loop")), "it has the operator Loop"),
    "sparse data": (lambda: changed(sparse), "it has sparse data"),
    "sparse data in a node": (lambda: changed(sparse_in_a_node), "it has sparse data"),
    "a graph within the graph": (lambda: changed(graph_within), "it has a graph within its graph"),
    "functions": (lambda: changed(functions), "it has functions of its own"),
    "weights that are no numbers": (lambda: changed(not_numbers), "does not answer in probabilities"),
    "another input": (lambda: changed(other_input), "does not run"),
}


@pytest.mark.parametrize("bad", BAD)
def test_bad_files(version: Version, bad: str) -> None:
    make, sentence = BAD[bad]
    (version.path / MODEL).write_bytes(make())
    with pytest.raises(BadVersion, match=sentence) as refused:
        load_model(version)
    assert str(version.path / MODEL) in str(refused.value) and not isinstance(refused.value, NoModel)


def test_a_file_that_is_too_large_is_not_read(version: Version) -> None:
    with (version.path / MODEL).open("ab") as file:
        file.truncate(MAX_BYTES + 1)
    with pytest.raises(BadVersion, match="has 100 MB; a model of Mien's has at most 100"):
        load_model(version)


def test_the_card_and_the_model_must_agree(version: Version) -> None:
    renamed = replace(version, card=version.card.model_copy(update={"labels": ("a", *version.labels[1:])}))
    with pytest.raises(BadVersion, match="names other labels than its card: neutral, happiness"):
        load_model(renamed)
    smaller = version.card.network.model_copy(update={"size": 32})
    with pytest.raises(BadVersion, match="does not run"):
        load_model(replace(version, card=version.card.model_copy(update={"network": smaller})))
    fewer = version.labels[:7]

    def say_fewer(model: Any) -> None:
        model.metadata_props[0].value = "\n".join(fewer)

    (version.path / MODEL).write_bytes(changed(say_fewer))
    with pytest.raises(BadVersion, match="gives 8 probabilities where the card has 7 labels"):
        load_model(replace(version, card=version.card.model_copy(update={"labels": fewer})))


def test_a_missing_model_can_be_made_where_there_are_weights(tmp_path: Path) -> None:
    version = copy_base(Versions(tmp_path), 1, onnx=False)
    with pytest.raises(NoModel, match=r"Version 1 was made by an earlier Mien and has no model\.onnx yet"):
        load_model(version)
    shutil.rmtree(version.path)
    with pytest.raises(BadVersion, match="is missing or cannot be read") as refused:
        load_model(version)
    assert not isinstance(refused.value, NoModel)


def test_a_model_is_no_folder(version: Version) -> None:
    (version.path / MODEL).unlink()
    (version.path / MODEL).mkdir()
    with pytest.raises(BadVersion, match="is missing or cannot be read"):
        load_model(version)
