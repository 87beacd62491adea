"""Versions of the model for tests, without a training run."""

from __future__ import annotations

import shutil
from pathlib import Path

from models.card import Card
from models.network import Network
from models.onnx_proto import parse
from models.versions import MODEL, WEIGHTS, Version, Versions
from models.weights import write_weights


def write_version(versions: Versions, number: int, network: Network, card: Card, beside: Path | None = None) -> Version:
    """Version `number` with the weights of `network` and a copy of the folder `beside`; it has no ONNX model."""
    with versions.unfinished() as folder:
        write_weights(network, folder)
        if beside is not None:
            shutil.copytree(beside, folder / beside.name)
        return versions.write(number, card, folder)


def copy_base(versions: Versions, number: int, card: Card | None = None, *, onnx: bool = True) -> Version:
    """The base model as version `number`, or with another card; without `onnx` as earlier Miens left one."""
    base = versions.get(0)
    card = card or base.card
    with versions.unfinished() as folder:
        shutil.copy(base.path / WEIGHTS, folder)
        if onnx:
            model = parse((base.path / MODEL).read_bytes())
            model.metadata_props[0].value = "\n".join(card.labels)
            (folder / MODEL).write_bytes(model.SerializeToString())
        else:
            card = card.model_copy(update={"onnx_proof": None})
        return versions.write(number, card, folder)
