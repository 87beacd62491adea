import json
import pickle
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from pydantic import JsonValue
from safetensors.torch import load_file, save_file

from models.card import Card, NetworkShape
from models.errors import DiskError
from models.network import Network, NetworkConfig
from models.versions import BadVersion, Versions
from models.weights import load_network, shape_of
from tests.made_versions import write_version

CONFIG = NetworkConfig(classes=2, widths=(4, 6), depths=(1, 1), size=16)
CARD = Card(
    network=NetworkShape(classes=2, widths=(4, 6), depths=(1, 1), size=16), labels=("wink", "other"), temperature=1.5
)


@pytest.fixture
def versions(tmp_path: Path) -> Versions:
    return Versions(tmp_path / "versions")


def test_what_is_written_is_read_back(versions: Versions) -> None:
    network = Network(CONFIG).eval()
    version = write_version(versions, 1, network, CARD.model_copy(update={"seed": 7}))
    assert version.number == 1 and versions.get(1) == version
    again = versions.get(1)
    assert again.labels == ("wink", "other") and again.temperature == 1.5 and again.card.seed == 7
    pixels = torch.rand(3, 1, 16, 16) * 255
    torch.testing.assert_close(load_network(again)(pixels), network(pixels), rtol=1e-2, atol=1e-2)


def test_the_first_stride_is_kept_and_is_two_where_a_card_says_none(versions: Versions) -> None:
    for number, stride in ((1, 1), (2, 2)):
        network = Network(replace(CONFIG, first_stride=stride)).eval()
        write_version(versions, number, network, CARD.model_copy(update={"network": shape_of(network)}))
        again = load_network(versions.get(number))
        assert again.config == network.config and again.pool.kernel_size == (8 // stride, 8 // stride)
    card = versions.folder / "2" / "card.json"
    said = json.loads(card.read_text())
    del said["network"]["first_stride"]
    card.write_text(json.dumps(said))
    assert load_network(versions.get(2)).config == replace(CONFIG, first_stride=2)


def test_numbers_are_kept_and_the_base_is_zero(versions: Versions) -> None:
    for number in (1, 2, 3, 12):
        write_version(versions, number, Network(CONFIG), CARD)
    versions.delete(2)
    assert versions.numbers() == [0, 1, 3, 12]
    assert [version.number for version in versions.list()[0]] == [0, 1, 3, 12]


def test_a_number_that_is_there_is_not_written_over(versions: Versions) -> None:
    write_version(versions, 1, Network(CONFIG), CARD)
    with pytest.raises(OSError):
        write_version(versions, 1, Network(CONFIG), CARD.model_copy(update={"name": "second"}))
    assert versions.get(1).card.name == "" and [path.name for path in versions.folder.iterdir()] == ["1"]


@contextmanager
def room_for(size: int) -> Iterator[None]:
    """No file may grow beyond `size` bytes."""
    import resource

    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


@pytest.mark.skipif(sys.platform == "win32", reason="limits of this kind are POSIX's")
@pytest.mark.parametrize("room", [1000, 100])
def test_a_write_that_fails_says_so_and_leaves_nothing(versions: Versions, room: int) -> None:
    with room_for(room), pytest.raises(OSError, match="File too large"):
        write_version(versions, 1, Network(CONFIG), CARD)
    assert list(versions.folder.iterdir()) == []


def test_leftovers_are_swept(versions: Versions) -> None:
    write_version(versions, 1, Network(CONFIG), CARD)
    (versions.folder / ".partial-x").mkdir()
    (versions.folder / ".deleted-9").mkdir()
    versions.sweep()
    assert [path.name for path in versions.folder.iterdir()] == ["1"]


def test_the_base_model_stays(versions: Versions) -> None:
    with pytest.raises(BadVersion, match="cannot be deleted"):
        versions.delete(0)
    with pytest.raises(BadVersion, match="read only"):
        versions.update_card(0, name="", note="mine")


def test_cards_can_be_changed(versions: Versions) -> None:
    write_version(versions, 1, Network(CONFIG), CARD)
    changed = versions.update_card(1, name="first try", note="in the evening")
    assert versions.get(1) == changed and (changed.card.name, changed.card.note) == ("first try", "in the evening")


@pytest.mark.skipif(sys.platform == "win32", reason="limits of this kind are POSIX's")
def test_a_card_that_cannot_be_written_stays_what_it_was(versions: Versions) -> None:
    write_version(versions, 1, Network(CONFIG), CARD)
    with room_for(100), pytest.raises(DiskError, match="The card of version 1 cannot be written: File too large"):
        versions.update_card(1, name="x" * 200, note="")
    assert versions.get(1).card == CARD


def test_missing(versions: Versions) -> None:
    with pytest.raises(BadVersion, match="no version 7"):
        versions.get(7)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"format": 99}, "newer Mien"),
        ({"labels": []}, "names no labels"),
        ({"labels": ["one"]}, "1 labels for 2 outputs"),
        ({"temperature": 0}, "temperature"),
        ({"network": {"classes": 2}}, "describe its network"),
        ({"network": "small"}, "describe its network"),
        ({"after": {"accuracy": 0.5}}, r"is no card of a version \(after\.faces: Field required\)"),
        ({"wrong": [{"image": "first"}]}, r"is no card of a version \(wrong\.0\.image"),
        ({"network": {"classes": 2, "widths": [4, 99999], "depths": [1, 1], "size": 16}}, "cannot be built"),
        (
            {"network": {"classes": 2, "widths": [4, 6], "depths": [1, 1], "size": 16, "first_stride": 0}},
            "cannot be built",
        ),
    ],
)
def test_bad_cards(versions: Versions, change: dict[str, JsonValue], message: str) -> None:
    path = write_version(versions, 1, Network(CONFIG), CARD).path / "card.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(BadVersion, match=message):
        versions.get(1)
    assert list(versions.list()[1]) == [1]


@pytest.mark.parametrize("text", ["", "{", "[]", "null"])
def test_a_card_that_is_no_card(versions: Versions, text: str) -> None:
    (write_version(versions, 1, Network(CONFIG), CARD).path / "card.json").write_text(text)
    with pytest.raises(BadVersion):
        versions.get(1)


def test_bad_weights(versions: Versions) -> None:
    path = write_version(versions, 1, Network(CONFIG), CARD).path / "weights.safetensors"
    good = path.read_bytes()
    weights = load_file(path)
    path.write_bytes(pickle.dumps(weights))
    with pytest.raises(BadVersion, match="no safetensors"):
        load_network(versions.get(1))
    path.write_bytes(good[:-10])
    with pytest.raises(BadVersion, match="no safetensors"):
        load_network(versions.get(1))
    save_file(weights | {"head.weight": torch.zeros(3, 6)}, path)
    with pytest.raises(BadVersion, match="does not fit"):
        load_network(versions.get(1))
    save_file(weights | {"head.bias": torch.full((2,), float("nan"))}, path)
    with pytest.raises(BadVersion, match="not numbers"):
        load_network(versions.get(1))
    path.unlink()
    with pytest.raises(BadVersion, match="missing"):
        load_network(versions.get(1))


@pytest.mark.parametrize(
    "card",
    [
        "[" * 100_000 + "]" * 100_000,
        '{"labels": ' + "[" * 100_000 + "]" * 100_000 + "}",
        '{"labels": ["a"], "temperature": 1, "network": {"classes": Infinity, "widths": [1], "depths": [1]}}',
        '{"labels": ["a"], "temperature": NaN, "network": {"classes": 1, "widths": [1], "depths": [1], "size": 4}}',
        '{"labels": ["a"], "temperature": 1, "network": {"classes": 1, "widths": [1e400], "depths": [1], "size": 4}}',
    ],
)
def test_a_card_that_cannot_be_is_a_damaged_version(versions: Versions, card: str) -> None:
    write_version(versions, 1, Network(CONFIG), CARD)
    version = write_version(versions, 2, Network(CONFIG), CARD)
    (version.path / "card.json").write_text(card)
    readable, damaged = versions.list()
    assert ([version.number for version in readable], list(damaged)) == ([0, 1], [2])
    with pytest.raises(BadVersion):
        versions.get(2)
