"""The kit's core, which needs Foundation alone: built and tested as who unzips the bundle does, and held against Mien's
own crop, labels, tracks, quality and doubt.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.training.export.made_bundles import ODD, unzipped_sources
from tests.training.export.swift_linux import SwiftLinux, swift_linux
from training.export.bundle import SWIFT
from training.export.swift_vectors import vectors

CORE = sorted((SWIFT / "Sources/MienCore").glob("*.swift"))
RESOURCES = ".build/debug/Mien_MienCoreTests.resources"
"""Where the built tests read their vectors."""


@pytest.fixture(scope="module")
def linux() -> SwiftLinux:
    return swift_linux()


@pytest.fixture(scope="module")
def library(linux: SwiftLinux, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The Swift package of an unzipped bundle, built with its tests."""
    with linux.folder(unzipped_sources(tmp_path_factory.mktemp("bundle"), ODD)) as folder:
        linux.run("swift", "build", "--build-tests", "-Xswiftc", "-warnings-as-errors", "--package-path", folder)
        yield folder


@pytest.mark.timeout(1200)
def test_its_own_tests_pass_as_it_is_downloaded(linux: SwiftLinux, library: Path) -> None:
    written = " ".join(file.read_text("utf-8") for file in (library / "Tests/MienCoreTests").glob("*.swift"))
    printed = linux.run("swift", "test", "--skip-build", "--package-path", library)
    *_, (tests, failures) = re.findall(r"Executed (\d+) tests?, with (\d+) failures", printed)
    assert int(tests) == len(re.findall(r"func test\w+\(", written)) > 10 and failures == "0", printed


@pytest.mark.timeout(1200)
def test_of_other_pictures_its_tests_see_what_is_not_miens_and_that_alone(linux: SwiftLinux, library: Path) -> None:
    made = {name: json.loads(text) for name, text in vectors(ODD, seed=7).items()}
    first, second, third, fourth = made["Faces.json"]["faces"][:4]
    first["crop"], second["score"], third["label"], fourth["doubt"] = second["crop"], 7, "another", "for no reason"
    next(frame for frame in made["Film.json"]["frames"][40:] if frame["told"])["told"][0]["box"][0] += 1
    for name, content in made.items():
        (library / RESOURCES / name).write_text(json.dumps(content), "utf-8")
    with pytest.raises(AssertionError) as failed:
        linux.run("swift", "test", "--skip-build", "--package-path", library)
    assert Counter(re.findall(r"error: \w+\.(\w+) :", str(failed.value))) == {
        "testTheCropIsMiensWithinOneGreyLevel": 1,
        "testQualityIsMiens": 1,
        "testLabelAndDoubtAreMiens": 2,
        "testFacesAreFollowedAndSmoothedAsMienDoes": 1,
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
