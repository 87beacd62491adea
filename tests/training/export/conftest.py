from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from models.card import Card, DataCounts, Metrics, NetworkShape, WrongFace
from models.network import Network
from tests.training.conftest import LABELS
from training.export.coreml import write_package
from training.export.model_names import PACKAGE
from training.export.modelcard import facts

TEMPERATURE = 1.3
# Long enough to be in no random number, digest or weight by chance: packages carry identifiers made anew each time.
HELD_OUT_IMAGE = 904_711_330_214
HELD_OUT_PERSON = "Ada Lovelace"
OF_THE_DATA_SET: dict[str, Any] = {
    "wrong": (WrongFace(image=HELD_OUT_IMAGE, label="wink", predicted="neutral", certainty=0.5),),
    "held_out_ids": (HELD_OUT_IMAGE,),
    "held_out_people": (HELD_OUT_PERSON, "Bo"),
    "run": 12,
}
"""Entries of a card that are nobody's business where a model is taken to."""


def figures(accuracy: float, faces: int = 40) -> Metrics:
    recall = {"neutral": accuracy, "happiness": 0.9, "wink": None}
    return Metrics(
        faces=faces, accuracy=accuracy, mean_recall=accuracy, recall=recall, calibration_error=0.041, confusion=[[1]]
    )


CARD = Card(
    network=NetworkShape(classes=3, widths=(8, 12, 16), depths=(1, 2, 2), size=48),
    labels=LABELS,
    temperature=TEMPERATURE,
    name="My | faces",
    data=DataCounts(
        train={"neutral": 30, "happiness": 21, "wink": 17},
        held_out={"neutral": 10, "happiness": 7, "wink": 5},
        by_subject=True,
        measured_by={"neutral": "people", "happiness": "people", "wink": "same take"},
        same_take=("wink",),
        left_out={"smirk": "“smirk” is left out: it has 5 images and needs 8."},
        notes=(),
    ),
    before=figures(0.512),
    after=figures(0.875),
    base_before=figures(0.84, 1000),
    base_after=figures(0.823, 1000),
    **OF_THE_DATA_SET,
)


def check_silent_about_the_data_set(archive: Path) -> None:
    """The zip `archive` has its version's card, without `OF_THE_DATA_SET`, and no file names what is in there."""
    with zipfile.ZipFile(archive) as opened:
        card = json.loads(opened.read("card.json"))
        assert "labels" in card and not OF_THE_DATA_SET.keys() & card.keys()
        for name in opened.namelist():
            content = opened.read(name)
            assert str(HELD_OUT_IMAGE).encode() not in content and HELD_OUT_PERSON.encode() not in content, name


@pytest.fixture(scope="session")
def package(tmp_path_factory: pytest.TempPathFactory, network: Network) -> Path:
    """The Core ML package of `network`, with the facts of `CARD`; to be read only."""
    path = tmp_path_factory.mktemp("coreml") / PACKAGE
    write_package(path, network, LABELS, TEMPERATURE, facts(1, CARD))
    return path
