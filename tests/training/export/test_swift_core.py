"""The kit's core, which needs Foundation alone: built and tested as who unzips the bundle does, and held against Mien's
own crop, labels, tracks, quality and doubt.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.training.export.made_bundles import ODD, unzipped
from tests.training.export.swift_linux import SwiftLinux, swift_linux
from training.export.bundle import LIBRARY, SWIFT
from training.export.swift_vectors import vectors

CORE = sorted((SWIFT / "Sources/MienCore").glob("*.swift"))
RESOURCES = "Tests/MienCoreTests/Resources"
pytestmark = pytest.mark.timeout(1800)


@pytest.fixture(scope="session")
def linux() -> SwiftLinux:
    return swift_linux()


@pytest.fixture(scope="session")
def library(linux: SwiftLinux, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The Swift package of an unzipped bundle, built with its tests."""
    with linux.folder(unzipped(tmp_path_factory.mktemp("bundle"), ODD) / LIBRARY) as folder:
        linux.run("swift", "build", "--build-tests", "-Xswiftc", "-warnings-as-errors", "--package-path", folder)
        yield folder


def executed(printed: str) -> int:
    """How many tests a run of XCTest carried out, none of which failed."""
    *_, (tests, failures) = re.findall(r"Executed (\d+) tests?, with (\d+) failures", printed)
    assert failures == "0", printed
    return int(tests)


def test_its_own_tests_pass_as_it_is_downloaded(linux: SwiftLinux, library: Path) -> None:
    written = " ".join(file.read_text("utf-8") for file in (library / "Tests/MienCoreTests").glob("*.swift"))
    printed = linux.run("swift", "test", "--skip-build", "--package-path", library)
    assert executed(printed) == len(re.findall(r"func test\w+\(", written)) > 10


def test_it_is_mien_on_other_and_larger_pictures(linux: SwiftLinux, library: Path) -> None:
    for name, text in vectors(ODD, seed=7, faces=200, longest=400).items():
        (library / RESOURCES / name).write_text(text, "utf-8")
    assert executed(linux.run("swift", "test", "--package-path", library)) > 10


def test_its_tests_see_what_is_not_miens(linux: SwiftLinux, library: Path) -> None:
    faces = json.loads(vectors(ODD)["Faces.json"])
    first, second, third = faces["faces"][:3]
    first["crop"], second["score"], third["label"] = second["crop"], 7, "another"
    (library / RESOURCES / "Faces.json").write_text(json.dumps(faces), "utf-8")
    film = json.loads(vectors(ODD)["Film.json"])
    film["frames"][40]["time"] += 0.02
    (library / RESOURCES / "Film.json").write_text(json.dumps(film), "utf-8")
    with pytest.raises(AssertionError) as failed:
        linux.run("swift", "test", "--package-path", library)
    assert set(re.findall(r"Test Case '\w+\.(\w+)' failed", str(failed.value))) == {
        "testTheCropIsMiensWithinOneGreyLevel",
        "testQualityIsMiens",
        "testLabelAndDoubtAreMiens",
        "testFacesAreFollowedAndSmoothedAsMienDoes",
    }


@pytest.mark.parametrize("file", CORE, ids=lambda file: file.name)
def test_the_core_needs_foundation_alone(file: Path) -> None:
    assert set(re.findall(r"^(?:@\w+ )?import (\w+)", file.read_text("utf-8"), re.M)) <= {"Foundation"}


def test_the_vectors_are_cases_of_every_kind() -> None:
    made = {name: json.loads(text) for name, text in vectors(["a", "b", "c"]).items()}
    faces, frames = made["Faces.json"]["faces"], made["Film.json"]["frames"]
    assert {face["channels"] for face in faces} == {1, 4} and {face["label"] for face in faces} == {"a", "b", "c"}
    doubts = {face["doubt"] for face in faces}
    assert len(doubts) > 4 and "" in doubts and any(" or " in doubt for doubt in doubts)
    assert [outline["points"] for outline in made["Outlines.json"]["outlines"]].count(None) == 2
    told = [each for frame in frames for each in frame["told"]]
    assert {"", "too dark"} < {each["doubt"] for each in told}
    assert max(each["id"] for each in told) > 2, "one came back as another"
