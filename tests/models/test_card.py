"""What a card keeps: every entry that was read, under the names that it had."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pydantic import ValidationError

from models.card import Card, DataCounts, Metrics, Proof
from models.network import Network, NetworkConfig
from models.versions import BASE_FOLDER, CARD, Versions, read_card
from tests.made_versions import write_version

UNTYPED = Path(__file__).parent / "untyped_card.json"
"""The card of a training run as it was written before cards had types."""
BASE = BASE_FOLDER / CARD


def test_a_card_from_before_there_were_types_still_loads() -> None:
    card = read_card(UNTYPED)
    assert card.labels[-1] == "wink" and len(card.labels) == card.network.classes == 9
    assert card.counts and card.counts.held_out["wink"] >= 2 and card.counts.notes
    assert card.after and card.before and card.after.faces == card.before.faces == len(card.held_out_ids)
    assert card.base_before and card.base_after and card.base_after.accuracy > 0.7
    assert card.proof and card.proof.holds and card.proof.format == "Core ML"
    assert card.verdict and card.seconds and card.created and card.created.tzinfo
    assert (card.run, card.parent, card.compared_with, card.seed) == (1, 0, 0, 5)


@pytest.mark.parametrize("path", [UNTYPED, BASE], ids=["a run's", "the base model's"])
def test_reading_and_writing_lose_and_add_nothing(path: Path) -> None:
    assert read_card(path).as_json() == json.loads(path.read_text("utf-8"))


def test_the_base_models_data_is_a_text() -> None:
    card = Versions(Path()).get(0).card
    assert isinstance(card.data, str) and card.counts is None
    assert card.metrics["PrivateTest"].faces == 3545 and card.after is None


def test_what_another_mien_wrote_is_kept_when_the_name_changes(tmp_path: Path) -> None:
    versions = Versions(tmp_path)
    network = Network(NetworkConfig(classes=2, widths=(4, 6), depths=(1, 1), size=16))
    shape = {"classes": 2, "widths": [4, 6], "depths": [1, 1], "size": 16, "block": "plain"}
    card = {"network": shape, "labels": ["a", "b"], "temperature": 1, "quantised": {"bits": [8, 4]}}
    write_version(versions, 1, network, Card.model_validate(card))
    versions.update_card(1, name="mine", note="")
    written = json.loads((tmp_path / "1" / CARD).read_text("utf-8"))
    assert written == {"format": 1, **card, "name": "mine", "note": ""}


def test_a_card_cannot_be_changed_in_place() -> None:
    with pytest.raises(ValidationError):
        read_card(UNTYPED).name = "other"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("form", "difference", "equal", "holds"),
    [
        ("Core ML", 0.02, 0.99, True),
        ("Core ML", 0.0201, 1.0, False),
        ("Core ML", 0.0, 0.989, False),
        ("ONNX", 0.0001, 1.0, True),
        ("ONNX", 0.00011, 1.0, False),
        ("ONNX", 0.0, 0.999, False),
        ("another Mien's", 0.001, 1.0, False),
    ],
)
def test_a_proof_holds_up_to_its_limits(form: str, difference: float, equal: float, holds: bool) -> None:
    proof = Proof(format=form, runner="x", faces=1, max_difference=difference, equal_labels=equal, bytes=1)
    assert proof.holds == holds


def test_numbers_that_are_none_are_refused() -> None:
    with pytest.raises(ValidationError):
        DataCounts.model_validate({"train": {"a": "many"}, "held_out": {}})
    with pytest.raises(ValidationError):
        Metrics(faces=1, accuracy=float("nan"), mean_recall=0, recall={}, calibration_error=0, confusion=[])
