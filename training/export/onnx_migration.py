"""ONNX models for versions that an earlier Mien made without: on first use each gets one, from a process of its own."""

from __future__ import annotations

import logging
from pathlib import Path

from pydantic import BaseModel

from models.card import Proof
from models.home import Home
from models.onnx_model import NoModel
from models.predictor import Predictor
from models.versions import Version, Versions
from training.module_process import ask

log = logging.getLogger(__name__)


class ModelRequest(BaseModel):
    """Make and prove the ONNX model of a version that has none."""

    home: Path
    version: int


class ModelAnswer(BaseModel):
    proof: Proof


def load_predictor(home: Home, version: Version) -> Predictor:
    """The version, loaded; one that has no ONNX model yet gets it first, which takes some seconds.

    Raises:
        BadVersion: it is damaged.
        MienError: as `add_onnx`, or `MIEN_PROVIDER` names what is not there.
    """
    try:
        return Predictor(version)
    except NoModel:
        return Predictor(add_onnx(home, version))


def add_onnx(home: Home, version: Version) -> Version:
    """The version with an ONNX model made and proved now; a line in the log says so.

    Raises:
        BadVersion: the version is damaged.
        ProofFailed: the model does not answer as PyTorch does.
        DiskError: it cannot be written.
        RuntimeError: a fault of Mien's own.
    """
    log.warning("Version %d was made by an earlier Mien: its ONNX model is being made, once …", version.number)
    ask("training.export.make_model", ModelRequest(home=home.path.resolve(), version=version.number), ModelAnswer)
    return Versions(home.versions).get(version.number)
